import type { FailedRow } from './running-job.js';

/**
 * The columns of a file of failed rows. The user's own come first, in their order and with their names, even if several
 * have one name. What is told of each row stands behind them.
 */
export class FailedRowTable {
  private readonly names: string[] = [];
  private readonly places = new Map<string, number>();
  private coded = false;

  knowColumnsOf({ row, code }: FailedRow): void {
    if (code) this.coded = true;
    for (const [key, name] of keysOf(row)) if (!this.places.has(key)) this.places.set(key, this.names.push(name) - 1);
  }

  header(): string[] {
    return [...this.names, 'line', 'field', 'reason', ...(this.coded ? ['code'] : [])];
  }

  cellsOf({ line, field, reason, code, row }: FailedRow): unknown[] {
    const cells: unknown[] = this.names.map(() => '');
    for (const [key, , cell] of keysOf(row)) cells[this.places.get(key) as number] = cell;
    return [...cells, line, field, reason, ...(this.coded ? [code] : [])];
  }
}

/** Each cell with its column's name, and with a key that tells columns of one name apart. */
function keysOf(row: FailedRow['row']): [key: string, name: string, cell: unknown][] {
  const cells = Array.isArray(row) ? (row as [string, unknown][]) : Object.entries(row);
  const seen = new Map<string, number>();
  return cells.map(([name, cell]) => {
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return [`${times} ${name}`, name, cell];
  });
}
