import { setImmediate } from 'node:timers/promises';
import { unicodeBytes } from './csv-encoding.js';
import { Lines, type Line } from './csv-lines.js';
import { csvDuplicateColumn, csvEmpty, csvTooManyColumns, csvTooManyRows, csvTooSlow } from './csv-problems.js';
import { visible } from './visible.js';

/** How much of a file is read; what passes a bound costs its row or, where it concerns the file, is refused. */
export const csvBounds = {
  /** Characters of a cell: a spreadsheet holds no more. */
  cell: 32_767,
  /** Cells of a row. */
  cells: 1_000,
  /** Bytes of a line. */
  line: 1_048_576,
  /** Lines of one cell: a quote that stays open longer was never meant to. */
  cellLines: 30,
  /** Rows of a file: three sheets full. */
  rows: 3_000_000,
  /** Seconds that counting a file's rows may take. */
  seconds: 300,
} as const;

/** Why a record could not be split into the header's cells, or not be read. */
export type RecordFault =
  'unclosed_quote' | 'too_many_cells' | 'character_unreadable' | 'cell_too_long' | 'row_too_long';

/** One record of a file. */
export interface CsvRecord {
  /** Line on which it begins, the header being on line 1. */
  line: number;
  /** Byte at which it begins, for {@link CsvFile.recordAt}. */
  start: number;
  /** Trimmed, in NFC, without invisible signs; as many as the header has, or more where that is the fault. */
  cells: string[];
  fault?: RecordFault;
}

/** Between the cells of a table that is no CSV; no cell holds it, so none is quoted. */
export const unitSeparator = '\x1f';
/** What `writeCsv` preceded by an apostrophe, so that no spreadsheet runs it. */
const guarded = /^'+[=+\-@\t\r\n＝＋－＠]/;
/** A line that only names the separator, as Excel reads and some programs write it. */
const separatorLine = /^"?sep=(.)"?\s*$/i;
/** What a decoder writes for a character that it cannot read. Postgres keeps no NUL either. */
const unreadable = '\ufffd';
/** Bytes that are read before others get their turn: some 10 ms. */
const turn = 65_536;
/** Bytes of a batch at most, so that rows of any length fit into memory. */
const batchBytes = 4_194_304;

/**
 * A CSV file (RFC 4180; comma, semicolon, tab or bar; UTF-8, UTF-16 or windows-1258). Only the records at hand are
 * split into text: the rest stays bytes outside of the heap. Reading is linear in the file for any content, and gives
 * way to others every few milliseconds. It loses nothing: a quote that is never closed spoils the line on which it
 * opens and no other. csv-parse does not do: it gives up at such a quote, together with every row behind it.
 */
export class CsvFile {
  private constructor(
    private readonly bytes: Buffer,
    readonly encoding: string,
    readonly header: string[],
    readonly delimiter: string,
    private readonly body: Pick<Line, 'start' | 'number'>,
  ) {}

  /**
   * Opens a file and reads its header. A first line `sep=;` names the separator and is passed over.
   * @throws Problem import_not_utf8, csv_empty, csv_too_many_columns
   */
  static async open(file: Uint8Array): Promise<CsvFile> {
    const { bytes, encoding } = await unicodeBytes(file);
    return CsvFile.of(bytes, encoding);
  }

  /** A table whose lines hold cells parted by {@link unitSeparator}, in UTF-8: what a workbook's sheet becomes. */
  static ofTable(bytes: Buffer): CsvFile {
    return CsvFile.of(bytes, 'xlsx', unitSeparator);
  }

  private static of(bytes: Buffer, encoding: string, told?: string): CsvFile {
    const lines = new Lines(bytes, { start: 0, number: 1 });
    const skipBlanks = (): void => {
      for (let text = textOf(lines, 0); text?.trim() === ''; text = textOf(lines, 0)) lines.drop(1);
    };
    skipBlanks();
    const separator = told ?? separatorLine.exec(textOf(lines, 0) ?? '')?.[1];
    if (separator !== undefined && separator !== told) {
      lines.drop(1);
      skipBlanks();
    }
    const first = textOf(lines, 0);
    if (first === undefined) throw lines.ahead(0) ? csvTooManyColumns({ limit: csvBounds.cells }) : csvEmpty();
    const delimiter = separator ?? guessDelimiter(first);
    const head = split(lines, delimiter) ?? { cells: first.split(delimiter, csvBounds.cells + 1), lines: 1 };
    const header = head.cells.map(tidy);
    while (header.at(-1) === '') header.pop();
    if (header.length === 0) throw csvEmpty();
    if (header.length > csvBounds.cells || header.some((name) => name.length > csvBounds.cell))
      throw csvTooManyColumns({ limit: csvBounds.cells });
    lines.drop(head.lines);
    return new CsvFile(bytes, encoding, header, delimiter, lines.position);
  }

  /** Names of the columns for rows by name: one without a name has its number. @throws Problem csv_duplicate_column */
  columns(): string[] {
    const names = this.header.map((name, index) => name || `column${index + 1}`);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice) throw csvDuplicateColumn({ column: twice });
    return names;
  }

  /** How many records there are. @throws Problem csv_too_many_rows, csv_too_slow, each with the line reached */
  async count(): Promise<number> {
    let rows = 0;
    const deadline = Date.now() + csvBounds.seconds * 1_000;
    for await (const batch of this.batches(1_000)) {
      rows += batch.length;
      if (Date.now() > deadline) throw csvTooSlow({ seconds: csvBounds.seconds, line: batch.at(-1)?.line ?? 1 });
    }
    return rows;
  }

  /**
   * Records in batches, the same file always in the same order. @param skip records that were had before. @throws
   * Problem csv_too_many_rows
   */
  async *batches(size: number, skip = 0): AsyncGenerator<CsvRecord[]> {
    const lines = new Lines(this.bytes, this.body);
    let batch: CsvRecord[] = [];
    let [index, batchStart, turnStart] = [0, this.body.start, this.body.start];
    for (;;) {
      const record = this.next(lines);
      const { start } = lines.position;
      if (start - turnStart > turn) {
        turnStart = start;
        await setImmediate();
      }
      if (!record) break;
      index += 1;
      if (index > csvBounds.rows) throw csvTooManyRows({ limit: csvBounds.rows, line: record.line });
      if (index <= skip) continue;
      batch.push(record);
      if (batch.length >= size || start - batchStart > batchBytes) {
        yield batch;
        [batch, batchStart] = [[], start];
      }
    }
    if (batch.length > 0) yield batch;
  }

  /** A record that {@link batches} gave, read once more. */
  recordAt({ start, line }: Pick<CsvRecord, 'start' | 'line'>): CsvRecord {
    return this.next(new Lines(this.bytes, { start, number: line })) as CsvRecord;
  }

  /** Whether a record that is too short has a quoted cell which took in whole rows. */
  private tookRows(lines: Lines, found: { cells: string[]; lines: number }): boolean {
    if (found.cells.length >= this.header.length) return false;
    for (let at = 1; at < found.lines; at += 1)
      if ((textOf(lines, at) ?? '').split(this.delimiter).length >= this.header.length) return true;
    return false;
  }

  private next(lines: Lines): CsvRecord | undefined {
    for (;;) {
      const line = lines.ahead(0);
      if (!line) return undefined;
      const place = { line: line.number, start: line.start };
      const text = textOf(lines, 0);
      if (text === undefined) {
        const beginning = this.bytes.toString('utf8', line.start, line.start + csvBounds.cell);
        lines.drop(1);
        return { ...place, cells: [tidy(beginning)], fault: 'row_too_long' };
      }
      if (isBlank(text, this.delimiter)) {
        lines.drop(1);
        continue;
      }
      const found = split(lines, this.delimiter);
      // One byte a letter: there is nothing to compose and nothing that nobody sees.
      const plain = text.length === line.end - line.start && found?.lines === 1;
      const record = found && fitted(found.cells.map(plain ? unguarded : tidy), this.header.length);
      // A record over several lines that does not fit the header is an unclosed quote which met another row's quote.
      if (!record || (found.lines > 1 && (record.fault || this.tookRows(lines, found)))) {
        lines.drop(1);
        return { ...place, cells: [tidy(text).slice(0, csvBounds.cell)], fault: 'unclosed_quote' };
      }
      lines.drop(found.lines);
      return { ...place, ...record };
    }
  }
}

/** The text of a line to come; undefined behind the last line and for one that is too long. */
function textOf(lines: Lines, ahead: number): string | undefined {
  const line = lines.ahead(ahead);
  if (!line || line.end - line.start > csvBounds.line) return undefined;
  line.text ??= lines.text(line);
  if (line.text.includes('\0')) line.text = line.text.replaceAll('\0', unreadable);
  return line.text;
}

function isBlank(text: string, delimiter: string): boolean {
  const rest = text.trimStart();
  if (rest === '') return true;
  return (
    (rest.startsWith(delimiter) || delimiter === '\t') && text.split(delimiter).every((cell) => cell.trim() === '')
  );
}

function fitted(cells: string[], width: number): Pick<CsvRecord, 'cells' | 'fault'> {
  if (cells.some((cell) => cell.length > csvBounds.cell))
    return {
      cells: cells.slice(0, csvBounds.cells).map((cell) => cell.slice(0, csvBounds.cell)),
      fault: 'cell_too_long',
    };
  if (cells.some((cell) => cell.includes(unreadable))) return { cells, fault: 'character_unreadable' };
  // Programs leave the separators of blank cells at the end out.
  while (cells.length < width) cells.push('');
  return cells.slice(width).some((cell) => cell !== '')
    ? { cells: cells.slice(0, csvBounds.cells), fault: 'too_many_cells' }
    : { cells: cells.slice(0, width) };
}

/**
 * The cells of the record that begins on the next line, and how many lines it takes; undefined when a quote stays open.
 */
function split(lines: Lines, delimiter: string): { cells: string[]; lines: number } | undefined {
  const cells: string[] = [];
  let at = 0;
  let rest = textOf(lines, 0) ?? '';
  if (delimiter === unitSeparator) return { cells: rest.split(delimiter), lines: 1 };
  for (;;) {
    const opening = /^[ \u00a0]*"/.exec(rest);
    if (!opening || cells.length > csvBounds.cells) {
      const end = cells.length > csvBounds.cells ? -1 : rest.indexOf(delimiter);
      cells.push(end < 0 ? rest : rest.slice(0, end));
      if (end < 0) return { cells, lines: at + 1 };
      rest = rest.slice(end + 1);
      continue;
    }
    let quoted = '';
    rest = rest.slice(opening[0].length);
    const openedOn = at;
    for (;;) {
      const close = closingQuote(rest, delimiter, at > openedOn);
      if (close === 'malformed') return undefined;
      if (close !== undefined) {
        quoted += rest.slice(0, close);
        rest = rest.slice(close + 1).trimStart();
        break;
      }
      at += 1;
      const line =
        at - openedOn > csvBounds.cellLines || quoted.length > csvBounds.cell ? undefined : textOf(lines, at);
      if (line === undefined) return undefined;
      quoted += `${rest}\n`;
      rest = line;
    }
    cells.push(quoted.replaceAll('""', '"'));
    if (rest === '') return { cells, lines: at + 1 };
    rest = rest.slice(1);
  }
}

/**
 * Where a quoted cell ends in this line. A quote inside a cell of one line is taken as typed (`24" LED`); over several
 * lines it means that the cell was never closed.
 */
function closingQuote(text: string, delimiter: string, later: boolean): number | 'malformed' | undefined {
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) {
    if (at > csvBounds.cell) return 'malformed';
    if (text[at + 1] === '"') {
      const after = text.slice(at + 2).trimStart();
      // `""` before a delimiter closes an empty cell only when nothing precedes it; otherwise it is a quote in the
      // text.
      if (!(at === 0 && !later && (after === '' || after.startsWith(delimiter)))) {
        at += 1;
        continue;
      }
      return at;
    }
    const after = text.slice(at + 1).trimStart();
    if (after === '' || after.startsWith(delimiter) || (delimiter === '\t' && text[at + 1] === '\t')) return at;
    if (later) return 'malformed';
  }
  return undefined;
}

/** The candidate that splits the header into most cells. */
function guessDelimiter(header: string): string {
  const outside = header.replace(/"[^"]*"/g, '');
  const count = (delimiter: string): number => outside.split(delimiter).length;
  return [',', ';', '\t', '|'].reduce((best, each) => (count(each) > count(best) ? each : best));
}

/**
 * NFC, trimmed, without invisible signs; an apostrophe that a spreadsheet export put before a formula sign is taken off
 * again.
 */
function tidy(cell: string): string {
  return unguarded(visible(cell.trim()).normalize('NFC').replaceAll('\u2028', '\n'));
}

function unguarded(cell: string): string {
  const text = cell.trim();
  return text.startsWith("'") && guarded.test(text) ? text.slice(1).trim() : text;
}
