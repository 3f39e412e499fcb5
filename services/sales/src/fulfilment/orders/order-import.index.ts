import type { CsvRecord } from '@quen/chassis';

/** Where a record of a file is to be read again. */
export type RowPlace = Pick<CsvRecord, 'start' | 'line'>;

/** Orders whose rows are taken together. */
export interface OrderBatch {
  /** All rows of these orders, those of one order after those of another. */
  places: RowPlace[];
  /** Parts that this batch takes: orders, and pieces of what has too many rows to be one. */
  parts: number;
  /** Set where the rows are a piece of such an order. */
  oversized: boolean;
}

/** Rows that one order has at most. */
export const mostRows = 5_000;
const shards = 64;

/**
 * Which rows of a file make which order, wherever they stand: twelve bytes a row and each code once, so that a history
 * of millions of lines fits into memory.
 * Orders come in the order of their first rows; the same file always gives the same parts, so that an import may take
 * up where it stopped.
 */
export class OrderIndex {
  private readonly codes = Array.from({ length: shards }, () => new Map<string, number>());
  private starts = new Uint32Array(1_024);
  private lines = new Uint32Array(1_024);
  private orderOf = new Uint32Array(1_024);
  private rows = 0;
  private orders = 0;

  /** Adds a row; one without a code is an order of its own. */
  add(code: string, { start, line }: RowPlace): void {
    if (this.rows === this.starts.length)
      [this.starts, this.lines, this.orderOf] = [grown(this.starts), grown(this.lines), grown(this.orderOf)];
    this.starts[this.rows] = start;
    this.lines[this.rows] = line;
    this.orderOf[this.rows] = code === '' ? this.orders++ : this.numberOf(code);
    this.rows += 1;
  }

  /** Batches of so many orders, or of so many rows. @param skip parts that were taken before */
  *batches(orders: number, skip = 0): Generator<OrderBatch> {
    const { ends, byOrder } = this.gathered();
    let batch: OrderBatch = { places: [], parts: 0, oversized: false };
    let part = 0;
    for (let order = 0; order < this.orders; order += 1) {
      const [from, to] = [order === 0 ? 0 : (ends[order - 1] as number), ends[order] as number];
      const oversized = to - from > mostRows;
      for (let at = from; at < to; at += mostRows) {
        part += 1;
        if (part <= skip) continue;
        if (
          batch.parts > 0 &&
          (batch.oversized || oversized || batch.parts >= orders || batch.places.length >= mostRows)
        ) {
          yield batch;
          batch = { places: [], parts: 0, oversized: false };
        }
        batch.oversized = oversized;
        batch.parts += 1;
        for (let row = at; row < Math.min(at + mostRows, to); row += 1)
          batch.places.push(this.placeOf(byOrder[row] as number));
      }
    }
    if (batch.parts > 0) yield batch;
  }

  private placeOf(row: number): RowPlace {
    return { start: this.starts[row] as number, line: this.lines[row] as number };
  }

  private numberOf(code: string): number {
    // A copy: a piece of a line would keep the whole line in memory.
    const key = Buffer.from(code, 'utf8').toString('latin1');
    const shard = this.codes[
      (key.length * 31 + key.charCodeAt(key.length - 1) * 7 + key.charCodeAt(key.length >> 1)) % shards
    ] as Map<string, number>;
    const known = shard.get(key);
    if (known !== undefined) return known;
    shard.set(key, this.orders);
    return this.orders++;
  }

  /** Rows by order, those of one in the file's order, and where each order's rows end. */
  private gathered(): { ends: Uint32Array; byOrder: Uint32Array } {
    const ends = new Uint32Array(this.orders);
    for (let row = 0; row < this.rows; row += 1) (ends[this.orderOf[row] as number] as number) += 1;
    for (let order = 1; order < this.orders; order += 1) (ends[order] as number) += ends[order - 1] as number;
    const byOrder = new Uint32Array(this.rows);
    const free = ends.slice();
    for (let row = this.rows - 1; row >= 0; row -= 1) {
      const order = this.orderOf[row] as number;
      byOrder[--(free[order] as number)] = row;
    }
    return { ends, byOrder };
  }
}

function grown(before: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const after = new Uint32Array(before.length * 2);
  after.set(before);
  return after;
}
