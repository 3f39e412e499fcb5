import { ConsentsService } from '../consents/consents.service.js';
import { Customer, keyText } from '../customers/customers.service.js';
import type { CustomerImport } from './customer-import.entity.js';
import { forgetOldest, momentOf, planBatch, type BatchSurroundings } from './import-batch.js';
import type { RowConsent, RowValues } from './row-values.js';

const zone = 'Asia/Ho_Chi_Minh';
const uploaded = new Date('2026-06-01T03:00:00Z');
const branchId = '0190a000-0000-7000-8000-0000000000ff';
const consents = { answer: ConsentsService.prototype.answer.bind(undefined) };
const list = (collectedAt: string | null = null): CustomerImport =>
  ({
    id: branchId,
    mode: 'create-update',
    keys: [],
    source: 'import',
    sourceNote: 'hội thảo',
    fileName: 'list.csv',
    branchId,
    ownerId: branchId,
    collectedAt: collectedAt && new Date(collectedAt),
    createdAt: uploaded,
  }) as unknown as CustomerImport;
const yes: RowConsent = { purpose: 'marketing', channel: 'email', given: true, wording: 'Đồng ý' };
const no: RowConsent = { ...yes, given: false, wording: 'Không nhận' };

/** What a customer has answered after lists were read one after another. */
function after(
  customer: Customer,
  ...lists: { order?: CustomerImport; rows: Partial<RowValues>[] }[]
): { answers: string[]; entries: number; warnings: string[] } {
  const [answers, warnings]: [string[], string[]] = [[], []];
  let entries = 0;
  for (const { order = list(), rows } of lists) {
    const around: BatchSurroundings = {
      holders: new Map(customer.keys().map((key) => [keyText(key), [customer.id]])),
      customers: new Map([[customer.id, customer]]),
      branches: new Map(),
      codes: [],
      at: uploaded,
      zone,
    };
    const plan = planBatch(
      order,
      rows.map((row, index) => ({
        line: index + 2,
        read: {
          values: {
            line: index + 2,
            code: customer.code,
            details: { displayName: customer.displayName },
            consents: [],
            warnings: [],
            ...row,
          },
        },
      })),
      around,
      consents,
    );
    entries += plan.entries.length;
    warnings.push(...plan.outcomes.flatMap((outcome) => outcome.warnings));
  }
  answers.push(
    ...customer.consents.map(
      ({ channel, given, at, undated }) => `${channel} ${given ? 'yes' : 'no'} ${undated ? 'undated' : at}`,
    ),
  );
  return { answers, entries, warnings };
}
const lan = (): Customer =>
  Customer.register(
    { displayName: 'Lan', emails: ['lan@mail.example'] },
    { id: branchId, code: 'KH-1', branchId, ownerId: null, at: uploaded },
  );
const answered = (given: boolean, at: string, channel: 'email' | 'sms' = 'email'): Customer => {
  const customer = lan();
  customer.answer({ purpose: 'marketing', channel, given, at, consentId: branchId, source: 'call' });
  return customer;
};

describe('consent from lists', () => {
  it('carries the day of the row, before that of the list', () => {
    expect(
      after(lan(), { rows: [{ consents: [yes], consentOn: '2026-03-01' }], order: list('2026-04-01T00:00:00Z') })
        .answers,
    ).toEqual(['email yes 2026-02-28T17:00:00.000Z']);
    expect(after(lan(), { rows: [{ consents: [yes] }], order: list('2026-04-01T00:00:00Z') }).answers).toEqual([
      'email yes 2026-04-01T00:00:00.000Z',
    ]);
  });
  it('is undated without any day, and then only for who never answered', () => {
    expect(after(lan(), { rows: [{ consents: [yes] }] })).toMatchObject({ answers: ['email yes undated'], entries: 1 });
    expect(after(answered(false, '2020-01-01T00:00:00.000Z'), { rows: [{ consents: [yes] }] })).toEqual({
      answers: ['email no 2020-01-01T00:00:00.000Z'],
      entries: 0,
      warnings: ['refusal_stands'],
    });
  });
  it('never undoes a later withdrawal, however often the list is read', () => {
    const again = { rows: [{ consents: [yes] }] };
    const customer = lan();
    after(customer, again);
    // Entered later, of a day before the upload: the list's own day may lie before it.
    customer.answer({
      purpose: 'marketing',
      channel: 'email',
      given: false,
      at: '2026-05-30T00:00:00.000Z',
      consentId: branchId,
      source: 'call',
    });
    expect(after(customer, again, again)).toEqual({
      answers: ['email no 2026-05-30T00:00:00.000Z'],
      entries: 0,
      warnings: ['refusal_stands', 'refusal_stands'],
    });
    expect(after(customer, { rows: [{ consents: [yes], consentOn: '2026-05-29' }] }).answers).toEqual([
      'email no 2026-05-30T00:00:00.000Z',
    ]);
    expect(after(customer, { rows: [{ consents: [yes], consentOn: '2026-05-30' }] }).answers).toEqual([
      'email no 2026-05-30T00:00:00.000Z',
    ]);
    expect(after(customer, { rows: [{ consents: [yes], consentOn: '2026-05-31' }] }).answers).toEqual([
      'email yes 2026-05-30T17:00:00.000Z',
    ]);
  });
  it('is written once, and the day is learnt when a list tells it', () => {
    expect(
      after(lan(), { rows: [{ consents: [yes] }, { consents: [yes] }] }, { rows: [{ consents: [yes] }] }),
    ).toMatchObject({ answers: ['email yes undated'], entries: 1 });
    expect(
      after(lan(), { rows: [{ consents: [yes] }] }, { rows: [{ consents: [yes], consentOn: '2026-01-01' }] }).answers,
    ).toEqual(['email yes 2025-12-31T17:00:00.000Z']);
  });
  it('gives way to a refusal of the same list, whichever comes first', () => {
    for (const both of [
      [yes, no],
      [no, yes],
    ])
      expect(after(lan(), { rows: both.map((each) => ({ consents: [each] })) }).answers).toEqual(['email no undated']);
  });
  it('withdraws what stands elsewhere when a refusal names no channel, and leaves a later consent alone when it tells a day', () => {
    expect(
      after(answered(true, '2025-01-01T00:00:00.000Z', 'sms'), { rows: [{ consents: [{ ...no, others: true }] }] })
        .answers,
    ).toEqual(['email no undated', 'sms no undated']);
    expect(
      after(answered(true, '2026-05-01T00:00:00.000Z'), { rows: [{ consents: [{ ...no, on: '2026-04-01' }] }] })
        .answers,
    ).toEqual(['email yes 2026-05-01T00:00:00.000Z']);
    expect(after(answered(true, '2026-05-01T00:00:00.000Z'), { rows: [{ consents: [no] }] }).answers).toEqual([
      'email no undated',
    ]);
  });
});

it('begins a day where the firm is', () =>
  expect([
    momentOf('2026-03-01', zone).toISOString(),
    momentOf('2026-03-01T09:00:00+07:00', zone).toISOString(),
  ]).toEqual(['2026-02-28T17:00:00.000Z', '2026-03-01T02:00:00.000Z']));

it('refuses more contacts than a record holds', () => {
  const customer = Customer.register(
    { displayName: 'Lan', emails: Array.from({ length: 20 }, (_, index) => `lan${index}@mail.example`) },
    { id: branchId, code: 'KH-1', branchId, ownerId: null, at: uploaded },
  );
  const around: BatchSurroundings = {
    holders: new Map([['code KH-1', [branchId]]]),
    customers: new Map([[branchId, customer]]),
    branches: new Map(),
    codes: [],
    at: uploaded,
    zone,
  };
  const plan = planBatch(
    list(),
    [
      {
        line: 2,
        read: {
          values: {
            line: 2,
            code: 'KH-1',
            details: { displayName: 'Lan', emails: ['more@mail.example'] },
            consents: [],
            warnings: [],
          },
        },
      },
    ],
    around,
    consents,
  );
  expect(plan.outcomes).toMatchObject([{ outcome: 'rejected', faults: [{ code: 'too_many_contacts' }] }]);
});

it('forgets the first of those whom a preview met', () => {
  const [one, two] = ['1', '2'].map((id) =>
    Customer.register(
      { displayName: id, emails: ['both@mail.example'] },
      { id, code: `KH-${id}`, branchId, ownerId: null, at: uploaded },
    ),
  ) as [Customer, Customer];
  const known = {
    customers: new Map([
      ['1', one],
      ['2', two],
    ]),
    holders: new Map([
      ['code KH-1', ['1']],
      ['code KH-2', ['2']],
      ['email both@mail.example', ['1', '2']],
    ]),
  };
  forgetOldest(known, 1);
  expect([[...known.customers.keys()], [...known.holders]]).toEqual([
    ['2'],
    [
      ['code KH-2', ['2']],
      ['email both@mail.example', ['2']],
    ],
  ]);
});
