import { codeOf } from '@quen/testing';
import { Contract } from './contract.entity.js';

const draft = (): Contract =>
  Object.assign(new Contract(), {
    id: 'k',
    code: 'HD26-000001',
    customerId: 'c',
    quoteId: 'q',
    status: 'draft',
    currency: 'VND',
    total: '100',
    startsOn: null,
    endsOn: '2027-10-31',
    version: 1,
  });

describe('Contract', () => {
  it('starts on the day of signature unless another was agreed', () => {
    expect(draft().sign('2026-11-01', 'Ông Lê Vinh', undefined)).toMatchObject({
      startsOn: '2026-11-01',
      endsOn: '2027-10-31',
      total: { amount: '100' },
    });
    expect(draft().sign('2026-11-01', 'Ông Lê Vinh', '2026-12-01').startsOn).toBe('2026-12-01');
  });

  it('does not end before it starts', () => {
    expect(codeOf(() => draft().sign('2027-11-01', 'x', undefined))).toBe('contract_dates');
    expect(codeOf(() => draft().change({ startsOn: '2028-01-01' }))).toBe('contract_dates');
  });

  it('goes from draft to signed to ended and never back', () => {
    const contract = draft();
    expect(codeOf(() => contract.end('terminated', '2026-11-01', 'x'))).toBe('contract_not_signed');
    contract.sign('2026-11-01', 'x', undefined);
    expect(codeOf(() => contract.sign('2026-11-01', 'x', undefined))).toBe('contract_not_draft');
    expect(codeOf(() => contract.change({ title: 'y' }))).toBe('contract_not_draft');
    expect(contract.end('fulfilled', '2027-01-01', undefined)).toMatchObject({ how: 'fulfilled' });
    expect(codeOf(() => contract.end('expired', '2027-11-01', undefined))).toBe('contract_not_signed');
  });

  it('ends not before it was signed, and expires not before its last day', () => {
    const contract = draft();
    contract.sign('2026-11-01', 'x', undefined);
    expect(codeOf(() => contract.mayEnd('terminated', '2026-10-31'))).toBe('contract_dates');
    expect(codeOf(() => contract.mayEnd('expired', '2027-10-30'))).toBe('contract_not_expired');
    expect(codeOf(() => contract.mayEnd('expired', '2027-10-31'))).toBe('done');
    expect(
      codeOf(() =>
        Object.assign(draft(), { startsOn: '2026-01-01', endsOn: '2026-06-30' }).sign('2026-11-01', 'x', undefined),
      ),
    ).toBe('contract_dates');
  });

  it('holds from its first to its last day', () => {
    const contract = draft();
    contract.sign('2026-11-01', 'x', '2026-12-01');
    expect(
      ['2026-11-30', '2026-12-01', '2027-10-31', '2027-11-01'].map((day) => codeOf(() => contract.mustHoldOn(day))),
    ).toEqual(['order_outside_contract', 'done', 'done', 'order_outside_contract']);
  });
});
