import { Problem } from '@quen/messaging';
import { Contract } from './contract.entity.js';

const draft = (): Contract => Object.assign(new Contract(), { id: 'k', code: 'HD26-000001', customerId: 'c', quoteId: 'q', status: 'draft', currency: 'VND', total: '100', startsOn: null, endsOn: '2027-10-31', version: 1 });
const codeOf = (work: () => unknown): string => {
  try { work(); } catch (error) { if (error instanceof Problem) return error.code; throw error; }
  return 'done';
};

describe('Contract', () => {
  it('starts on the day of signature unless another was agreed', () => {
    expect(draft().sign('2026-11-01', 'Ông Lê Vinh', undefined)).toMatchObject({ startsOn: '2026-11-01', endsOn: '2027-10-31', total: { amount: '100' } });
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
});
