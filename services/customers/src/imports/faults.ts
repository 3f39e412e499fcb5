import type { FaultTexts } from '@quen/chassis';

/** Why a row of a customer list was refused, beside what every import knows. */
export const faultTexts = {
  too_many_contacts: {
    en: 'A customer has at most 20 phones and 20 e-mail addresses',
    vi: 'Mỗi khách hàng có tối đa 20 số điện thoại và 20 địa chỉ email',
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
} as const satisfies FaultTexts;

/** A code of this import's own. */
export type FaultCode = keyof typeof faultTexts;
