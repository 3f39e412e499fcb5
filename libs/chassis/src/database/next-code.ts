import type { Transaction } from '@quen/messaging';
import { momentOf } from '../time/moment.js';
import { rows } from './rows.js';

/** How a kind of record is numbered. */
export interface Numbering {
  /** Sequence of the database that counts. */
  sequence: string;
  /**
   * Form of a code. `{yy}` is the firm's year. Zeros in braces are the number, padded to so many digits; a larger
   * number takes the digits that it needs. `DH{yy}-{000000}` makes `DH26-000042`.
   */
  form: string;
}

/** The next code of a kind of record. Numbers may have gaps: a number that was rolled back is not given again. */
export async function nextCode(tx: Transaction, numbering: Numbering): Promise<string> {
  return (await nextCodes(tx, numbering, 1))[0]!;
}

/** The next codes of a kind of record, so many, in one round trip. */
export async function nextCodes(tx: Transaction, { sequence, form }: Numbering, count: number): Promise<string[]> {
  const taken = await rows<{ n: string }>(
    tx,
    'select nextval($1::text::regclass)::text as n from generate_series(1, $2::int)',
    [sequence, count],
  );
  return taken.map(({ n }) => formatCode(form, n, momentOf(tx).today));
}

/** A code in a form of {@link Numbering}. */
export function formatCode(form: string, number: string | number, today: string): string {
  return form
    .replace('{yy}', today.slice(2, 4))
    .replace(/\{(0+)\}/, (_, zeros: string) => String(number).padStart(zeros.length, '0'));
}
