import { CaseAnswered, CaseReopened } from '@quen/events';
import { Case } from './case.entity.js';

const agent = '019a0000-0000-7000-8000-00000000a6e1';
const at = new Date('2026-11-23T03:00:00Z');

function opened(fields: Partial<Case> = {}): Case {
  return Object.assign(new Case(), {
    id: '019a0000-0000-7000-8000-000000000001', code: 'CS-000001', customerId: '019a0000-0000-7000-8000-000000000002', status: 'new', kind: 'complaint',
    severity: 'high', reopened: 0, agentId: null, firstAnsweredAt: null, cause: null, openedAt: at, ...fields,
  });
}

describe('a case', () => {
  it('is worked from assignment to rating', () => {
    const it = opened();
    it.assign(agent);
    expect(it.answer(agent, at, true)).toMatchObject({ first: true });
    expect(it).toMatchObject({ status: 'waiting', running: false, firstAnsweredAt: at });
    expect(it.reply()).toBeUndefined();
    expect(it.status).toBe('open');
    expect(it.solve(at, 'Replaced the filter', 'defect', 41.6)).toMatchObject({ workingMinutes: 42, cause: 'defect', kind: 'complaint' });
    expect(it.rate(5, undefined)).toMatchObject({ rating: 5 });
    it.close(at);
    expect(it.status).toBe('closed');
  });

  it('the second answer is not the first', () => {
    const it = opened({ firstAnsweredAt: at });
    expect(it.answer(agent, new Date(), false)).toBeInstanceOf(CaseAnswered);
    expect(it.firstAnsweredAt).toBe(at);
  });

  it('a customer who writes after the solution reopens it', () => {
    const it = opened({ status: 'solved', agentId: agent, solvedAt: at });
    expect(it.reply()).toBeInstanceOf(CaseReopened);
    expect(it).toMatchObject({ status: 'open', solvedAt: null, reopened: 1 });
  });

  it.each([
    ['solve twice', 'solved', (it: Case) => it.solve(at, 'x', undefined, 0), 'case_solved'],
    ['answer a solved one', 'solved', (it: Case) => it.answer(agent, at, false), 'case_solved'],
    ['reopen what is open', 'open', (it: Case) => it.reopen(), 'case_not_solved'],
    ['rate what is open', 'open', (it: Case) => it.rate(1, undefined), 'case_not_solved'],
    ['reopen a closed one', 'closed', (it: Case) => it.reopen(), 'case_closed'],
    ['reply to a closed one', 'closed', (it: Case) => it.reply(), 'case_closed'],
    ['close what is open', 'open', (it: Case) => it.close(at), 'case_not_solved'],
  ] as const)('cannot %s', (_, status, act, code) => {
    const it = opened({ status });
    expect(() => act(it)).toThrow(expect.objectContaining({ code }) as Error);
    expect(it.status).toBe(status);
  });
});
