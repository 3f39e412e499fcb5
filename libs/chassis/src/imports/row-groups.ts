import type { CsvRecord } from '../text/csv-reader.js';

/** Where a record of a file is to be read again. */
export type RowPlace = Pick<CsvRecord, 'start' | 'line'>;

/** Groups whose rows are taken together. */
export interface GroupBatch {
  /** The rows of each group, or of each piece of one that has too many rows. */
  groups: RowPlace[][];
  /** Set where the groups are pieces. */
  oversized: boolean;
}

/** Rows that one group has at most. */
export const mostRows = 5_000;
const shards = 64;

/**
 * Which rows of a file belong together by a key, even if they stand apart. It takes twelve bytes a row and each key
 * once, so that a history of millions of lines fits into memory. Groups come in the order of their first rows. The same
 * file always gives the same pieces, so that an import may take up where it stopped.
 */
export class RowGroups {
  private readonly keys = Array.from({ length: shards }, () => new Map<string, number>());
  private starts = new Uint32Array(1_024);
  private lines = new Uint32Array(1_024);
  private groupOf = new Uint32Array(1_024);
  private rows = 0;
  private groups = 0;

  /** Adds a row; one without a key is a group of its own. */
  add(key: string, { start, line }: RowPlace): void {
    if (this.rows === this.starts.length)
      [this.starts, this.lines, this.groupOf] = [grown(this.starts), grown(this.lines), grown(this.groupOf)];
    this.starts[this.rows] = start;
    this.lines[this.rows] = line;
    this.groupOf[this.rows] = key === '' ? this.groups++ : this.numberOf(key);
    this.rows += 1;
  }

  /** Batches of so many groups, or of so many rows. @param skip groups and pieces that were taken before */
  *batches(size: number, skip = 0): Generator<GroupBatch> {
    const { ends, byGroup } = this.gathered();
    let batch: GroupBatch = { groups: [], oversized: false };
    let [part, rows] = [0, 0];
    for (let group = 0; group < this.groups; group += 1) {
      const [from, to] = [group === 0 ? 0 : (ends[group - 1] as number), ends[group] as number];
      const oversized = to - from > mostRows;
      for (let at = from; at < to; at += mostRows) {
        part += 1;
        if (part <= skip) continue;
        if (
          batch.groups.length > 0 &&
          (batch.oversized || oversized || batch.groups.length >= size || rows >= mostRows)
        ) {
          yield batch;
          batch = { groups: [], oversized: false };
          rows = 0;
        }
        batch.oversized = oversized;
        const places = Array.from(byGroup.subarray(at, Math.min(at + mostRows, to)), (row) => this.placeOf(row));
        batch.groups.push(places);
        rows += places.length;
      }
    }
    if (batch.groups.length > 0) yield batch;
  }

  private placeOf(row: number): RowPlace {
    return { start: this.starts[row] as number, line: this.lines[row] as number };
  }

  private numberOf(text: string): number {
    // A copy: a piece of a line would keep the whole line in memory.
    const key = Buffer.from(text, 'utf8').toString('latin1');
    const shard = this.keys[
      (key.length * 31 + key.charCodeAt(key.length - 1) * 7 + key.charCodeAt(key.length >> 1)) % shards
    ] as Map<string, number>;
    const known = shard.get(key);
    if (known !== undefined) return known;
    shard.set(key, this.groups);
    return this.groups++;
  }

  /** Rows by group, those of one in the file's order, and where each group's rows end. */
  private gathered(): { ends: Uint32Array; byGroup: Uint32Array } {
    const ends = new Uint32Array(this.groups);
    for (let row = 0; row < this.rows; row += 1) (ends[this.groupOf[row] as number] as number) += 1;
    for (let group = 1; group < this.groups; group += 1) (ends[group] as number) += ends[group - 1] as number;
    const byGroup = new Uint32Array(this.rows);
    const free = ends.slice();
    for (let row = this.rows - 1; row >= 0; row -= 1) {
      const group = this.groupOf[row] as number;
      byGroup[--(free[group] as number)] = row;
    }
    return { ends, byGroup };
  }
}

function grown(before: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const after = new Uint32Array(before.length * 2);
  after.set(before);
  return after;
}
