import { fold } from '../text/fold.js';

/** What people and programs write into a cell of which they know nothing; folded. */
const everywhere = new Set(
  `n/a n.a n.a. #n/a #na na/na null (null) #null! nil undefined nan #value! #ref! #name? #div/0! #num! tbd tba tbc
  - -- --- — – _ __ . .. ... … ? ?? ??? / // \\ * ** (trong) (blank) (none) [trong] <null>`.split(/\s+/),
);
const phrases = new Set([
  'khong co',
  'ko co',
  'k co',
  'khong',
  'ko',
  'chua co',
  'chua ro',
  'chua biet',
  'chua cap nhat',
  'chua xac dinh',
  'khong ro',
  'khong biet',
  'khong xac dinh',
  'khong cung cap',
  'dang cap nhat',
  'cap nhat sau',
  'bo trong',
  'de trong',
  'trong',
  'rong',
  'none',
  'not available',
  'not applicable',
  'unknown',
  'no data',
  'no',
  '(khong co)',
  '(khong)',
  '(none)',
]);

/**
 * Most cells are told at a glance. A long one says something, and so does one with a digit that is no error of a
 * spreadsheet.
 */
const tells = (text: string): boolean => text.length > 24 || (/\d/.test(text) && !text.startsWith('#'));

/** Whether a cell only says that there is nothing to say. */
export function isPlaceholder(text: string): boolean {
  if (tells(text)) return false;
  const word = fold(text);
  return everywhere.has(word) || phrases.has(word) || word === 'na' || /^[-–—_.?…\s]+$/.test(word);
}

/** The same of a name, where `Na` is one. */
export function isPlaceholderName(text: string): boolean {
  if (tells(text)) return false;
  const word = fold(text);
  return everywhere.has(word) || word === 'khong co' || word === 'khong co ten' || /^[-–—_.?…\s]+$/.test(word);
}
