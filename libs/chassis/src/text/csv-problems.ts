import { defineProblem } from '@quen/messaging';

export const csvNotUtf8 = defineProblem('invalid', 'import_not_utf8', {
  en: 'The file is not in UTF-8 (first wrong byte at {offset}). In Excel choose "CSV UTF-8 (Comma delimited)" when saving.',
  vi: 'Tệp không ở dạng UTF-8 (byte sai đầu tiên ở vị trí {offset}). Trong Excel hãy lưu bằng "CSV UTF-8 (Comma delimited)".',
});
export const csvEmpty = defineProblem('invalid', 'csv_empty', {
  en: 'The file holds no header row.',
  vi: 'Tệp không có dòng tiêu đề.',
});
export const csvDuplicateColumn = defineProblem('invalid', 'csv_duplicate_column', {
  en: 'The column {column} appears twice.',
  vi: 'Cột {column} xuất hiện hai lần.',
});
export const csvTooManyColumns = defineProblem('unprocessable', 'csv_too_many_columns', {
  en: 'The header has more than {limit} columns, or is longer than a header is read.',
  vi: 'Dòng tiêu đề có quá {limit} cột, hoặc dài hơn mức được đọc.',
});
export const csvTooManyRows = defineProblem('too_large', 'csv_too_many_rows', {
  en: 'The file has more than {limit} rows; nothing behind line {line} was read. Split it.',
  vi: 'Tệp có quá {limit} dòng dữ liệu; phần sau dòng {line} không được đọc. Hãy tách tệp.',
});
export const csvTooSlow = defineProblem('unprocessable', 'csv_too_slow', {
  en: 'Reading the file took more than {seconds} s and was ended at line {line}. Split it.',
  vi: 'Đọc tệp mất quá {seconds} giây và đã dừng ở dòng {line}. Hãy tách tệp.',
});
