import { codeOf } from '@quen/testing';
import { Quote } from './quote.entity.js';

const draft = (): Quote =>
  Object.assign(new Quote(), {
    id: 'q1',
    code: 'BG26-000001',
    revision: 1,
    previousId: null,
    opportunityId: 'o',
    customerId: 'c',
    status: 'draft',
    currency: 'VND',
    total: '100',
    validUntil: '2026-11-30',
    version: 3,
  });
const now = new Date();

describe('Quote', () => {
  it('is issued and accepted on its last day, not after', () => {
    const quote = draft();
    expect(codeOf(() => draft().issue(1, now, '2026-12-01'))).toBe('quote_expired');
    expect(quote.issue(1, now, '2026-11-30').total.amount).toBe('100');
    expect(codeOf(() => quote.accept(now, '2026-12-01'))).toBe('quote_expired');
    quote.accept(now, '2026-11-30');
    expect(quote.status).toBe('accepted');
  });

  it('never changes after it was issued; a revision does', () => {
    const quote = draft();
    expect(codeOf(() => quote.revise(2))).toBe('quote_still_draft');
    quote.issue(1, now, '2026-11-01');
    expect(codeOf(() => quote.change({ validUntil: null }))).toBe('quote_not_draft');
    const revised = quote.revise(2);
    expect(revised).toMatchObject({ code: quote.code, revision: 2, previousId: 'q1', status: 'draft', issuedAt: null });
    expect(revised.id).not.toBe(quote.id);
    expect(revised.version).toBeUndefined();
    quote.supersede();
    expect(codeOf(() => quote.accept(now, '2026-11-01'))).toBe('quote_not_issued');
  });

  it('is not issued empty, and refused only once issued', () => {
    expect(codeOf(() => draft().issue(0, now, '2026-11-01'))).toBe('quote_without_lines');
    expect(codeOf(() => draft().refuse('no', now))).toBe('quote_not_issued');
  });
});
