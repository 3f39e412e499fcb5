import { mostRows, OrderIndex } from './order-import.index.js';

const indexOf = (codes: readonly string[]): OrderIndex => {
  const index = new OrderIndex();
  codes.forEach((code, row) => index.add(code, { start: row * 10, line: row + 2 }));
  return index;
};
const linesOf = (index: OrderIndex, orders: number, skip = 0): number[][] =>
  [...index.batches(orders, skip)].map(({ places }) => places.map(({ line }) => line));

describe('OrderIndex', () => {
  it('gathers the rows of each order wherever they stand, in the order of the first of them', () => {
    expect(linesOf(indexOf(['A', 'B', '', 'A', 'C', '', 'B']), 2)).toEqual([[2, 5, 3, 8], [4, 6], [7]]);
    expect([...indexOf(['A', 'A']).batches(5)]).toEqual([
      {
        places: [
          { start: 0, line: 2 },
          { start: 10, line: 3 },
        ],
        parts: 1,
        oversized: false,
      },
    ]);
  });

  it('goes on behind the parts that were taken', () => {
    const codes = Array.from({ length: 3_000 }, (_, row) => `Đ-${row % 700}`);
    const all = linesOf(indexOf(codes), 100);
    expect(all.flat().sort((one, other) => one - other)).toEqual(codes.map((_, row) => row + 2));
    expect(linesOf(indexOf(codes), 100, 300)).toEqual(all.slice(3));
  });

  it('hands out an order of too many rows in pieces, none of which goes with another order', () => {
    const batches = [...indexOf([...Array.from({ length: mostRows * 2 + 1 }, () => 'X'), 'A', 'B']).batches(500)];
    expect(batches.map(({ places, parts, oversized }) => [places.length, parts, oversized])).toEqual([
      [mostRows, 1, true],
      [mostRows, 1, true],
      [1, 1, true],
      [2, 2, false],
    ]);
    expect(
      [...indexOf([...Array.from({ length: mostRows * 2 + 1 }, () => 'X'), 'A', 'B']).batches(500, 3)].map(
        ({ parts }) => parts,
      ),
    ).toEqual([2]);
  });

  it('takes millions of rows', () => {
    const index = new OrderIndex();
    for (let row = 0; row < 2_000_000; row += 1) index.add(`DH-${row >> 1}`, { start: row, line: row });
    const [first] = index.batches(500);
    expect(first?.places).toHaveLength(1_000);
  });
});
