import { CsvFile } from '../text/csv-reader.js';
import { isWorkbook, tableOfSheet } from './xlsx-table.js';

/** Rows of a workbook that are enough to know its header. */
const rowsOfBeginning = 200;

/** How a table is opened. */
export interface TableOptions {
  /** A workbook's sheet; its first one otherwise. */
  sheet?: string;
  /** Only the header and the first rows are wanted. */
  beginning?: boolean;
}

/**
 * Opens a user's table: CSV in any of its forms, or a workbook of Excel (.xlsx), told by its first bytes and not by its
 * name. @throws Problem import_not_utf8, csv_empty, csv_too_many_columns, workbook_unreadable, workbook_too_large,
 * sheet_unknown
 */
export async function openTable(file: Uint8Array, { sheet, beginning }: TableOptions = {}): Promise<CsvFile> {
  if (!isWorkbook(file)) return CsvFile.open(file);
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  return CsvFile.ofTable(await tableOfSheet(bytes, sheet, beginning ? rowsOfBeginning : undefined));
}
