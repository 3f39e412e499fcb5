import { mostRows, RowGroups } from './row-groups.js';

const indexOf = (codes: readonly string[]): RowGroups => {
  const index = new RowGroups();
  codes.forEach((code, row) => index.add(code, { start: row * 10, line: row + 2 }));
  return index;
};
const linesOf = (index: RowGroups, orders: number, skip = 0): number[][] =>
  [...index.batches(orders, skip)].map(({ groups }) => groups.flat().map(({ line }) => line));

describe('RowGroups', () => {
  it('gathers the rows of each group wherever they stand, in the order of the first of them', () => {
    expect(linesOf(indexOf(['A', 'B', '', 'A', 'C', '', 'B']), 2)).toEqual([[2, 5, 3, 8], [4, 6], [7]]);
    expect([...indexOf(['A', 'A']).batches(5)]).toEqual([
      {
        groups: [
          [
            { start: 0, line: 2 },
            { start: 10, line: 3 },
          ],
        ],
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

  it('hands out a group of too many rows in pieces, none of which goes with another group', () => {
    const batches = [...indexOf([...Array.from({ length: mostRows * 2 + 1 }, () => 'X'), 'A', 'B']).batches(500)];
    expect(batches.map(({ groups, oversized }) => [groups.flat().length, groups.length, oversized])).toEqual([
      [mostRows, 1, true],
      [mostRows, 1, true],
      [1, 1, true],
      [2, 2, false],
    ]);
    expect(
      [...indexOf([...Array.from({ length: mostRows * 2 + 1 }, () => 'X'), 'A', 'B']).batches(500, 3)].map(
        ({ groups }) => groups.length,
      ),
    ).toEqual([2]);
  });

  it('takes millions of rows', () => {
    const index = new RowGroups();
    for (let row = 0; row < 2_000_000; row += 1) index.add(`DH-${row >> 1}`, { start: row, line: row });
    const [first] = index.batches(500);
    expect(first?.groups.flat()).toHaveLength(1_000);
  });
});
