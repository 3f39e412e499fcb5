import fc from 'fast-check';
import { Money } from '@quen/events';
import { Problem } from '@quen/messaging';
import { codeOf } from '@quen/testing';
import type { Movement } from './order-arithmetic.value.js';
import { OrderedLine } from './order-line.entity.js';
import { Order } from './order.entity.js';

const id = '01920000-0000-7000-8000-000000000001';
const line = (number: number, quantity: string, amount: string): OrderedLine =>
  Object.assign(new OrderedLine(), {
    orderId: id,
    line: number,
    productId: id,
    productCode: 'P',
    productCategory: null,
    quantity,
    amount,
    cost: '0',
    delivered: '0',
    returned: '0',
  });
function order(lines: OrderedLine[]): Order {
  return Object.assign(new Order(), {
    id,
    code: 'DH26-000001',
    customerId: id,
    orderedOn: '2026-11-01',
    status: 'draft',
    origin: 'entry',
    quoteId: null,
    contractId: null,
    opportunityId: null,
    leadId: null,
    campaignId: id,
    branchId: id,
    ownerId: id,
    currency: 'VND',
    total: Money.sum(lines.map((each) => Money.of(each.amount))).amount,
    invoiced: '0',
    paid: '0',
    credited: '0',
    delivered: 'none',
    version: 1,
  });
}
const day = '2026-11-02';

/** All that was delivered and came back so far, as if it had been on one day. */
const moved = (lines: readonly OrderedLine[]): Movement[] =>
  lines.flatMap(({ line, delivered, returned }) => [
    { line, day, quantity: delivered },
    { line, day, quantity: `-${returned}` },
  ]);

describe('Order', () => {
  it('goes from draft over delivery and payment to closed, and still takes goods back', () => {
    const lines = [line(1, '3', '100')];
    const made = order(lines);
    expect(made.confirm(lines, new Date()).lines[0]?.amount.amount).toBe('100');
    expect(made.deliver(lines, [{ line: 1, quantity: '2' }], day).lines[0]?.amount.amount).toBe('67');
    expect(made.delivered).toBe('part');
    expect(made.deliver(lines, undefined, day).lines[0]?.quantity).toBe('1');
    expect(made.pay(Money.of('40'), day, 'cash').campaignId).toBe(id);
    expect(made.status).toBe('confirmed');
    made.pay(Money.of('60'), day, 'cash');
    expect(made.status).toBe('closed');
    expect(made.takeBack(lines, [{ line: 1, quantity: '1' }], day, 'broken', moved(lines)).credited.amount).toBe('33');
    expect(made.balance().amount).toBe('-33');
  });

  it('refuses what is beyond the order', () => {
    const lines = [line(1, '3', '100')];
    const made = order(lines);
    expect(codeOf(() => made.pay(Money.of('1'), day, 'cash'))).toBe('order_not_confirmed');
    expect(codeOf(() => order([]).confirm([], new Date()))).toBe('order_without_lines');
    made.confirm(lines, new Date());
    expect(codeOf(() => made.confirm(lines, new Date()))).toBe('order_not_draft');
    expect(codeOf(() => made.cancel())).toBe('order_not_draft');
    expect(codeOf(() => made.deliver(lines, [{ line: 1, quantity: '3.0001' }], day))).toBe('delivery_beyond_ordered');
    expect(codeOf(() => made.deliver(lines, [{ line: 2, quantity: '1' }], day))).toBe('line_unknown');
    expect(
      codeOf(() =>
        made.deliver(
          lines,
          [
            { line: 1, quantity: '1' },
            { line: 1, quantity: '1' },
          ],
          day,
        ),
      ),
    ).toBe('line_twice');
  });

  it('refuses returns beyond what was delivered, payments beyond what is due, other currencies', () => {
    const lines = [line(1, '3', '100')];
    const made = order(lines);
    made.confirm(lines, new Date());
    made.deliver(lines, [{ line: 1, quantity: '1' }], day);
    expect(codeOf(() => made.takeBack(lines, [{ line: 1, quantity: '2' }], day, undefined, moved(lines)))).toBe(
      'return_beyond_delivered',
    );
    made.takeBack(lines, [{ line: 1, quantity: '1' }], day, undefined, moved(lines));
    expect(codeOf(() => made.pay(Money.of('68'), day, 'cash'))).toBe('payment_beyond_due');
    expect(codeOf(() => made.pay(Money.of('67', 'USD'), day, 'cash'))).toBe('other_currency');
    expect(codeOf(() => made.pay(Money.of('0'), day, 'cash'))).toBe('amount_not_positive');
    expect(codeOf(() => made.invoice('HD1', Money.of('68'), day, day))).toBe('invoice_beyond_total');
    expect(codeOf(() => made.invoice('HD1', undefined, day, '2026-11-01'))).toBe('due_before_issue');
    expect(made.invoice('HD1', undefined, day, day).amount.amount).toBe('67');
    expect(codeOf(() => made.invoice('HD2', undefined, day, day))).toBe('invoice_beyond_total');
  });

  it('keeps sums that equal its facts, whatever is tried', () => {
    const steps = fc.array(
      fc.record({
        act: fc.constantFrom('deliver', 'return', 'pay', 'invoice'),
        line: fc.integer({ min: 1, max: 2 }),
        size: fc.integer({ min: 1, max: 40 }),
      }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 9999 }), fc.integer({ min: 0, max: 9999 }), (list, one, two) => {
        const lines = [line(1, '7', String(one)), line(2, '13', String(two))];
        const made = order(lines);
        made.confirm(lines, new Date());
        const sums = {
          delivered: { 1: 0, 2: 0 } as Record<number, number>,
          returned: { 1: 0, 2: 0 } as Record<number, number>,
          paid: 0,
          credited: 0,
          invoiced: 0,
        };
        for (const { act, line: number, size } of list) {
          const parts = [{ line: number, quantity: String((size % 5) + 1) }];
          try {
            if (act === 'deliver') {
              made.deliver(lines, parts, day);
              sums.delivered[number]! += (size % 5) + 1;
            } else if (act === 'return') {
              sums.credited += Number(made.takeBack(lines, parts, day, undefined, moved(lines)).credited.amount);
              sums.returned[number]! += (size % 5) + 1;
            } else if (act === 'pay') sums.paid += Number(made.pay(Money.of(size), day, 'cash').amount.amount);
            else sums.invoiced += Number(made.invoice('HD', Money.of(size), day, day).amount.amount);
          } catch (error) {
            if (!(error instanceof Problem)) throw error;
          }
        }
        for (const each of lines) {
          expect(Number(each.delivered)).toBe(sums.delivered[each.line]);
          expect(Number(each.returned)).toBe(sums.returned[each.line]);
          expect(Number(each.returned)).toBeLessThanOrEqual(Number(each.delivered));
          expect(Number(each.delivered)).toBeLessThanOrEqual(Number(each.quantity));
        }
        expect([Number(made.paid), Number(made.credited), Number(made.invoiced)]).toEqual([
          sums.paid,
          sums.credited,
          sums.invoiced,
        ]);
        for (const sum of [made.paid, made.credited, made.invoiced])
          expect(Number(sum)).toBeLessThanOrEqual(Number(made.total));
      }),
    );
  });
});
