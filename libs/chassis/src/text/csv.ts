import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { defineProblem } from '@quen/messaging';

export const csvUnreadable = defineProblem('invalid', 'csv_unreadable', {
  en: 'The file cannot be read as CSV: line {line} is malformed.',
  vi: 'Không đọc được tệp CSV: dòng {line} sai định dạng.',
});
export const csvEmpty = defineProblem('invalid', 'csv_empty', {
  en: 'The file holds no header row.',
  vi: 'Tệp không có dòng tiêu đề.',
});
export const csvDuplicateColumn = defineProblem('invalid', 'csv_duplicate_column', {
  en: 'The column {column} appears twice.',
  vi: 'Cột {column} xuất hiện hai lần.',
});

/** A CSV file as rows of text by column name. */
export interface CsvTable {
  /** Column names in the file's order, trimmed, in NFC. */
  readonly columns: string[];
  readonly rows: CsvRow[];
  readonly delimiter: string;
  readonly encoding: string;
}

/** One row; `line` is the line of the file on which it begins, the header being line 1. */
export interface CsvRow {
  readonly line: number;
  readonly values: Record<string, string>;
}

/**
 * Reads a CSV file as people's spreadsheets write it: UTF-8 with or without byte order mark, UTF-16, or windows-1258/1252;
 * comma, semicolon, tab or bar; quoted fields with line breaks; rows that are too short. Values are trimmed and in NFC.
 * @throws Problem csv_unreadable, csv_empty or csv_duplicate_column
 */
export function readCsv(file: Uint8Array): CsvTable {
  const { text: decoded, encoding } = decode(file);
  // Postgres keeps no NUL: whoever reads the rows refuses those with the mark of a character that could not be read.
  const text = decoded.replaceAll('\0', '\ufffd');
  const delimiter = guessDelimiter(text);
  const records = parseRecords(text, delimiter);
  const header = records.shift();
  if (!header || header.record.every((name) => name.trim() === '')) throw csvEmpty();
  const columns = header.record.map((name, index) => clean(name) || `column${index + 1}`);
  const twice = columns.find((name, index) => columns.indexOf(name) !== index);
  if (twice) throw csvDuplicateColumn({ column: twice });
  const rows = records.map(({ record, line }) => ({
    line,
    values: Object.fromEntries(columns.map((name, index) => [name, clean(unguard(record[index] ?? ''))])),
  }));
  return { columns, rows, delimiter, encoding };
}

/**
 * Writes rows as CSV for spreadsheets: UTF-8 with byte order mark, CRLF. A text that a spreadsheet would take for a formula
 * (it begins with = + - @, tab or carriage return) is preceded by an apostrophe, except plain numbers and phone numbers; {@link readCsv} takes it off again.
 */
export function writeCsv(columns: readonly string[], rows: readonly Record<string, unknown>[]): Buffer {
  const lines = [columns.map(guard), ...rows.map((row) => columns.map((column) => guard(asText(row[column]))))];
  return Buffer.from(`\ufeff${stringify(lines, { record_delimiter: 'windows' })}`, 'utf8');
}

function parseRecords(text: string, delimiter: string): { record: string[]; line: number }[] {
  try {
    const parsed = parse(text, { delimiter, relax_column_count: true, skip_empty_lines: true, info: true, bom: true }) as unknown as { record: string[]; info: { lines: number } }[];
    let end = 0;
    return parsed.map(({ record, info }) => {
      const breaks = record.reduce((count, value) => count + (value.match(/\n/g)?.length ?? 0), 0);
      end = Math.max(end + 1, info.lines - breaks);
      const line = end;
      end = Math.max(end, info.lines);
      return { record, line };
    }).filter(({ record }) => record.some((value) => value.trim() !== ''));
  } catch (error) {
    const line = (error as { lines?: number }).lines;
    throw csvUnreadable({ line: line ?? 1 });
  }
}

function decode(file: Uint8Array): { text: string; encoding: string } {
  const [first, second] = file;
  if (first === 0xff && second === 0xfe) return { text: new TextDecoder('utf-16le').decode(file), encoding: 'utf-16le' };
  if (first === 0xfe && second === 0xff) return { text: new TextDecoder('utf-16be').decode(file), encoding: 'utf-16be' };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(file), encoding: 'utf-8' };
  } catch {
    return { text: new TextDecoder('windows-1258').decode(file), encoding: 'windows-1258' };
  }
}

/** The candidate that splits the first line outside of quotes into most parts. */
function guessDelimiter(text: string): string {
  const counts = new Map([[',', 0], [';', 0], ['\t', 0], ['|', 0]]);
  let quoted = false;
  for (const character of text) {
    if (character === '"') quoted = !quoted;
    else if (!quoted && character === '\n') break;
    else if (!quoted && counts.has(character)) counts.set(character, (counts.get(character) ?? 0) + 1);
  }
  return [...counts].reduce((best, each) => (each[1] > best[1] ? each : best))[0];
}

function clean(value: string): string {
  return value.normalize('NFC').trim();
}

const formula = /^[=+\-@\t\r]/;
const harmless = /^[+-]?[\d\s().,-]+$/;

function guard(value: string): string {
  return formula.test(value) && !harmless.test(value) ? `'${value}` : value;
}

function unguard(value: string): string {
  return value.startsWith("'") && formula.test(value.slice(1)) ? value.slice(1) : value;
}

function asText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return value.toISOString();
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
