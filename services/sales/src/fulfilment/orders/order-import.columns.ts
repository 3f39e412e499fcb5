import {
  codeOf,
  column,
  ColumnSet,
  day,
  isPlaceholderName,
  money,
  quantity,
  textColumn as text,
  type CellRead,
  type Columns,
  type FaultTexts,
} from '@quen/chassis';
import { earliestDay } from '@quen/events';

// A thousand such lines still add up to fewer digits than an amount may have, so that no sum of a customer's is refused
// elsewhere.
const largestAmount = '1000000000000';

const codeAsKept = (typed: string): CellRead<string> => ({ value: codeOf(typed) });
const amount = { signed: true, most: largestAmount };
const signedQuantity = quantity({ signed: true });

/** What a history of orders holds: a row is a line of an order, or with a quantity below zero goods that came back. */
export const orderColumns = new ColumnSet({
  customerCode: column(codeAsKept, {
    need: 'required',
    blank: isPlaceholderName,
    headings: ['customer', 'Mã khách hàng', 'Mã KH', 'Mã khách'],
  }),
  orderCode: text({
    need: 'required',
    most: 60,
    blank: isPlaceholderName,
    headings: ['order', 'order no', 'Mã đơn hàng', 'Mã đơn', 'Số đơn hàng', 'Đơn hàng', 'Số chứng từ'],
  }),
  date: day({
    need: 'required',
    earliest: earliestDay,
    headings: ['order date', 'Ngày', 'Ngày đặt', 'Ngày đặt hàng', 'Ngày bán', 'Ngày chứng từ'],
  }),
  productCode: column(codeAsKept, {
    need: 'required',
    blank: isPlaceholderName,
    headings: ['product', 'SKU', 'Mã sản phẩm', 'Mã SP', 'Mã hàng'],
  }),
  quantity: column(
    (typed, at) => {
      const read = signedQuantity.read(typed, at);
      return 'value' in read && Number(read.value) === 0 ? { fault: 'quantity_zero' } : read;
    },
    { need: 'required', headings: ['qty', 'Số lượng', 'SL'] },
  ),
  amount: money({ ...amount, need: 'required', headings: ['Thành tiền', 'Số tiền', 'line total'] }),
  // A profit that is computed from another cost than the file says would be wrong without a word.
  cost: money({ ...amount, need: 'key', headings: ['Giá vốn', 'Tiền vốn'] }),
} satisfies Columns);

export type OrderColumns = (typeof orderColumns)['columns'];

/** Texts of the codes that a history of orders has of its own. */
export const orderFaults = {
  quantity_zero: {
    en: 'must be a number other than zero, with at most 4 decimals; below zero for a return',
    vi: 'phải là số khác 0, tối đa 4 số lẻ; số âm nếu là hàng trả lại',
  },
  amount_negative: { en: 'may be below zero only for a return', vi: 'chỉ được âm khi là hàng trả lại' },
  order_not_taken: { en: 'its order was not taken', vi: 'đơn hàng của dòng này không được nhận' },
  order_unknown: { en: 'there is no such order to return from', vi: 'không có đơn hàng này để trả hàng' },
  order_code_taken: { en: 'there is an order with this code already', vi: 'đã có đơn hàng mã này' },
  too_many_lines: { en: 'has more than {most} lines', vi: 'có hơn {most} dòng hàng' },
  other_line_failed: { en: 'another line of this order failed', vi: 'dòng khác của đơn hàng này bị lỗi' },
  customer_unknown: { en: 'no customer has this code', vi: 'không có khách hàng mã này' },
  customer_differs: {
    en: "is not that of the order's first line, {code}",
    vi: 'khác với khách hàng ở dòng đầu của đơn, {code}',
  },
  customer_of_other_order: { en: 'is not the customer of the order', vi: 'không phải khách hàng của đơn hàng' },
  product_unknown: { en: 'no product has this code', vi: 'không có sản phẩm mã này' },
  product_not_in_order: { en: 'is not in the order', vi: 'không có trong đơn hàng' },
} as const satisfies FaultTexts;
