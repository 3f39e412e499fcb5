import { visible } from '@quen/chassis';
import { PhoneNumber } from '@quen/events';

/**
 * Numbers that a Vietnamese network can have: landlines (2…), mobiles (3, 5, 7, 8, 9…), service numbers (1800, 1900).
 */
const vietnamese = /^\+84(2\d{9}|[35789]\d{8}|1[89]00\d{4,6})$/;
/** What a spreadsheet makes of a long number; its last digits are lost. */
const scientific = /\d[.,]\d+E\+?\d+/i;

/**
 * Reads one phone number as people type it. Stricter than {@link PhoneNumber.parse}: refuses what is long enough
 * but can be no Vietnamese number (`0000000000`) and numbers that a spreadsheet has rounded (`8,49E+10`).
 */
export function readPhone(typed: string): PhoneNumber | undefined {
  if (scientific.test(typed) || /\p{L}/u.test(typed)) return undefined;
  const phone = PhoneNumber.parse(visible(typed));
  if (!phone || (phone.e164.startsWith('+84') && !vietnamese.test(phone.e164))) return undefined;
  return phone;
}

/** An e-mail address in the form in which two of them are compared: trimmed, NFKC, lower case. */
export function normalEmail(typed: string): string {
  return visible(typed).normalize('NFKC').trim().toLowerCase();
}

/** Phones of both lists, the first list's first, each number once. */
export function joinPhones(first: PhoneNumber[], second: PhoneNumber[]): PhoneNumber[] {
  const known = new Set(first.map((phone) => phone.e164));
  return [...first, ...second.filter((phone) => !known.has(phone.e164) && known.add(phone.e164))];
}
