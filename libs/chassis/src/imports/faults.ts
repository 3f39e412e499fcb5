import type { Language, ProblemParams } from '@quen/messaging';

/** Texts by code; the codes never change, the texts go into the file of failed rows. */
export type FaultTexts = Readonly<Record<string, Readonly<Record<Language, string>>>>;

/** What is wrong with one cell or, without a field, with the whole row. */
export interface RowFault {
  /** Header of the column. */
  field: string;
  code: string;
  /** Values for the text. */
  params?: ProblemParams;
  /** A text of its own, where the code's owner is not the import. */
  texts?: Readonly<Record<Language, string>>;
}

/** A cell that was not taken, or not wholly, of a row that was. */
export interface CellWarning {
  field: string;
  code: string;
  /** What stands there. */
  text: string;
}

/** Texts of the codes that every import knows. */
export const commonFaults = {
  unclosed_quote: {
    en: 'a quotation mark on this line is never closed',
    vi: 'dấu ngoặc kép mở ở dòng này không được đóng lại',
  },
  too_many_cells: { en: 'the row has more cells than the header', vi: 'dòng có nhiều ô hơn dòng tiêu đề' },
  character_unreadable: { en: 'holds a character that cannot be read', vi: 'có ký tự không đọc được' },
  cell_too_long: { en: 'a cell is longer than is read', vi: 'có ô dài hơn mức được đọc' },
  row_too_long: { en: 'the row is longer than is read', vi: 'dòng dài hơn mức được đọc' },
  not_written: {
    en: 'could not be written, for a reason on our side; tell us the time of the import',
    vi: 'không ghi được do lỗi phía hệ thống; hãy báo thời điểm nhập cho chúng tôi',
  },
  group_too_large: { en: 'has more than {most} rows', vi: 'có hơn {most} dòng' },
  missing: { en: 'is missing', vi: 'còn thiếu' },
  date_invalid: {
    en: 'must be a day of the calendar, YYYY-MM-DD or DD/MM/YYYY',
    vi: 'phải là ngày có thật, dạng ngày/tháng/năm hoặc năm-tháng-ngày',
  },
  day_is_year: { en: 'is a year, not a day', vi: 'chỉ có năm, không có ngày' },
  day_in_future: { en: 'lies in the future', vi: 'là ngày chưa tới' },
  day_too_early: { en: 'lies before {earliest}', vi: 'trước ngày {earliest}' },
  number_invalid: {
    en: 'must be a number, such as 1500000 or 1.500.000; VND has no decimals',
    vi: 'phải là số, ví dụ 1500000 hoặc 1.500.000; đồng không có số lẻ',
  },
  number_unclear: {
    en: 'can be read in two ways: write it without a mark of thousands',
    vi: 'có thể hiểu theo hai cách: hãy viết không có dấu phân cách hàng nghìn',
  },
  number_too_large: { en: 'is more than {most}', vi: 'lớn hơn {most}' },
  number_negative: { en: 'must not be below zero', vi: 'không được âm' },
  value_unknown: { en: 'is none of the values of this column', vi: 'không có trong danh sách của cột này' },
  text_too_long: { en: 'is longer than {most} characters', vi: 'dài hơn {most} ký tự' },
  code_invalid: { en: 'must be a code without blanks', vi: 'phải là mã không có khoảng trắng' },
  placeholder: { en: 'says that nothing is known', vi: 'ghi là chưa có thông tin' },
  partly_read: { en: 'was read in part', vi: 'chỉ đọc được một phần' },
} as const satisfies FaultTexts;

/** The text of a fault in a language. */
export function faultText({ code, params = {}, texts: own }: RowFault, texts: FaultTexts, language: Language): string {
  const text = own ?? texts[code] ?? (commonFaults as FaultTexts)[code];
  return (text?.[language] ?? code).replace(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? ''));
}
