import { ConsentGiven, ConsentWithdrawn, eventOf, problemOfProduced, type CustomerState } from '@quen/events';
import { readPhone } from './contact-points.js';
import { Customer, type CustomerDetails } from './customer.entity.js';

const at = new Date('2026-03-01T02:00:00Z');
const branchId = '0190a000-0000-7000-8000-000000000001';
const ownerId = '0190a000-0000-7000-8000-000000000002';
const id = '0190a000-0000-7000-8000-000000000003';
const consentId = '0190a000-0000-7000-8000-000000000004';

const register = (details: CustomerDetails = {}): Customer =>
  Customer.register(
    { displayName: 'Nguyễn Thị Thu Lan', phones: [readPhone('0912 345 678')!], ...details },
    { id, code: 'kh-000001', branchId, ownerId: null, at },
  );

const asWire = (state: CustomerState): unknown =>
  JSON.parse(JSON.stringify({ ...state, eventId: id, aggregateId: id, aggregateVersion: 1, occurredAt: at }));

describe('Customer', () => {
  it('registers with name parts, keys and search text', () => {
    const customer = register({ taxCode: '0101243150' });
    expect(customer).toMatchObject({
      code: 'KH-000001',
      familyName: 'Nguyễn',
      middleName: 'Thị Thu',
      givenName: 'Lan',
      version: 1,
      lifecycle: 'prospect',
    });
    expect(customer.keys().map(({ kind }) => kind)).toEqual(['code', 'phone', 'tax-code']);
    expect(customer.searchText()).toBe('nguyen thi thu lan kh-000001 +84912345678 0912345678 0101243150');
    expect(customer.registered()).toMatchObject({ customerId: id, branchId, source: 'manual' });
  });

  it('publishes a state that holds its schema and no citizen id', () => {
    const state = register({ citizenId: '001185012345', note: 'quen sếp' }).state();
    expect(problemOfProduced(eventOf(state), asWire(state))).toBeUndefined();
    expect(JSON.stringify(state)).not.toContain('001185012345');
    expect(JSON.stringify(state)).not.toContain('quen sếp');
  });

  it('names the corrected fields, the parts of a new name included', () => {
    const customer = register();
    expect(customer.correct({ displayName: 'Lê Lan', needs: 'máy lọc nước', title: null }, at)?.fields.sort()).toEqual([
      'displayName',
      'familyName',
      'middleName',
      'needs',
    ]);
    expect(customer.correct({ displayName: 'Lê Lan' }, at)).toBeUndefined();
  });

  it('is not corrected by the same phones as JSON', () =>
    expect(
      register().correct({ phones: [{ typed: '0912 345 678', e164: '+84912345678' }] as Customer['phones'] }, at),
    ).toBeUndefined());

  it('keeps name parts that were given', () => {
    const customer = register({ displayName: 'Kim Joo', familyName: 'Kim', givenName: 'Joo' });
    expect([customer.familyName, customer.givenName]).toEqual(['Kim', 'Joo']);
  });

  it('changes hands once', () => {
    const customer = register();
    expect(customer.assign(branchId, ownerId, at)).toMatchObject({ branchId, ownerId, previousBranchId: branchId });
    expect(customer.assign(branchId, ownerId, at)).toBeUndefined();
  });
});

describe('consent answers', () => {
  const entry = (given: boolean, when: string) => ({
    purpose: 'marketing' as const,
    channel: 'email' as const,
    given,
    at: when,
    consentId,
    source: 'seminar',
  });

  it('come and go', () => {
    const customer = register();
    expect(customer.answer(entry(true, '2026-03-01T02:00:00.000Z'))).toBeInstanceOf(ConsentGiven);
    expect(customer.answer(entry(false, '2026-03-02T02:00:00.000Z'))).toBeInstanceOf(ConsentWithdrawn);
    expect(customer.consents).toEqual([
      { purpose: 'marketing', channel: 'email', given: false, at: '2026-03-02T02:00:00.000Z' },
    ]);
  });

  it('are not turned back by an older entry that arrives late', () => {
    const customer = register();
    customer.answer(entry(false, '2026-03-02T02:00:00.000Z'));
    expect(customer.answer(entry(true, '2026-03-01T02:00:00.000Z'))).toBeUndefined();
    expect(customer.consents[0]?.given).toBe(false);
  });

  it('of one moment end in the withdrawal', () => {
    const customer = register();
    customer.answer(entry(false, '2026-03-02T02:00:00.000Z'));
    expect(customer.answer(entry(true, '2026-03-02T02:00:00.000Z'))).toBeUndefined();
  });
});
