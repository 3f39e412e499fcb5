import { Decimal } from 'decimal.js';
import { fold } from '../text/fold.js';

/** A decimal text, or the code of what keeps the text from being one. */
export type NumberRead = { number: string } | { fault: 'number_invalid' | 'number_unclear' };

const currency = /^(vnd|d|₫|dong)\s*|\s*(vnd|d|₫|dong|viet nam dong)\.?$/g;
/** Words and letters for thousands, as people type amounts. */
const scales: readonly [RegExp, number][] = [
  [/\s*(k|nghin|ngan)$/, 1_000],
  [/\s*(tr|trieu)$/, 1_000_000],
  [/\s*(ty|ti)$/, 1_000_000_000],
];

/**
 * A number with its marks: `1.500.000`, `1,500,000.00`, `1 500 000`, `2,5`, `(1.500)` below zero, `1.5E+06`.
 * @param thousands what a single mark before three digits is: of thousands, or unclear
 */
export function readNumber(typed: string, thousands: 'thousands' | 'unclear'): NumberRead {
  const text = typed.replace(/[\s\u00a0\u202f'’]/g, '').replace(/[−–]/g, '-');
  const [, opened, sign, body, closed] = /^(\()?([+-])?([\d.,]+(?:[eE][+-]?\d{1,2})?)(\))?$/.exec(text) ?? [];
  if (body === undefined || (opened === undefined) !== (closed === undefined)) return { fault: 'number_invalid' };
  const plain = /e/i.test(body) ? exponent(body) : separated(body, thousands);
  if (typeof plain !== 'string') return plain;
  const [whole = ''] = plain.split('.');
  if (whole.length > 20) return { fault: 'number_invalid' };
  const number = new Decimal(plain).toFixed();
  return { number: (sign === '-' || opened !== undefined) && number !== '0' ? `-${number}` : number };
}

/** Digits with marks as a plain decimal. */
function separated(body: string, thousands: 'thousands' | 'unclear'): string | NumberRead {
  if (/^\d+$/.test(body)) return body;
  const marks = [...new Set(body.replace(/\d/g, ''))];
  const [first = '', second] = marks;
  if (second !== undefined) {
    // Two kinds of marks: the last one, which stands once, is that of decimals.
    const last = body.lastIndexOf(second);
    const [whole, decimals] = [body.slice(0, last), body.slice(last + 1)];
    const grouped = new RegExp(`^\\d{1,3}(\\${first}\\d{3})+$`).test(whole);
    return marks.length === 2 && grouped && /^\d+$/.test(decimals)
      ? `${whole.replaceAll(first, '')}.${decimals}`
      : { fault: 'number_invalid' };
  }
  if (new RegExp(`^\\d{1,3}(\\${first}\\d{3}){2,}$`).test(body)) return body.replaceAll(first, '');
  const [whole = '', decimals = '', ...rest] = body.split(first);
  if (rest.length > 0 || whole === '' || decimals === '') return { fault: 'number_invalid' };
  if (decimals.length !== 3 || /^0+$/.test(whole)) return `${whole}.${decimals}`;
  // Three digits behind a mark: thousands, three decimals, or a slip.
  if (thousands === 'unclear' || whole.length > 3 || whole.startsWith('0')) return { fault: 'number_unclear' };
  return whole + decimals;
}

function exponent(body: string): string | NumberRead {
  const number = /^\d+([.,]\d+)?e/i.test(body) ? new Decimal(body.replace(',', '.')) : undefined;
  return number && number.lessThan('1e20') ? number.toFixed() : { fault: 'number_invalid' };
}

/**
 * An amount in đồng, which has no parts: `1500000`, `1.500.000 ₫`, `1,500,000.00`, `VND 1 500 000`, `1,5 triệu`.
 * A mark before three digits is one of thousands.
 */
export function readDong(typed: string): NumberRead {
  let text = fold(typed).replace(currency, '').trim();
  const scale = scales.find(([pattern]) => pattern.test(text));
  if (scale) text = text.replace(scale[0], '');
  const read = readNumber(text, 'thousands');
  if ('fault' in read) return read;
  // Nobody can tell whether `1.234 triệu` is 1,234 or 1.234 million.
  if (scale && /^\D*\d{1,3}[.,]\d{3}\D*$/.test(text)) return { fault: 'number_unclear' };
  const amount = new Decimal(read.number).times(scale?.[1] ?? 1);
  return amount.isInteger() ? { number: amount.toFixed() } : { fault: 'number_invalid' };
}

/** A quantity with at most so many decimals; `1.500` may be 1500 or 1.5, so nothing is taken of it. */
export function readQuantity(typed: string, decimals = 4): NumberRead {
  const read = readNumber(typed, 'unclear');
  if ('fault' in read) return read;
  return new Decimal(read.number).decimalPlaces() <= decimals ? read : { fault: 'number_invalid' };
}
