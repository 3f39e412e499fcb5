import type { CellWarning, RowFault } from './faults.js';
import type { ImportRow, ReadCell } from './read-row.js';

/** What became of one row. */
export interface RowOutcome {
  line: number;
  /** A word of the import, such as `created`, by which rows are counted; `rejected` rows go back to the user. */
  outcome: string;
  faults: RowFault[];
  /** Codes of what is odd about a row that was taken, beside its cells' warnings. */
  warnings: readonly string[];
  /** What else is shown of the first rows, such as the record that a row met. */
  shown?: Readonly<Record<string, unknown>>;
}

/** What a batch did. */
export interface TakenRows {
  outcomes: RowOutcome[];
  /** Further numbers to add up, such as orders and lines. */
  tally?: Readonly<Record<string, number>>;
}

/** One of the first rows, with what was read of each of its cells. */
export interface SampleRow {
  line: number;
  outcome: string;
  cells: { field: string; target: string; text: string; value: unknown }[];
  warnings: CellWarning[];
  faults: { field: string; code: string }[];
  /** Codes of what else is odd. */
  odd: readonly string[];
  shown?: Readonly<Record<string, unknown>>;
}

/** How far an import is, and its numbers; kept as the job's checkpoint. */
export interface ImportState {
  /** Units that were committed: rows, or groups of rows. */
  next: number;
  rows: number;
  failed: number;
  /** Rows that were taken although something is odd. */
  warned: number;
  /** Rows by outcome, and what else is counted. */
  counts: Record<string, number>;
  /** Rejected rows by the code of their first fault. */
  reasons: Record<string, number>;
  /** Warnings by code. */
  warnings: Record<string, number>;
  /** The first cells that were not read, or not wholly. */
  unreadCells: (CellWarning & { line: number })[];
  sample: SampleRow[];
}

/** How many of the first rows are shown, and how many cells that were not read. */
const [sampleRows, listedCells, shownText] = [20, 200, 200];

/** The state of an import that begins, or that goes on from a checkpoint. */
export function stateOf(checkpoint: unknown): ImportState {
  return {
    next: 0,
    rows: 0,
    failed: 0,
    warned: 0,
    counts: {},
    reasons: {},
    warnings: {},
    unreadCells: [],
    sample: [],
    ...(checkpoint as Partial<ImportState> | undefined),
  };
}

/** The state after a batch. */
export function stateAfter(
  before: ImportState,
  units: number,
  rows: readonly ImportRow[],
  { outcomes, tally = {} }: TakenRows,
): ImportState {
  const after: ImportState = {
    ...before,
    next: before.next + units,
    rows: before.rows + outcomes.length,
    counts: { ...before.counts },
    reasons: { ...before.reasons },
    warnings: { ...before.warnings },
    unreadCells: [...before.unreadCells],
    sample: [...before.sample],
  };
  const add = (to: Record<string, number>, name: string, count = 1): void => void (to[name] = (to[name] ?? 0) + count);
  for (const [name, count] of Object.entries(tally)) add(after.counts, name, count);
  const byLine = new Map(rows.map((row) => [row.line, row]));
  for (const each of outcomes) {
    const { line, outcome, faults, warnings } = each;
    const row = byLine.get(line);
    add(after.counts, outcome);
    if (after.sample.length < sampleRows) after.sample.push(sampleOf(each, row));
    if (outcome === 'rejected') {
      after.failed += 1;
      if (faults[0]) add(after.reasons, faults[0].code);
      continue;
    }
    const cells = row?.warnings ?? [];
    if (cells.length > 0 || warnings.length > 0) after.warned += 1;
    for (const code of [...cells.map((cell) => cell.code), ...warnings]) add(after.warnings, code);
    for (const cell of cells) if (after.unreadCells.length < listedCells) after.unreadCells.push({ line, ...cell });
  }
  return after;
}

function sampleOf({ line, outcome, faults, warnings, shown }: RowOutcome, row: ImportRow | undefined): SampleRow {
  return {
    line,
    outcome,
    cells: (row?.cells ?? []).map(({ field, target, text, value }: ReadCell) => ({
      field,
      target,
      text: text.slice(0, shownText),
      value: typeof value === 'string' ? value.slice(0, shownText) : value,
    })),
    warnings: row?.warnings ?? [],
    faults: faults.map(({ field, code }) => ({ field, code })),
    odd: warnings,
    ...(shown && { shown }),
  };
}
