import { Customer, keyText, readPhone, type CustomerDetails } from '../customers/customers.service.js';
import { changesFor, decide, matchRow, type KnownCustomers } from './row-match.js';
import type { RowValues } from './row-values.js';

const phone = readPhone('0912345678')!;
const row = (details: CustomerDetails = {}, code?: string): RowValues => ({
  line: 2,
  code,
  details: { displayName: 'Nguyễn Thị Thu Lan', phones: [phone], emails: [], ...details },
  consents: [],
  warnings: [],
});
const customer = (number: number, details: CustomerDetails = {}): Customer =>
  Customer.register(
    { displayName: 'Nguyễn Thị Thu Lan', phones: [phone], ...details },
    {
      id: `0190a000-0000-7000-8000-00000000000${number}`,
      code: `KH-${number}`,
      branchId: '0190a000-0000-7000-8000-0000000000ff',
      ownerId: null,
      at: new Date(),
    },
  );
const known = (customers: Customer[], hidden: Customer[] = []): KnownCustomers => {
  const holders = new Map<string, string[]>();
  for (const each of [...customers, ...hidden])
    for (const key of each.keys()) holders.set(keyText(key), [...(holders.get(keyText(key)) ?? []), each.id]);
  return { holders, customers: new Map(customers.map((each) => [each.id, each])) };
};

describe('matchRow by default', () => {
  it('takes a phone when the names agree', () =>
    expect(matchRow(row({ displayName: 'nguyen thi thu lan' }), known([customer(1)]), [])).toMatchObject({
      customer: { code: 'KH-1' },
    }));
  it('does not take the phone of somebody else in the family', () =>
    expect(matchRow(row({ displayName: 'Trần Văn Long' }), known([customer(1)]), [])).toBeUndefined());
  it('does not take a phone when the ids differ', () =>
    expect(
      matchRow(row({ taxCode: '0101243150' }), known([customer(1, { taxCode: '0100109106' })]), []),
    ).toBeUndefined());
  it('takes a tax code whatever the name', () =>
    expect(
      matchRow(
        row({ taxCode: '0101243150', displayName: 'Cty X', phones: [] }),
        known([customer(1, { taxCode: '0101243150' })]),
        [],
      ),
    ).toMatchObject({ customer: { code: 'KH-1' } }));
  it('refuses ids of different customers', () =>
    expect(
      matchRow(
        row({ taxCode: '0101243150' }, 'KH-2'),
        known([customer(1, { taxCode: '0101243150' }), customer(2)]),
        [],
      ),
    ).toEqual({ fault: 'match_ambiguous' }));
  it('refuses an id of a customer that the importer may not see', () =>
    expect(matchRow(row({}, 'KH-1'), known([], [customer(1)]), [])).toEqual({ fault: 'match_hidden' }));
  it('refuses a customer with another tax code', () =>
    expect(
      matchRow(row({ taxCode: '0101243150' }, 'KH-1'), known([customer(1, { taxCode: '0100109106' })]), []),
    ).toEqual({ fault: 'id_differs' }));
  it('does not choose between two namesakes on one phone', () =>
    expect(matchRow(row(), known([customer(1), customer(2)]), [])).toEqual({ fault: 'match_ambiguous' }));
});

describe('matchRow by chosen keys', () => {
  it('takes the phone whatever the name', () =>
    expect(matchRow(row({ displayName: 'Trần Văn Long' }), known([customer(1)]), ['phone'])).toMatchObject({
      customer: { code: 'KH-1' },
    }));
  it('looks at no other key', () => expect(matchRow(row(), known([customer(1)]), ['email'])).toBeUndefined());
});

describe('changesFor', () => {
  it('adds contact points and keeps the better spelling', () => {
    const before = customer(1, { emails: ['a@mail.example'] });
    const changes = changesFor(
      before,
      row({ displayName: 'nguyen thi thu lan', emails: ['b@mail.example'], needs: 'máy lọc' }),
    );
    expect(changes).toMatchObject({ emails: ['a@mail.example', 'b@mail.example'], needs: 'máy lọc' });
    expect(changes).not.toHaveProperty('displayName');
  });
  it('takes marks that were missing', () =>
    expect(changesFor(customer(1, { displayName: 'Nguyen Thi Thu Lan' }), row())).toHaveProperty(
      'displayName',
      'Nguyễn Thị Thu Lan',
    ));
  it('does not make a firm of its representative', () => {
    const changes = changesFor(
      customer(1, { kind: 'organisation', displayName: 'Công ty An Phát', representative: 'Nguyễn Thị Thu Lan' }),
      row({ sex: 'female' }),
    );
    expect(Object.keys(changes).sort()).toEqual(['emails', 'externalIds', 'phones']);
  });
});

it.each([
  ['create', true, 'leave'],
  ['create', false, 'create'],
  ['create-update', true, 'update'],
  ['update', false, 'refuse'],
] as const)('%s with a match %s: %s', (mode, matched, what) => expect(decide(mode, matched)).toBe(what));
