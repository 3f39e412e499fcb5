import { PassThrough, Readable } from 'node:stream';
import { DateTime } from 'luxon';
import { ZipFile } from 'yazl';
import type { ExportColumn, ExportValue } from './define-export.js';

/** Rows that a sheet holds, its header included. */
export const sheetRows = 1_048_576;
/** Characters that a cell holds. */
const cellCharacters = 32_767;
/** Digits that a spreadsheet reckons with: longer numbers stay text. */
const exactDigits = 15;

const content = 'http://schemas.openxmlformats.org/package/2006';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const sheetml = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

const parts: Readonly<Record<string, string>> = {
  '[Content_Types].xml': `${xml}<Types xmlns="${content}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>`,
  '_rels/.rels': `${xml}<Relationships xmlns="${content}/relationships"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  'xl/workbook.xml': `${xml}<workbook xmlns="${sheetml}" xmlns:r="${office}"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>`,
  'xl/_rels/workbook.xml.rels': `${xml}<Relationships xmlns="${content}/relationships"><Relationship Id="rId1" Type="${office}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${office}/styles" Target="styles.xml"/></Relationships>`,
  'xl/styles.xml': `${xml}<styleSheet xmlns="${sheetml}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/><numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts><fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="165" applyNumberFormat="1"/></cellXfs></styleSheet>`,
};

/** How a column's values are written. */
export type CellKind = NonNullable<ExportColumn<unknown>['as']>;

/**
 * A workbook of one sheet, written as its rows come. Texts are never formulas here, so they stand as they are; moments
 * are shown where the firm is.
 */
export function workbookOf(
  header: readonly string[],
  kinds: readonly CellKind[],
  rows: AsyncIterable<readonly (readonly ExportValue[])[]>,
  zone: string,
): Readable {
  const zip = new ZipFile();
  const out = new PassThrough();
  for (const [name, text] of Object.entries(parts)) zip.addBuffer(Buffer.from(text), name);
  const sheet = Readable.from(sheetOf(header, kinds, rows, zone), { objectMode: false });
  sheet.once('error', (error) => out.destroy(error));
  zip.addReadStream(sheet, 'xl/worksheets/sheet1.xml');
  zip.end();
  zip.outputStream.pipe(out);
  return out;
}

async function* sheetOf(
  header: readonly string[],
  kinds: readonly CellKind[],
  rows: AsyncIterable<readonly (readonly ExportValue[])[]>,
  zone: string,
): AsyncGenerator<Buffer> {
  const line = (cells: readonly string[]): string => `<row>${cells.join('')}</row>`;
  yield Buffer.from(`${xml}<worksheet xmlns="${sheetml}"><sheetData>${line(header.map(textCell))}`);
  for await (const some of rows)
    yield Buffer.from(
      some.map((row) => line(row.map((value, index) => cell(value, kinds[index] ?? 'text', zone)))).join(''),
    );
  yield Buffer.from('</sheetData></worksheet>');
}

function cell(value: ExportValue, kind: CellKind, zone: string): string {
  if (value === null || value === undefined || value === '') return '<c/>';
  if (typeof value === 'boolean') return `<c t="b"><v>${value ? 1 : 0}</v></c>`;
  if (value instanceof Date) return dated(DateTime.fromJSDate(value, { zone }), 2) ?? textCell(value.toISOString());
  const text = String(value);
  const digits = text.replace(/\D/g, '').replace(/^0+/, '').length;
  if (kind === 'number' && /^-?\d+(\.\d+)?$/.test(text) && digits <= exactDigits) return `<c><v>${text}</v></c>`;
  if (kind === 'day') return dated(DateTime.fromISO(text, { zone }), 1) ?? textCell(text);
  return textCell(text);
}

/** A day, or moment, as a spreadsheet counts it; those before its first day stay text. */
function dated(at: DateTime, style: number): string | undefined {
  if (!at.isValid || at.year < 1901) return undefined;
  const since = at.setZone('utc', { keepLocalTime: true }).toMillis() - Date.UTC(1899, 11, 30);
  return `<c s="${style}"><v>${since / 86_400_000}</v></c>`;
}

function textCell(text: string): string {
  const shown = text
    .slice(0, cellCharacters)
    .replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '')
    .replace(/[&<>]/g, (sign) => (sign === '&' ? '&amp;' : sign === '<' ? '&lt;' : '&gt;'))
    .replace(/\r/g, '&#13;');
  return `<c t="inlineStr"><is><t xml:space="preserve">${shown}</t></is></c>`;
}
