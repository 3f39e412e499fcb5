import { defineProblem } from '@quen/messaging';

export const importNotUtf8 = defineProblem('invalid', 'import_not_utf8', {
  en: 'The file is not in UTF-8 (first wrong byte at {offset}). In Excel choose "CSV UTF-8 (Comma delimited)" when saving.',
  vi: 'Tệp không ở dạng UTF-8 (byte sai đầu tiên ở vị trí {offset}). Trong Excel hãy lưu bằng "CSV UTF-8 (Comma delimited)".',
});
export const importEmpty = defineProblem('invalid', 'import_empty', {
  en: 'The file has no header row.',
  vi: 'Tệp không có dòng tiêu đề.',
});

/** Why a record could not be split into the header's cells. */
export type RecordFault = 'unclosed_quote' | 'too_few_cells' | 'too_many_cells' | 'character_unreadable';

/** One record of the file; `line` is the line on which it begins, the header being on line 1. */
export interface CsvRecord {
  line: number;
  cells: string[];
  fault?: RecordFault;
}

export interface CsvFile {
  header: string[];
  delimiter: string;
  records: CsvRecord[];
}

/** What a decoder writes for a character that it cannot read. */
const unreadable = '\ufffd';

/** More lines than any typed cell has: a quote that stays open longer was never meant to. */
const cellLines = 30;

/**
 * Splits a CSV file (RFC 4180; comma, semicolon, tab or bar) into records and loses nothing: a quote that is never closed
 * spoils the line on which it opens and no other, short and long rows are given with their fault. Cells are trimmed and in NFC.
 * Not csv-parse, because that gives up at an unclosed quote together with every row behind it.
 * @throws Problem import_not_utf8, import_empty
 */
export function readCsvRecords(file: Uint8Array): CsvFile {
  // Postgres keeps no NUL: the row that holds one is refused, not the file.
  const lines = decode(file).replaceAll('\0', unreadable).split(/\r\n|\n|\r/);
  const first = lines.findIndex((line) => line.trim() !== '');
  if (first < 0) throw importEmpty();
  const delimiter = guessDelimiter(lines[first] ?? '');
  const head = readRecord(lines, first, delimiter) ?? { cells: (lines[first] ?? '').split(delimiter), next: first + 1 };
  const header = head.cells.map(tidy);
  while (header.at(-1) === '') header.pop();

  const records: CsvRecord[] = [];
  for (let at = head.next; at < lines.length;) {
    const line = lines[at] ?? '';
    if (line.split(delimiter).every((cell) => cell.trim() === '')) {
      at += 1;
      continue;
    }
    const record = readRecord(lines, at, delimiter);
    // A record over several lines that does not fit the header is an unclosed quote which met another row's quote.
    if (!record || (record.next > at + 1 && fitted(record.cells, header.length).fault)) {
      records.push({ line: at + 1, cells: [tidy(line)], fault: 'unclosed_quote' });
      at += 1;
      continue;
    }
    records.push({ line: at + 1, ...fitted(record.cells.map(tidy), header.length) });
    at = record.next;
  }
  return { header, delimiter, records };
}

function fitted(cells: string[], width: number): { cells: string[]; fault?: RecordFault } {
  const surplus = cells.slice(width);
  if (cells.some((cell) => cell.includes(unreadable))) return { cells, fault: 'character_unreadable' };
  if (cells.length < width) return { cells, fault: 'too_few_cells' };
  return surplus.some((cell) => cell !== '') ? { cells, fault: 'too_many_cells' } : { cells: cells.slice(0, width) };
}

/** The cells of the record that begins on a line, and the line after it; undefined when a quote stays open. */
function readRecord(lines: string[], start: number, delimiter: string): { cells: string[]; next: number } | undefined {
  const cells: string[] = [];
  let at = start;
  let rest = lines[at] ?? '';
  for (;;) {
    const opening = /^[ \u00a0]*"/.exec(rest);
    if (!opening || delimiter === '"') {
      const end = rest.indexOf(delimiter);
      cells.push(end < 0 ? rest : rest.slice(0, end));
      if (end < 0) return { cells, next: at + 1 };
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
      const line = lines[at];
      if (line === undefined || at - openedOn > cellLines) return undefined;
      quoted += `${rest}\n`;
      rest = line;
    }
    cells.push(quoted.replaceAll('""', '"'));
    if (rest === '') return { cells, next: at + 1 };
    rest = rest.slice(1);
  }
}

/** Where a quoted cell ends in this line. A quote inside a cell of one line is taken as typed (`24" LED`); over several lines it means that the cell was never closed. */
function closingQuote(text: string, delimiter: string, later: boolean): number | 'malformed' | undefined {
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) {
    if (text[at + 1] === '"') {
      const after = text.slice(at + 2).trimStart();
      // `""` before a delimiter closes an empty cell only when nothing precedes it; otherwise it is a quote in the text.
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

function decode(file: Uint8Array): string {
  const [first, second] = file;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(file);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(file);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(file);
  } catch {
    throw importNotUtf8({ offset: firstWrongByte(file) });
  }
}

/** Where decoding first fails: the longest prefix that decodes, by halving. */
function firstWrongByte(file: Uint8Array): number {
  let [good, bad] = [0, file.length];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(file.subarray(0, middle), { stream: true });
      good = middle;
    } catch {
      bad = middle;
    }
  }
  return good;
}

/** The candidate that splits the header into most cells. */
function guessDelimiter(header: string): string {
  const outside = header.replace(/"[^"]*"/g, '');
  const count = (delimiter: string): number => outside.split(delimiter).length;
  return [',', ';', '\t', '|'].reduce((best, each) => (count(each) > count(best) ? each : best));
}

/** NFC, trimmed; an apostrophe that a spreadsheet export put before a formula sign is taken off again. */
function tidy(cell: string): string {
  return cell.normalize('NFC').replace(/^[\s\u00a0]+|[\s\u00a0]+$/g, '').replace(/^'(?=[=+\-@])/, '');
}
