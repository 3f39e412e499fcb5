import { CaseAnswered, CaseReopened } from '@quen/events';
import { Case } from './case.entity.js';

const agent = '019a0000-0000-7000-8000-00000000a6e1';
const at = new Date('2026-11-23T03:00:00Z');

function opened(fields: Partial<Case> = {}): Case {
  return Object.assign(new Case(), {
    id: '019a0000-0000-7000-8000-000000000001',
    code: 'CS-000001',
    customerId: '019a0000-0000-7000-8000-000000000002',
    status: 'new',
    kind: 'complaint',
    severity: 'high',
    reopened: 0,
    workedMinutes: 0,
    untoldMinutes: null,
    rating: null,
    ratingComment: null,
    channel: 'call',
    agentId: null,
    firstAnsweredAt: null,
    cause: null,
    openedAt: at,
    ...fields,
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
    expect(it.solve(at, 'Replaced the filter', 'defect', 41.6)).toMatchObject({
      workingMinutes: 42,
      cause: 'defect',
      kind: 'complaint',
    });
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

  it('tells with each solution of the minutes that were logged since the one before', () => {
    const it = opened({ status: 'open' });
    it.work(2);
    expect(it.solve(at, 'x', undefined, 1530)).toMatchObject({
      workedMinutes: 2,
      workingMinutes: 1530,
      channel: 'call',
    });
    it.reopen();
    it.work(0);
    it.work(1);
    expect(it.solve(at, 'y', undefined, 1540)).toMatchObject({ workedMinutes: 1 });
    it.reopen();
    expect(it.solve(at, 'z', undefined, 1550).workedMinutes).toBeUndefined();
    expect(it.workedMinutes).toBe(3);
  });

  it('forgets the rating of a solution that did not hold', () => {
    const it = opened({ status: 'open' });
    it.solve(at, 'x', undefined, 0);
    it.rate(1, 'slow');
    it.rate(2, undefined);
    it.reopen();
    expect(it).toMatchObject({ rating: null, ratingComment: null });
    it.solve(at, 'y', undefined, 0);
    it.close(at);
    expect(it.rate(5, undefined)).toMatchObject({ rating: 5 });
    expect(() => it.rate(4, undefined)).toThrow(expect.objectContaining({ code: 'case_rated' }) as Error);
  });

  const acts: [string, (it: Case) => unknown][] = [
    ['correct', (it) => it.correct({ severity: 'low' })],
    ['assign', (it) => it.assign(agent)],
    ['answer', (it) => it.answer(agent, at, false)],
    ['note', (it) => it.note()],
    ['work', (it) => it.work(5)],
    ['reply', (it) => it.reply()],
    ['solve', (it) => it.solve(at, 'x', undefined, 0)],
    ['reopen', (it) => it.reopen()],
    ['close', (it) => it.close(at)],
  ];
  it('names every act there is', () =>
    expect(acts.map(([name]) => name).sort()).toEqual(
      Object.getOwnPropertyNames(Case.prototype)
        .filter(
          (name) =>
            !['constructor', 'opened', 'running', 'takesWork', 'rate', 'breach', 'state', 'mustPermit'].includes(name),
        )
        .sort(),
    ));
  it.each(acts)('that is closed refuses to %s', (_, act) => {
    const it = opened({ status: 'closed' });
    expect(() => act(it)).toThrow(expect.objectContaining({ code: 'case_closed' }) as Error);
    expect(it).toMatchObject({ status: 'closed', severity: 'high', workedMinutes: 0 });
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
