import type { CsvRecord } from '../text/csv-reader.js';
import type { ReadAt } from './cell-day.js';
import type { ColumnMap, Columns, ColumnSet, RowOf } from './column-set.js';
import type { CellWarning, RowFault } from './faults.js';

/** A cell that was read. */
export interface ReadCell {
  /** Header of its column. */
  field: string;
  /** What it fills. */
  target: string;
  /** As it stands in the file. */
  text: string;
  value: unknown;
}

/** A row as it was read. Blank cells say nothing: there is no entry for them. */
export interface ImportRow<C extends Columns = Columns> {
  line: number;
  values: RowOf<C>;
  cells: ReadCell[];
  /** What costs the row. */
  faults: RowFault[];
  /** What costs a cell, or a part of one. */
  warnings: CellWarning[];
}

const unreadable = '\ufffd';

/** Reads one record by the columns of its file. */
export function readRow<C extends Columns>(
  record: CsvRecord,
  header: readonly string[],
  map: ColumnMap,
  set: ColumnSet<C>,
  at: ReadAt,
): ImportRow<C> {
  const values: Record<string, unknown> = {};
  const row: ImportRow<C> = { line: record.line, values: values as RowOf<C>, cells: [], faults: [], warnings: [] };
  if (record.fault && record.fault !== 'character_unreadable') {
    row.faults.push({ field: '', code: record.fault });
    return row;
  }
  for (const [index, target] of map) {
    const [text, field] = [record.cells[index] ?? '', header[index] ?? ''];
    const column = set.column(target);
    if (text === '' || !column) continue;
    if (column.blank?.(text)) {
      if (column.need !== 'required') row.warnings.push({ field, code: 'placeholder', text });
      continue;
    }
    const read = text.includes(unreadable) ? { fault: 'character_unreadable' } : column.read(text, at);
    if ('fault' in read) {
      if (column.need) row.faults.push({ field, code: read.fault, ...(read.params && { params: read.params }) });
      else row.warnings.push({ field, code: read.fault, text: text.slice(0, 200) });
      continue;
    }
    for (const left of read.left ?? []) row.warnings.push({ field, code: 'partly_read', text: left.slice(0, 200) });
    row.cells.push({ field, target, text, value: read.value });
    const before = values[target];
    if (before === undefined) values[target] = read.value;
    else if (column.many && Array.isArray(before) && Array.isArray(read.value))
      values[target] = [...(before as unknown[]), ...(read.value as unknown[])];
  }
  for (const target of set.required) {
    if (values[target] !== undefined) continue;
    const field = fieldOf(header, map, target);
    if (!row.faults.some((fault) => fault.field === field)) row.faults.push({ field, code: 'missing' });
  }
  return row;
}

/** The header of the first column that fills a target; the target's own name where none does. */
export function fieldOf(header: readonly string[], map: ColumnMap, target: string): string {
  for (const [index, each] of map) if (each === target) return header[index] ?? target;
  return target;
}
