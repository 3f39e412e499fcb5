import fc from 'fast-check';
import { Money } from '@quen/events';
import { Problem } from '@quen/messaging';
import { planOrder, type Known } from './order-import.plan.js';
import { groupsOf, type TypedRow } from './order-import.rows.js';

const columns = ['customerCode', 'orderCode', 'date', 'productCode', 'quantity', 'amount', 'cost'];
const table = (rows: string[][], names = columns): { columns: string[]; rows: TypedRow[] } => ({
  columns: names,
  rows: rows.map((row, index) => ({
    line: index + 2,
    values: Object.fromEntries(names.map((name, place) => [name, row[place] ?? ''])),
  })),
});
const read = (...row: string[]) => {
  const [group] = groupsOf(table([row]), '2026-11-20');
  return [...(group?.sales ?? []), ...(group?.returns ?? [])][0];
};
const id = '01920000-0000-7000-8000-000000000001';
const known: Known = {
  customers: new Map([
    ['C1', { id, branchId: id, ownerId: null }],
    ['C2', { id: id.replace(/1$/, '2'), branchId: id, ownerId: null }],
  ]),
  products: new Map([
    ['P1', { id, code: 'P1', category: null, cost: '40' }],
    ['P2', { id: id.replace(/1$/, '3'), code: 'P2', category: 'x', cost: null }],
  ]),
  orders: new Map(),
};
const plan = (rows: string[][], with_: Known = known) =>
  groupsOf(table(rows), '2026-11-20').map((group) => planOrder(group, with_));

describe('rows of an import', () => {
  it.each([
    ['1500000', '1500000'],
    ['1.500.000', '1500000'],
    ['1,500,000 ₫', '1500000'],
    ['1 500 000đ', '1500000'],
    ['-1.500', '1500'],
    ['1500.00', '1500'],
  ])('reads the amount %s', (typed, amount) =>
    expect(read('C', 'O', '2024-01-01', 'P', typed.startsWith('-') ? '-1' : '1', typed, '')).toMatchObject({
      amount,
      cost: null,
    }),
  );

  it.each([
    ['2024-02-29', '2024-02-29'],
    ['5/3/2024', '2024-03-05'],
    ['05.03.2024', '2024-03-05'],
  ])('reads the day %s', (typed, day) => expect(read('C', 'O', typed, 'P', '1', '1', '1')?.date).toBe(day));

  it.each([
    ['date', ['C', 'O', '2023-02-29', 'P', '1', '1', '1']],
    ['date', ['C', 'O', '2026-11-21', 'P', '1', '1', '1']],
    ['quantity', ['C', 'O', '2024-01-01', 'P', '0', '1', '1']],
    ['quantity', ['C', 'O', '2024-01-01', 'P', 'two', '1', '1']],
    ['amount', ['C', 'O', '2024-01-01', 'P', '1', '', '1']],
    ['amount', ['C', 'O', '2024-01-01', 'P', '1', '-5', '1']],
    ['amount', ['C', 'O', '2024-01-01', 'P', '1', '1.5', '1']],
    ['cost', ['C', 'O', '2024-01-01', 'P', '1', '1', 'x']],
    ['amount', ['C', 'O', '2024-01-01', 'P', '1', '999999999999999', '1']],
    ['cost', ['C', 'O', '2024-01-01', 'P', '1', '1', '1000000000001']],
    ['customerCode', ['', 'O', '2024-01-01', 'P', '1', '1', '1']],
    ['productCode', ['C', 'O', '2024-01-01', '', '1', '1', '1']],
    ['orderCode', ['C', '', '2024-01-01', 'P', '1', '1', '1']],
    ['orderCode', ['C', 'O\ufffd', '2024-01-01', 'P', '1', '1', '1']],
  ])('names a faulty %s', (field, row) => expect(read(...row)?.fault?.field).toBe(field));

  it('knows Vietnamese headings, and says which column is missing', () => {
    const names = ['Mã khách hàng', 'Mã đơn hàng', 'Ngày', 'Mã sản phẩm', 'Số lượng', 'Thành tiền'];
    expect(groupsOf(table([['C', 'O', '2024-01-01', 'P', '1', '5']], names), '2026-11-20')[0]?.sales[0]).toMatchObject({
      amount: '5',
      cost: null,
    });
    expect(() => groupsOf(table([], names.slice(1)), '2026-11-20')).toThrow(Problem);
  });
});

describe('planOrder', () => {
  it('gathers lines that stand apart, and takes returns back from the lines of their product', () => {
    const [made] = plan([
      ['C1', 'O1', '2024-01-02', 'P1', '2', '100', '60'],
      ['C1', 'O1', '2024-01-09', 'P1', '-3', '-150', ''],
      ['C1', 'O1', '2024-01-01', 'P1', '2', '101', '61'],
    ]);
    expect(made?.failed).toEqual([]);
    expect(made?.planned?.order).toMatchObject({
      orderedOn: '2024-01-01',
      total: '201',
      credited: '150',
      paid: '51',
      version: 2,
      lines: [{ returned: '2' }, { returned: '1' }],
    });
    expect(made?.planned?.returns[0]).toMatchObject({
      credited: { amount: '150' },
      lines: [
        { line: 1, quantity: '2', amount: { amount: '100' }, cost: { amount: '60' } },
        { line: 2, quantity: '1', amount: { amount: '50' } },
      ],
    });
    expect(
      made?.planned?.changes.map(({ aggregate, messages }) => [
        aggregate.version,
        messages.map((message) => message.constructor.name),
      ]),
    ).toEqual([
      [1, ['OrderConfirmed', 'PaymentReceived']],
      [2, ['GoodsReturned', 'OrderState']],
    ]);
    expect(made?.planned?.payment).toMatchObject({
      amount: { amount: '201' },
      receivedOn: '2024-01-01',
      origin: 'import',
      branchId: id,
    });
    expect(made?.planned?.returns[0]).toMatchObject({
      refunded: { amount: '150' },
      orderOrigin: 'import',
      branchId: id,
    });
    expect(plan([['C1', 'O1', '2024-01-02', 'P1', '2', '0', '']])[0]?.planned?.payment).toBeUndefined();
  });

  it('fails an order as a whole, but a return alone', () => {
    const [broken] = plan([
      ['C1', 'O1', '2024-01-01', 'P1', '1', '100', '60'],
      ['C2', 'O1', '2024-01-01', 'P1', '1', '100', '60'],
      ['C1', 'O1', '2024-01-02', 'P1', '-1', '100', '60'],
    ]);
    expect(broken?.planned).toBeUndefined();
    expect(broken?.failed.map(({ row, field }) => [row.line, field])).toEqual([
      [2, 'orderCode'],
      [3, 'customerCode'],
      [4, 'orderCode'],
    ]);
    const [kept] = plan([
      ['C1', 'O1', '2024-01-05', 'P1', '1', '100', '60'],
      ['C1', 'O1', '2024-01-06', 'P1', '-2', '100', ''],
      ['C1', 'O1', '2024-01-06', 'P2', '-1', '1', ''],
      ['C1', 'O1', '2024-01-06', 'P1', '-1', '101', ''],
      ['C1', 'O1', '2024-01-04', 'P1', '-1', '1', ''],
      ['C2', 'O1', '2024-01-06', 'P1', '-1', '1', ''],
    ]);
    expect(kept?.planned?.order.total).toBe('100');
    expect(kept?.failed.map(({ field }) => field).sort()).toEqual([
      'amount',
      'customerCode',
      'date',
      'productCode',
      'quantity',
    ]);
  });

  it('takes no order of another age, and no return before what comes back was delivered', () => {
    expect(plan([['C1', 'O1', '0202-01-02', 'P1', '1', '100', '']])[0]?.failed).toMatchObject([{ field: 'date' }]);
    const entered = {
      id,
      code: 'O1',
      customerId: id,
      orderedOn: '2024-01-01',
      origin: 'entry' as const,
      status: 'confirmed' as const,
      branchId: id,
      ownerId: null,
      campaignId: null,
      currency: 'VND',
      total: '300',
      paid: '100',
      credited: '0',
      delivered: 'part' as const,
      version: 5,
      isNew: false,
      movements: [{ line: 1, day: '2024-01-10', quantity: '2' }],
      lines: [
        {
          line: 1,
          productId: id,
          productCode: 'P1',
          productCategory: null,
          quantity: '3',
          amount: '300',
          cost: '120',
          delivered: '2',
          returned: '0',
        },
      ],
    };
    const back = (day: string, quantity = '-1') =>
      plan([['C1', 'O1', day, 'P1', quantity, '-100', '']], {
        ...known,
        orders: new Map([['O1', structuredClone(entered)]]),
      })[0];
    expect(back('2024-01-09')?.failed).toMatchObject([
      { field: 'date', reason: 'lies before the delivery of what comes back' },
    ]);
    expect(back('2024-01-11', '-3')?.failed).toMatchObject([{ field: 'quantity' }]);
    expect(back('2024-01-10')?.planned).toMatchObject({
      order: { paid: '100', credited: '100' },
      returns: [{ refunded: { amount: '0' }, orderOrigin: 'entry', origin: 'import' }],
    });
  });

  it('credits exactly what the file says, over however many lines', () => {
    const rows = fc.record({
      sold: fc.array(
        fc.record({ quantity: fc.integer({ min: 1, max: 9 }), amount: fc.integer({ min: 0, max: 10_000 }) }),
        { minLength: 1, maxLength: 6 },
      ),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(rows, ({ sold, share }) => {
        const quantity = Math.max(1, Math.round(sold.reduce((sum, each) => sum + each.quantity, 0) * share));
        const credit = Math.floor(sold.reduce((sum, each) => sum + each.amount, 0) * share);
        const [made] = plan([
          ...sold.map((each) => ['C1', 'O1', '2024-01-01', 'P1', String(each.quantity), String(each.amount), '']),
          ['C1', 'O1', '2024-01-02', 'P1', String(-quantity), String(-credit), ''],
        ]);
        const [back] = made?.planned?.returns ?? [];
        expect(made?.failed).toEqual([]);
        expect(Money.sum(back?.lines.map((line) => line.amount) ?? [], 'VND').amount).toBe(String(credit));
        expect(back?.lines.reduce((sum, line) => sum + Number(line.quantity), 0)).toBe(quantity);
        expect(made?.planned?.order.paid).toBe(String(Number(made?.planned?.order.total) - credit));
      }),
    );
  });
});
