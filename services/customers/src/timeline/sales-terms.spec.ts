import { events, jsonSchemaOf } from '@quen/events';
import { withoutTerms } from './sales-terms.js';
import { timelineText } from './timeline-texts.js';

const total = { amount: '4990000', currency: 'VND' };

it('keeps ids, codes and days of a sale', () => {
  expect(
    withoutTerms({ orderId: 'o', orderCode: 'DH-1', orderedOn: '2026-11-01', total, linesCount: 2, branchId: 'b' }),
  ).toEqual({ orderId: 'o', orderCode: 'DH-1', orderedOn: '2026-11-01', linesCount: 2, branchId: 'b' });
  expect(
    withoutTerms({ amount: total, method: 'bank', reason: 'giá cao', stage: 'offer', from: 'a', to: 'b' }),
  ).toEqual({});
});

it('lets no amount, reason, method or stage of any fact of sales through, and leaves a whole sentence', () => {
  for (const { name, target, tells } of events().filter(({ state, topic }) => !state && topic.service === 'sales')) {
    const fields = Object.fromEntries(
      Object.keys(jsonSchemaOf(target)['properties'] as object).map((field) => [field, 'x']),
    );
    expect(
      Object.keys(withoutTerms(fields)).filter((field) =>
        /amount|total|credited|reason|method|stage|from|to$|how|note/i.test(field),
      ),
    ).toEqual([]);
    if (!tells) continue;
    for (const language of ['en', 'vi'] as const)
      expect(timelineText('sales', name.replace('crm.sales.', ''), withoutTerms(fields), language)).toMatch(
        /^\p{Lu}[^:,[\](){}]*(x[^:,[\](){}]*)*(, [^:,[\](){}]+)?$/u,
      );
  }
});
