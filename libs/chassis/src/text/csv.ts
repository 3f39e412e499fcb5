import { stringify } from 'csv-stringify/sync';

const mark = '\ufeff';

/**
 * Writes rows as CSV for spreadsheets: UTF-8 with byte order mark, CRLF. A text that a spreadsheet would take for a
 * formula (it begins with = + - @, tab or a line's end) is preceded by an apostrophe; numbers and phone numbers, which
 * programs read, are not: a spreadsheet computes nothing else from them. A reader takes the apostrophe off again.
 */
export function writeCsv(columns: readonly string[], rows: readonly Record<string, unknown>[]): Buffer {
  return Buffer.concat([csvHeader(columns), csvRows(columns, rows)]);
}

/** The beginning of a file that is written piece by piece. */
export function csvHeader(columns: readonly string[]): Buffer {
  return Buffer.from(`${mark}${stringify([columns.map(guard)], { record_delimiter: 'windows' })}`, 'utf8');
}

/** Cells of rows to follow {@link csvHeader}, by their place. */
export function csvCells(rows: readonly (readonly unknown[])[]): Buffer {
  return Buffer.from(
    stringify(
      rows.map((row) => row.map((cell) => guard(asText(cell)))),
      { record_delimiter: 'windows' },
    ),
    'utf8',
  );
}

/** Rows to follow {@link csvHeader}, by the columns' names. */
export function csvRows(columns: readonly string[], rows: readonly Record<string, unknown>[]): Buffer {
  return csvCells(rows.map((row) => columns.map((column) => row[column])));
}

/** With apostrophes before the sign too, so that taking one off gives back what was there. */
const formula = /^'*[=+\-@\t\r\n＝＋－＠]/;
const harmless = /^[+-]?[\d\s().,-]+$/;

function guard(value: string): string {
  return formula.test(value) && !harmless.test(value) ? `'${value}` : value;
}

function asText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
