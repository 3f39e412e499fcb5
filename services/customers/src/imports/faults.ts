import type { Language } from '@quen/messaging';

/** Why a row was refused; the codes never change, the texts go into the failed-rows file. */
export const faultTexts = {
  unclosed_quote: {
    en: 'A quotation mark on this line is never closed',
    vi: 'Dấu ngoặc kép mở ở dòng này không được đóng lại',
  },
  too_few_cells: { en: 'The row has fewer cells than the header', vi: 'Dòng có ít ô hơn dòng tiêu đề' },
  too_many_cells: { en: 'The row has more cells than the header', vi: 'Dòng có nhiều ô hơn dòng tiêu đề' },
  character_unreadable: { en: 'The row holds a character that cannot be read', vi: 'Dòng có ký tự không đọc được' },
  cell_too_long: { en: 'A cell is longer than is read', vi: 'Có ô dài hơn mức được đọc' },
  row_too_long: { en: 'The row is longer than is read', vi: 'Dòng dài hơn mức được đọc' },
  too_many_contacts: {
    en: 'A customer has at most 20 phones and 20 e-mail addresses',
    vi: 'Mỗi khách hàng có tối đa 20 số điện thoại và 20 địa chỉ email',
  },
  not_written: {
    en: 'The row could not be written, for a reason on our side; tell us the time of the import',
    vi: 'Dòng không ghi được do lỗi phía hệ thống; hãy báo thời điểm nhập cho chúng tôi',
  },
  name_missing: { en: 'There is no name', vi: 'Thiếu tên khách hàng' },
  key_missing: {
    en: 'There is no code, phone, e-mail, tax code or citizen id by which the customer could be recognised',
    vi: 'Không có mã, điện thoại, email, mã số thuế hay CCCD để nhận ra khách hàng',
  },
  phone_invalid: { en: 'This is no phone number', vi: 'Số điện thoại không hợp lệ' },
  email_invalid: { en: 'This is no e-mail address', vi: 'Địa chỉ email không hợp lệ' },
  tax_code_invalid: { en: 'A tax code has 10, 12 or 13 digits', vi: 'Mã số thuế phải có 10, 12 hoặc 13 chữ số' },
  citizen_id_invalid: { en: 'A citizen id has 12 digits', vi: 'Số CCCD phải có 12 chữ số' },
  citizen_id_forbidden: {
    en: 'A tax code of 12 digits is a citizen id, which you may not enter by file',
    vi: 'Mã số thuế 12 chữ số là số CCCD, bạn không được nhập từ tệp',
  },
  date_invalid: {
    en: 'This is no day of the calendar up to today (day/month/year or year-month-day)',
    vi: 'Ngày không có thật hoặc ở tương lai (ngày/tháng/năm hoặc năm-tháng-ngày)',
  },
  value_unknown: { en: 'This value is not known for the column', vi: 'Giá trị không có trong danh sách của cột này' },
  number_invalid: { en: 'This is no amount in đồng', vi: 'Số tiền không hợp lệ' },
  text_too_long: { en: 'The text is too long', vi: 'Nội dung quá dài' },
  formula_cell: { en: 'The cell looks like a spreadsheet formula', vi: 'Ô trông như một công thức bảng tính' },
  branch_unknown: { en: 'There is no branch with this code', vi: 'Không có chi nhánh với mã này' },
  branch_forbidden: {
    en: 'You may not enter customers for this branch',
    vi: 'Bạn không được nhập khách hàng cho chi nhánh này',
  },
  match_hidden: {
    en: 'The customer is already there in a branch that you may not see',
    vi: 'Khách hàng đã có ở một chi nhánh mà bạn không được xem',
  },
  match_ambiguous: {
    en: 'The keys of this row belong to different customers',
    vi: 'Các khóa trong dòng này thuộc về những khách hàng khác nhau',
  },
  id_differs: {
    en: 'The matching customer has another tax code or citizen id',
    vi: 'Khách hàng trùng khóa có mã số thuế hoặc CCCD khác',
  },
  not_found: { en: 'There is no such customer to update', vi: 'Không tìm thấy khách hàng để cập nhật' },
  code_taken: { en: 'Another customer has this code', vi: 'Mã khách hàng này đã được dùng' },
} as const satisfies Record<string, Record<Language, string>>;

export type FaultCode = keyof typeof faultTexts;

/** What is wrong with one cell or, without a field, with the whole row. */
export interface RowFault {
  /** Header of the column. */
  field: string;
  code: FaultCode;
}

export function faultText(fault: FaultCode, language: Language): string {
  return faultTexts[fault][language];
}
