import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { orderLines, sampleFiles, soldProducts, wantedFromFile } from './files.js';

describe("a firm's own orders", () => {
  const content =
    '\uFEFFMã KH;Số đơn hàng;Ngày;Mã SP;Số lượng;Thành tiền;Giá vốn\r\nkh1;d1;01/02/2026;sp1;2;1.000.000;600.000\r\nkh1;d1;01/02/2026;sp2;1;"300.000";100.000\r\nkh2;d2;03/02/2026;sp1;-1;-500.000;-300.000\r\nkh2;d3;04/02/2026;sp1;1;520.000;310.000\r\n';

  it('are read under the headings that the import knows', () => {
    expect(orderLines(content)[2]).toEqual({
      customerCode: 'KH2',
      productCode: 'SP1',
      quantity: -1,
      amount: -500_000,
      cost: -300_000,
    });
  });

  it('name the products, the most sold first, at the price of the last sale', () => {
    expect(soldProducts(orderLines(content)).map(({ code, price, cost }) => [code, price, cost])).toEqual([
      ['SP1', 520_000, 310_000],
      ['SP2', 300_000, 100_000],
    ]);
    expect(wantedFromFile(orderLines(content), { SP1: 'a', SP2: 'b' })[0]).toEqual({
      code: 'SP1',
      productId: 'a',
      quantity: 2,
      unitPrice: '520000',
    });
  });
});

describe('the sample files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'quen-sample-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('are the kept ones while they are fresh', () => {
    const { orders } = sampleFiles('2026-12-01', join(folder, 'book.json'));
    expect(orders.content.trimEnd().split('\n').at(-1)).toContain('2026-11-');
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each([
    ['2026-06-01', '2026-05'],
    ['2027-09-10', '2027-09'],
  ])('are generated up to the day before %s otherwise, for people to open', (today, month) => {
    const { orders, planted } = sampleFiles(today, join(folder, 'book.json'));
    expect(orderLines(orders.content).length).toBeGreaterThan(20_000);
    expect(orders.content.trimEnd().split('\n').at(-1)).toContain(month);
    expect(planted?.rows).toBe(500);
    expect(readdirSync(join(folder, 'sample'))).toContain('orders.csv');
  });
});
