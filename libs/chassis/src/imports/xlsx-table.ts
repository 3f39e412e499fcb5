import { Decimal } from 'decimal.js';
import { defineProblem } from '@quen/messaging';
import { csvBounds, unitSeparator } from '../text/csv-reader.js';
import { workbookBounds, workbookTooLarge, XlsxArchive } from './xlsx-archive.js';
import { dateStyles, readWorkbook, SharedTexts } from './xlsx-parts.js';
import { readXml } from './xlsx-xml.js';

export const sheetUnknown = defineProblem('invalid', 'sheet_unknown', {
  en: 'The workbook has no sheet {sheet}. Its sheets are: {sheets}.',
  vi: 'Bảng tính không có trang {sheet}. Các trang: {sheets}.',
});

/** Bytes of a sheet as lines of text. */
const mostText = 268_435_456;
const mostRows = 1_048_576;
const millisecondsOfDay = 86_400_000;

/** Whether bytes are a zip archive, as a workbook is. */
export function isWorkbook(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && (bytes[2] === 3 || bytes[2] === 5);
}

/**
 * One sheet of a workbook (ECMA-376) as lines of text, row n on line n, cells parted by {@link unitSeparator}: it is
 * then read as any other file is. A workbook is unpacked piece by piece and never beyond its bounds. Days are written
 * `YYYY-MM-DD`, numbers in full and so that none is taken for one with a thousands mark.
 * @param sheet name of the sheet; the first one otherwise. @param rows how many rows are wanted
 * @throws Problem workbook_unreadable, workbook_too_large, sheet_unknown
 */
export async function tableOfSheet(bytes: Buffer, sheet?: string, rows = mostRows): Promise<Buffer> {
  const archive = await XlsxArchive.open(bytes);
  const { sheets, since1904 } = await readWorkbook(archive);
  const wanted = sheet === undefined ? sheets[0] : sheets.find(({ name }) => name.trim() === sheet.trim());
  if (!wanted)
    throw sheetUnknown({
      sheet: sheet ?? '',
      sheets: sheets
        .map(({ name }) => name)
        .join(', ')
        .slice(0, 1_000),
    });
  const values = new CellValues(await SharedTexts.read(archive), await dateStyles(archive), since1904);
  const lines = new SheetLines();
  let [row, column, cell, text, taking]: [number, number, Readonly<Record<string, string>>, string, boolean] = [
    0,
    0,
    {},
    '',
    false,
  ];
  await readXml(
    archive.read(wanted.part, workbookBounds.sheet),
    {
      open: (name, attributes) => {
        if (name === 'row') {
          row = Number(attributes['r'] ?? row + 1);
          column = 0;
          if (!(row <= mostRows)) throw workbookTooLarge({ part: 'rows' });
          lines.begin(row);
        } else if (name === 'c') {
          cell = attributes;
          column = columnOf(attributes['r']) ?? column + 1;
          text = '';
        }
        taking = name === 'v' || name === 't';
      },
      text: (piece) => {
        if (taking) text += piece;
      },
      close: (name) => {
        if (name === 'v' || name === 't') taking = false;
        if (name === 'c' && text !== '') lines.put(column, values.text(cell, text));
        if (name === 'row') lines.end();
      },
    },
    () => row > rows,
  );
  return lines.bytes();
}

/** The number of a cell's column, from 1: `AB12` is 28. */
function columnOf(reference: string | undefined): number | undefined {
  const letters = reference?.match(/^[A-Z]{1,3}/)?.[0];
  return letters === undefined
    ? undefined
    : [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);
}

/** What stands in cells, as text. */
class CellValues {
  constructor(
    private readonly shared: SharedTexts,
    private readonly dates: ReadonlySet<number>,
    private readonly since1904: boolean,
  ) {}

  text({ t, s }: Readonly<Record<string, string>>, raw: string): string {
    switch (t) {
      case 's':
        return unescaped(this.shared.at(Number(raw)));
      case 'str':
      case 'inlineStr':
        return unescaped(raw);
      case 'b':
        return raw === '1' ? 'TRUE' : 'FALSE';
      case 'd':
        return raw.replace(/T00:00:00(\.0+)?Z?$/, '').replace('T', ' ');
      case 'e':
        return raw;
      default:
        return this.dates.has(Number(s ?? 0)) ? this.day(raw) : plainNumber(raw);
    }
  }

  /** A day by its number; 60 is the 29th of February 1900, which there never was. */
  private day(raw: string): string {
    const serial = Number(raw);
    if (!Number.isFinite(serial) || serial < 0 || serial >= 2_958_466) return plainNumber(raw);
    const counted = this.since1904 ? serial + 1_462 : serial;
    const whole = Math.floor(counted);
    if (whole === 0 || whole === 60) return plainNumber(raw);
    const at = Date.UTC(1899, 11, whole < 60 ? 31 : 30) + Math.round((counted * millisecondsOfDay) / 1_000) * 1_000;
    const [day, time] = new Date(at).toISOString().slice(0, 19).split('T') as [string, string];
    return time === '00:00:00' ? day : `${day} ${time}`;
  }
}

/** A number as people see it: 15 digits are what a spreadsheet keeps; with three decimals it gets a fourth. */
function plainNumber(raw: string): string {
  const number = Number(raw);
  if (raw.trim() === '' || !Number.isFinite(number)) return raw;
  const plain = new Decimal(number.toPrecision(15)).toFixed();
  return /\.\d{3}$/.test(plain) ? `${plain}0` : plain;
}

/** `_x000D_` stands for a sign that XML does not carry. */
function unescaped(text: string): string {
  return text.includes('_x')
    ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
    : text;
}

/** Rows as lines, kept outside of the heap. */
class SheetLines {
  private readonly pieces: Buffer[] = [];
  private waiting = '';
  private size = 0;
  private line = 0;
  private cells: string[] = [];

  /** @throws Problem workbook_too_large for a row that stands before another one */
  begin(row: number): void {
    if (row <= this.line) throw workbookTooLarge({ part: 'rows' });
    this.waiting += '\n'.repeat(row - this.line - 1);
    this.line = row;
    this.cells = [];
  }

  put(column: number, text: string): void {
    // Cells far to the right of any header are of no row; one of them shows that there were some.
    const place = Math.min(column - 1, csvBounds.cells);
    while (this.cells.length < place) this.cells.push('');
    this.cells[place] = text.replaceAll(unitSeparator, ' ').replace(/\r\n|\r|\n/g, '\u2028');
  }

  end(): void {
    this.waiting += `${this.cells.join(unitSeparator)}\n`;
    if (this.waiting.length > 65_536) this.flush();
  }

  bytes(): Buffer {
    this.flush();
    return Buffer.concat(this.pieces);
  }

  private flush(): void {
    const piece = Buffer.from(this.waiting, 'utf8');
    this.waiting = '';
    this.size += piece.length;
    if (this.size > mostText) throw workbookTooLarge({ part: 'text' });
    this.pieces.push(piece);
  }
}
