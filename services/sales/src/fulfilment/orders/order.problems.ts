import { defineProblem } from '@quen/messaging';

export const orderWithoutLines = defineProblem('unprocessable', 'order_without_lines', {
  en: 'An order needs at least one line.',
  vi: 'Đơn hàng cần ít nhất một dòng.',
});
export const orderNotDraft = defineProblem('conflict', 'order_not_draft', {
  en: 'Order {code} is {status}; only a draft can do this. Corrections are new facts.',
  vi: 'Đơn hàng {code} đang ở trạng thái {status}; chỉ bản nháp mới làm được. Điều chỉnh là sự kiện mới.',
});
export const orderNotConfirmed = defineProblem('conflict', 'order_not_confirmed', {
  en: 'Order {code} is {status}; confirm it first.',
  vi: 'Đơn hàng {code} đang ở trạng thái {status}; hãy xác nhận trước.',
});
export const lineUnknown = defineProblem('unprocessable', 'line_unknown', {
  en: 'Order {code} has no line {line}.',
  vi: 'Đơn hàng {code} không có dòng {line}.',
});
export const lineTwice = defineProblem('unprocessable', 'line_twice', {
  en: 'Line {line} is there twice.',
  vi: 'Dòng {line} xuất hiện hai lần.',
});
export const deliveryBeyondOrdered = defineProblem('unprocessable', 'delivery_beyond_ordered', {
  en: 'Line {line}: at most {open} can still be delivered, not {quantity}.',
  vi: 'Dòng {line}: chỉ còn giao được {open}, không phải {quantity}.',
});
export const returnBeyondDelivered = defineProblem('unprocessable', 'return_beyond_delivered', {
  en: 'Line {line}: at most {open} can still come back, not {quantity}.',
  vi: 'Dòng {line}: chỉ còn trả được {open}, không phải {quantity}.',
});
export const nothingToDeliver = defineProblem('unprocessable', 'nothing_to_deliver', {
  en: 'Everything in order {code} was delivered already.',
  vi: 'Đơn hàng {code} đã giao đủ.',
});
export const invoiceBeyondTotal = defineProblem('unprocessable', 'invoice_beyond_total', {
  en: 'At most {open} {currency} of order {code} can still be invoiced.',
  vi: 'Chỉ còn xuất hóa đơn được {open} {currency} cho đơn hàng {code}.',
});
export const paymentBeyondDue = defineProblem('unprocessable', 'payment_beyond_due', {
  en: 'At most {open} {currency} of order {code} is still due.',
  vi: 'Đơn hàng {code} chỉ còn phải trả {open} {currency}.',
});
export const otherCurrency = defineProblem('unprocessable', 'other_currency', {
  en: 'The order is in {currency}.',
  vi: 'Đơn hàng tính bằng {currency}.',
});
export const amountNotPositive = defineProblem('unprocessable', 'amount_not_positive', {
  en: 'The amount must be more than zero.',
  vi: 'Số tiền phải lớn hơn 0.',
});
export const dueBeforeIssue = defineProblem('unprocessable', 'due_before_issue', {
  en: 'An invoice is due on or after the day of issue.',
  vi: 'Hạn thanh toán không được trước ngày xuất hóa đơn.',
});
export const returnBeforeDelivery = defineProblem('unprocessable', 'return_before_delivery', {
  en: 'Line {line}: {quantity} cannot have come back on {day}, as that much was not delivered by then.',
  vi: 'Dòng {line}: không thể trả {quantity} vào ngày {day} vì đến ngày đó chưa giao đủ.',
});
export const returnBeyondTotal = defineProblem('unprocessable', 'return_beyond_total', {
  en: 'Order {code} was worth {total} {currency}, of which {credited} were credited: {amount} more cannot be.',
  vi: 'Đơn hàng {code} trị giá {total} {currency}, đã ghi giảm {credited}: không thể ghi giảm thêm {amount}.',
});
export const paymentTwice = defineProblem('conflict', 'payment_twice', {
  en: 'Payment {reference} by {method} was taken for order {code} already.',
  vi: 'Khoản thanh toán {reference} qua {method} đã được ghi cho đơn hàng {code}.',
});
export const orderContradictsOrigin = defineProblem('unprocessable', 'order_contradicts_origin', {
  en: '{field} is not that of the {origin} which the order comes from.',
  vi: '{field} không khớp với {origin} mà đơn hàng dựa vào.',
});
export const linesOfQuote = defineProblem('unprocessable', 'lines_of_quote', {
  en: 'An accepted quote is ordered as it stands: leave out the lines, or make a new revision of the quote.',
  vi: 'Báo giá đã được chấp nhận thì đặt đúng như báo giá: hãy bỏ các dòng hàng, hoặc lập bản báo giá mới.',
});
export const orderBeforeQuote = defineProblem('unprocessable', 'order_before_quote', {
  en: 'Quote {code} was issued on {issuedOn}: it cannot have been ordered on {day}.',
  vi: 'Báo giá {code} phát hành ngày {issuedOn}: không thể đặt hàng ngày {day}.',
});
