import { visible } from '../text/visible.js';

/** Numbers of a cell, and what else stands in it. */
export interface ContactsRead<T> {
  values: T[];
  /** Extensions, names, and pieces that are no number. */
  left: string[];
}

const label =
  /^(tel|phone|mobile|mob|cell|hotline|zalo|fax|viber|whatsapp|đt|dt|đtdđ|dtdd|sđt|sdt|số|di động|điện thoại|nhà riêng|cq|nr|dđ|dd|home|work|office)[\s.]*(\d(?!\d))?\s*[:.=]\s*/i;
const extension =
  /[\s,]*(?:(?<!\p{L})(?:ext(?:ension)?\.?|máy lẻ|may le|số lẻ|nội bộ|nb|ml|x)(?!\p{L})|#)\s*[:.]?\s*(\d{1,6})\s*$/iu;
const separators = /[;|/\\\n\t&]|\s(?:hoặc|hoac|hay|or|và|va|and)\s|\s[-–—]\s|,\s*(?=[+0(]|\d{2})/i;

/**
 * Phone numbers as people type them into one cell: several, with labels, extensions and names. What is no number is
 * told as left over.
 * @param read one number, without words
 */
export function readPhones<T>(typed: string, read: (one: string) => T | undefined): ContactsRead<T> {
  const [values, left]: [T[], string[]] = [[], []];
  const text = visible(typed).replace(/^'/, '');
  const whole = read(text);
  if (whole !== undefined) return { values: [whole], left };
  // In brackets stands a remark, or the number of a city.
  const remarks = [...text.matchAll(/\(([^()]*)\)/g)].filter(([, inside]) => /\p{L}/u.test(inside ?? ''));
  const outside = remarks.reduce((rest, [remark]) => rest.replace(remark, ' '), text);
  for (const piece of outside.split(separators)) {
    const part = piece.trim();
    if (part !== '') readPiece(part, read, values, left);
  }
  left.push(...remarks.map(([, inside]) => (inside ?? '').trim()));
  return { values, left };
}

function readPiece<T>(piece: string, read: (one: string) => T | undefined, values: T[], left: string[]): void {
  let part = piece.replace(label, '');
  const [ending, digits] = extension.exec(part) ?? [];
  if (ending !== undefined && digits !== undefined && /\d{7}/.test(part.replace(ending, '').replace(/\D/g, ''))) {
    part = part.slice(0, -ending.length);
    left.push(`ext ${digits}`);
  }
  const words = part.match(/[^\d\s+().-][^\d+(]*/gu) ?? [];
  const numbers = words
    .reduce((rest, word) => rest.replace(word, ' '), part)
    .replace(/[:.\s-]+$/, '')
    .trim();
  const found = read(numbers);
  // Numbers that nothing but a blank or a dash parts.
  const several = found === undefined ? numbers.split(/\s+|-(?=0)/).map(read) : [];
  if (found !== undefined) values.push(found);
  else if (several.length > 1 && several.every((each) => each !== undefined)) values.push(...(several as T[]));
  else {
    left.push(piece);
    return;
  }
  left.push(...words.map((word) => word.trim()).filter((word) => /[\p{L}\d]/u.test(word)));
}

/** Addresses of a cell, with or without the name that a mail program puts before them. */
export function readEmails(typed: string, read: (one: string) => string | undefined): ContactsRead<string> {
  const [values, left]: [string[], string[]] = [[], []];
  const named = [...typed.matchAll(/<([^<>]+)>/g)].map(([, inside]) => inside ?? '');
  const parts = named.length > 0 ? named : typed.replace(/\bmailto:/gi, '').split(/[;,|\s]+|\/(?=\S+@)/);
  for (const part of parts.map((each) => each.trim()).filter(Boolean)) {
    const address = read(part.replace(/^mailto:/i, ''));
    if (address === undefined) left.push(part);
    else if (!values.includes(address)) values.push(address);
  }
  return { values, left };
}
