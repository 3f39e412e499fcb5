export type Cell = string | number | undefined;

/** A row by the names of its columns. */
export type Row<Column extends string = string> = Record<Column, string>;

/** Rows as RFC 4180 text; only fields that need quotes get them. */
export function toCsv(header: readonly string[], rows: readonly (readonly Cell[])[], { newline = '\n' } = {}) {
  return [header, ...rows].map((row) => row.map(quote).join(',') + newline).join('');
}

/** One field, quoted when it holds a comma, a quote or a line break. */
export function quote(field: Cell) {
  const text = String(field ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The rows of a well-formed CSV text as objects by column name; `Column` names those that it has. */
export function fromCsv<Column extends string = string>(text: string, delimiter = ','): Row<Column>[] {
  const [header = [], ...rows] = parse(text.replace(/^\uFEFF/, ''), delimiter);
  return rows.map((row) => Object.fromEntries(header.map((name, i) => [name.trim(), row[i] ?? ''])) as Row<Column>);
}

function parse(text: string, delimiter: string) {
  const rows: string[][] = [];
  let row: string[] = [];
  const cell = new RegExp(`(?:"((?:[^"]|"")*)"|([^"${delimiter}\\r\\n]*))(${delimiter}|\\r?\\n|$)`, 'g');
  for (const [, quoted, plain, end] of text.matchAll(cell)) {
    if (quoted === undefined && plain === '' && end === '' && row.length === 0) break;
    row.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
    if (end === delimiter) continue;
    rows.push(row);
    row = [];
    if (end === '') break;
  }
  return rows;
}
