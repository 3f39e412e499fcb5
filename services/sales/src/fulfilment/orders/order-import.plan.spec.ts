import fc from 'fast-check';
import { readRow } from '@quen/chassis';
import { Money } from '@quen/events';
import { orderColumns, type OrderColumns } from './order-import.columns.js';
import { planOrder, type Known, type OrderRow } from './order-import.plan.js';
import { Order } from './order.entity.js';

const columns = ['customerCode', 'orderCode', 'date', 'productCode', 'quantity', 'amount', 'cost'];
const at = { today: '2026-11-20', zone: 'Asia/Ho_Chi_Minh' };
const rowsOf = (rows: string[][], names = columns): OrderRow[] => {
  const map = orderColumns.map(names);
  orderColumns.mustCover(names, map);
  return rows.map((row, index) =>
    readRow(
      { line: index + 2, start: 0, cells: names.map((_, place) => row[place] ?? '') },
      names,
      map,
      orderColumns,
      at,
    ),
  );
};
const read = (...row: string[]): OrderRow => rowsOf([row])[0] as OrderRow;
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
  at: new Date('2026-11-20T00:00:00Z'),
  today: at.today,
  field: (target: keyof OrderColumns) => target,
};
const plan = (rows: string[][], with_: Known = known) => {
  const { planned, outcomes } = planOrder(rowsOf(rows), with_);
  return {
    planned,
    failed: outcomes.flatMap(({ line, faults: [fault] }) =>
      fault ? [{ line, field: fault.field, code: fault.code }] : [],
    ),
  };
};

describe('rows of an import', () => {
  it.each([
    ['1500000', '1500000'],
    ['1.500.000', '1500000'],
    ['1,500,000 ₫', '1500000'],
    ['1 500 000đ', '1500000'],
    ['-1.500', '-1500'],
    ['1500.00', '1500'],
    ['1.500.000,00', '1500000'],
  ])('reads the amount %s', (typed, amount) =>
    expect(read('C', 'O', '2024-01-01', 'P', typed.startsWith('-') ? '-1' : '1', typed, '')).toEqual(
      expect.objectContaining({ values: expect.objectContaining({ amount }), faults: [] }),
    ),
  );

  it.each([
    ['2024-02-29', '2024-02-29'],
    ['5/3/2024', '2024-03-05'],
    ['05.03.2024', '2024-03-05'],
    ['2024-03-05 00:00:00', '2024-03-05'],
    ['45356', '2024-03-05'],
  ])('reads the day %s', (typed, day) => expect(read('C', 'O', typed, 'P', '1', '1', '1').values.date).toBe(day));

  it.each([
    ['date', ['C', 'O', '2023-02-29', 'P', '1', '1', '1']],
    ['date', ['C', 'O', '2026-11-21', 'P', '1', '1', '1']],
    ['date', ['C', 'O', '0202-11-21', 'P', '1', '1', '1']],
    ['quantity', ['C', 'O', '2024-01-01', 'P', '0', '1', '1']],
    ['quantity', ['C', 'O', '2024-01-01', 'P', 'two', '1', '1']],
    ['quantity', ['C', 'O', '2024-01-01', 'P', '1.500', '1', '1']],
    ['quantity', ['C', 'O', '2024-01-01', 'P', '1,000', '1', '1']],
    ['amount', ['C', 'O', '2024-01-01', 'P', '1', '', '1']],
    ['amount', ['C', 'O', '2024-01-01', 'P', '1', '1.5', '1']],
    ['cost', ['C', 'O', '2024-01-01', 'P', '1', '1', 'x']],
    ['amount', ['C', 'O', '2024-01-01', 'P', '1', '999999999999999', '1']],
    ['cost', ['C', 'O', '2024-01-01', 'P', '1', '1', '1000000000001']],
    ['customerCode', ['', 'O', '2024-01-01', 'P', '1', '1', '1']],
    ['productCode', ['C', 'O', '2024-01-01', '', '1', '1', '1']],
    ['orderCode', ['C', '', '2024-01-01', 'P', '1', '1', '1']],
    ['orderCode', ['C', 'O\ufffd', '2024-01-01', 'P', '1', '1', '1']],
  ])('names a faulty %s', (field, row) => expect(read(...row).faults.map((fault) => fault.field)).toEqual([field]));

  it('knows Vietnamese headings, and says which column is missing', () => {
    const names = ['Mã khách hàng', 'Mã đơn hàng', 'Ngày', 'Mã sản phẩm', 'Số lượng', 'Thành tiền (VND)'];
    expect(rowsOf([['C', 'O', '2024-01-01', 'P', '1', '5']], names)[0]).toMatchObject({
      values: { amount: '5' },
      faults: [],
    });
    expect(() => rowsOf([], names.slice(1))).toThrow(
      expect.objectContaining({ code: 'import_columns_missing' }) as Error,
    );
  });
});

describe('planOrder', () => {
  it('gathers lines that stand apart, and takes returns back from the lines of their product', () => {
    const made = plan([
      ['C1', 'O1', '2024-01-02', 'P1', '2', '100', '60'],
      ['C1', 'O1', '2024-01-09', 'P1', '-3', '-150', ''],
      ['C1', 'O1', '2024-01-01', 'P1', '2', '101', '61'],
    ]);
    expect(made.failed).toEqual([]);
    expect(made.planned).toMatchObject({
      order: { orderedOn: '2024-01-01', total: '201', credited: '150', paid: '51', version: 2, status: 'closed' },
      lines: [{ returned: '2' }, { returned: '1' }],
    });
    expect(made.planned?.returns[0]).toMatchObject({
      credited: { amount: '150' },
      lines: [
        { line: 1, quantity: '2', amount: { amount: '100' }, cost: { amount: '60' } },
        { line: 2, quantity: '1', amount: { amount: '50' } },
      ],
    });
    expect(
      made.planned?.changes.map(({ aggregate, messages }) => [
        aggregate.version,
        messages.map((message) => message.constructor.name),
      ]),
    ).toEqual([
      [1, ['OrderConfirmed', 'PaymentReceived']],
      [2, ['GoodsReturned', 'OrderState']],
    ]);
    expect(made.planned?.payment).toMatchObject({
      amount: { amount: '201' },
      receivedOn: '2024-01-01',
      origin: 'import',
      branchId: id,
    });
    expect(made.planned?.returns[0]).toMatchObject({
      refunded: { amount: '150' },
      orderOrigin: 'import',
      branchId: id,
    });
    expect(plan([['C1', 'O1', '2024-01-02', 'P1', '2', '0', '']]).planned?.payment).toBeUndefined();
  });

  it('fails an order as a whole, but a return alone', () => {
    const broken = plan([
      ['C1', 'O1', '2024-01-01', 'P1', '1', '100', '60'],
      ['C2', 'O1', '2024-01-01', 'P1', '1', '100', '60'],
      ['C1', 'O1', '2024-01-02', 'P1', '-1', '100', '60'],
    ]);
    expect(broken.planned).toBeUndefined();
    expect(broken.failed.map(({ line, field }) => [line, field])).toEqual([
      [2, 'orderCode'],
      [3, 'customerCode'],
      [4, 'orderCode'],
    ]);
    const kept = plan([
      ['C1', 'O1', '2024-01-05', 'P1', '1', '100', '60'],
      ['C1', 'O1', '2024-01-06', 'P1', '-2', '100', ''],
      ['C1', 'O1', '2024-01-06', 'P2', '-1', '1', ''],
      ['C1', 'O1', '2024-01-06', 'P1', '-1', '101', ''],
      ['C1', 'O1', '2024-01-04', 'P1', '-1', '1', ''],
      ['C2', 'O1', '2024-01-06', 'P1', '-1', '1', ''],
    ]);
    expect(kept.planned?.order.total).toBe('100');
    expect(kept.failed.map(({ field }) => field).sort()).toEqual([
      'amount',
      'customerCode',
      'date',
      'productCode',
      'quantity',
    ]);
  });

  it('takes no order of another age, and no return before what comes back was delivered', () => {
    expect(plan([['C1', 'O1', '0202-01-02', 'P1', '1', '100', '']]).failed).toMatchObject([{ field: 'date' }]);
    const entered = (): Known['orders'] => {
      const { order, lines } = Order.ofPast(
        {
          code: 'O1',
          customerId: id,
          orderedOn: '2024-01-01',
          branchId: id,
          ownerId: null,
          currency: 'VND',
          lines: [
            { productId: id, productCode: 'P1', productCategory: null, quantity: '3', amount: '300', cost: '120' },
          ],
        },
        known.at,
      );
      Object.assign(order, { origin: 'entry', status: 'confirmed', paid: '100', delivered: 'part', version: 5 });
      Object.assign(lines[0] as object, { delivered: '2' });
      return new Map([['O1', { order, lines, movements: [{ line: 1, day: '2024-01-10', quantity: '2' }] }]]);
    };
    const back = (day: string, quantity = '-1', amount = '-100') =>
      plan([['C1', 'O1', day, 'P1', quantity, amount, '']], { ...known, orders: entered() });
    expect(back('2024-01-09').failed).toMatchObject([{ field: 'date', code: 'return_before_delivery' }]);
    expect(back('2023-12-31').failed).toMatchObject([{ field: 'date', code: 'day_before_order' }]);
    expect(back('2024-01-11', '-3').failed).toMatchObject([{ field: 'quantity', code: 'return_beyond_delivered' }]);
    expect(back('2024-01-11', '-1', '-301').failed).toMatchObject([{ field: 'amount', code: 'return_beyond_total' }]);
    expect(back('2024-01-10').planned).toMatchObject({
      order: { paid: '100', credited: '100', status: 'confirmed' },
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
        const made = plan([
          ...sold.map((each) => ['C1', 'O1', '2024-01-01', 'P1', String(each.quantity), String(each.amount), '']),
          ['C1', 'O1', '2024-01-02', 'P1', String(-quantity), String(-credit), ''],
        ]);
        const [back] = made.planned?.returns ?? [];
        expect(made.failed).toEqual([]);
        expect(Money.sum(back?.lines.map((line) => line.amount) ?? [], 'VND').amount).toBe(String(credit));
        expect(back?.lines.reduce((sum, line) => sum + Number(line.quantity), 0)).toBe(quantity);
        expect(made.planned?.order.paid).toBe(String(Number(made.planned?.order.total) - credit));
      }),
    );
  });
});
