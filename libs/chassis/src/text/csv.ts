import { stringify } from 'csv-stringify/sync';

const mark = '\ufeff';

/**
 * Writes rows as CSV for spreadsheets: UTF-8 with byte order mark, CRLF. A text that a spreadsheet would take for a
 * formula
 * (it begins with = + - @, tab or carriage return) is preceded by an apostrophe, except plain numbers and phone
 * numbers; a reader takes it off again.
 */
export function writeCsv(columns: readonly string[], rows: readonly Record<string, unknown>[]): Buffer {
  return Buffer.concat([csvHeader(columns), csvRows(columns, rows)]);
}

/** The beginning of a file that is written piece by piece. */
export function csvHeader(columns: readonly string[]): Buffer {
  return Buffer.from(`${mark}${stringify([columns.map(guard)], { record_delimiter: 'windows' })}`, 'utf8');
}

/** Rows to follow {@link csvHeader}. */
export function csvRows(columns: readonly string[], rows: readonly Record<string, unknown>[]): Buffer {
  return Buffer.from(
    stringify(
      rows.map((row) => columns.map((column) => guard(asText(row[column])))),
      { record_delimiter: 'windows' },
    ),
    'utf8',
  );
}

const formula = /^[=+\-@\t\r]/;
const harmless = /^[+-]?[\d\s().,-]+$/;

function guard(value: string): string {
  return formula.test(value) && !harmless.test(value) ? `'${value}` : value;
}

function asText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
