import { build, CaseOpened, CaseReopened, CaseSolved } from '@quen/events';
import type { Received } from '@quen/messaging';
import { FactRows, type Fact } from './fact-rows.js';
import { ServiceCosts } from './service-costs.js';

const id = '0190a000-0000-7000-8000-000000000001';
const rows = new FactRows('VND', new ServiceCosts(2000, 'call=15000,email=8000,other=10000'));
const received = (data: Fact): Received<Fact> => ({
  id,
  type: 't',
  data,
  aggregateId: id,
  version: 1,
  occurredAt: new Date('2026-03-02T03:00:00Z'),
  topic: 't',
  partition: 0,
  offset: '0',
  correlationId: undefined,
  causationId: undefined,
  traceparent: undefined,
  actor: undefined,
  branch: undefined,
});
const common = { caseId: id, customerId: id, kind: 'complaint', severity: 'high' } as const;
const opened = build(CaseOpened, { ...common, code: 'CS-1', channel: 'call', category: 'leak', branchId: id });
const reopened = (fields: Partial<CaseReopened> = {}) => build(CaseReopened, { ...common, channel: 'call', ...fields });
const solved = (fields: Partial<CaseSolved>) =>
  build(CaseSolved, { ...common, workingMinutes: 1530, channel: 'call', ...fields });

/** The cost to serve that these facts add up to. */
function cost(...facts: Fact[]): number {
  return facts
    .map(received)
    .map((fact) => rows.of(fact))
    .reduce((sum, { facts: [row], changes: [change] }) => {
      expect(row!['cost']).toBe(change!.serveCost);
      return sum + Number(change!.serveCost);
    }, 0);
}

describe('what serving a case costs', () => {
  it('is the minutes that were worked, however long the customer waited', () =>
    expect(cost(opened, solved({ workedMinutes: 5 }))).toBe(10_000));
  it('counts of a reopened case what was added', () => {
    expect(cost(opened, solved({ workedMinutes: 2 }), reopened(), solved({ workedMinutes: 1 }))).toBe(3 * 2000);
    expect(cost(opened, solved({ workedMinutes: 0 }))).toBe(0);
  });
  it('is a contact by its channel where nobody logs minutes, each time that the customer comes', () => {
    expect(cost(opened, solved({}))).toBe(15_000);
    expect(cost(opened, solved({}), reopened(), solved({}))).toBe(30_000);
    expect(cost(opened, solved({ workedMinutes: 4 }), reopened(), solved({}))).toBe(8_000 + 15_000);
  });
  it('is a contact for facts of a time that logged no minutes', () => {
    expect(cost(opened, solved({ channel: undefined }))).toBe(15_000);
    expect(
      cost(opened, solved({ channel: undefined }), reopened({ channel: undefined }), solved({ channel: undefined })),
    ).toBe(15_000 + 10_000);
  });
});
