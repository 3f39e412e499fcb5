import type { Moment } from '@quen/chassis';
import { Problem } from '@quen/messaging';
import { Pipeline } from './pipeline.entity.js';
import type { OpportunityFacts, Stage } from './stage.js';

const stage = (code: string, fields: Partial<Stage> = {}): Stage => ({
  code,
  name: code,
  kind: 'open',
  probability: 10,
  requires: [],
  guards: [],
  moves: [],
  ...fields,
});
const nothing: OpportunityFacts = {
  amount: null,
  expectedCloseOn: null,
  need: null,
  lines: 0,
  contacts: 0,
  contactRoles: [],
  issuedQuotes: 0,
  acceptedQuotes: 0,
  customerRank: null,
};
const now: Moment = { at: new Date('2026-03-01T00:00:00Z'), today: '2026-03-01', zone: 'Asia/Ho_Chi_Minh' };
const sound = (): Pipeline =>
  Pipeline.create('b2b', 'B2B', [
    stage('contact', { moves: ['offer', 'lost'] }),
    stage('offer', {
      requires: ['amount', 'decider'],
      moves: ['won', 'lost'],
      guards: [
        {
          rule: { combinator: 'and', rules: [{ field: 'issuedQuotes', operator: '>=', value: 1 }] },
          message: 'Issue a quote first.',
        },
      ],
    }),
    stage('won', { kind: 'won' }),
    stage('lost', { kind: 'lost' }),
  ]);
const problemOf = (work: () => unknown): Problem => {
  try {
    work();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};

describe('Pipeline', () => {
  it('begins with the first open stage', () => expect(sound().first().code).toBe('contact'));

  it('names all that keeps an opportunity out of a stage', () => {
    const problem = problemOf(() =>
      sound().admit('contact', 'offer', { ...nothing, contacts: 1, contactRoles: ['user'] }, now),
    );
    expect(problem.code).toBe('stage_not_ready');
    expect(problem.errors).toEqual([
      { pointer: '/amount', code: 'required', message: 'offer needs amount' },
      { pointer: '/decider', code: 'required', message: 'offer needs decider' },
      { pointer: '/guards/0', code: 'guard', message: 'Issue a quote first.' },
    ]);
  });

  it('lets in what has everything', () => {
    expect(
      sound().admit('contact', 'offer', { ...nothing, amount: '0', contactRoles: ['decider'], issuedQuotes: 1 }, now)
        .code,
    ).toBe('offer');
  });

  it('refuses a move that is not drawn and a stage that does not exist', () => {
    expect(problemOf(() => sound().admit('contact', 'won', nothing, now)).code).toBe('move_not_allowed');
    expect(problemOf(() => sound().admit('contact', 'nowhere', nothing, now)).code).toBe('stage_unknown');
  });

  it('refuses unsound drawings with every fault', () => {
    const problem = problemOf(() =>
      Pipeline.create('x', 'X', [
        stage('a', { moves: ['a', 'z'] }),
        stage('a'),
        stage('w', { kind: 'won', moves: ['a'] }),
      ]),
    );
    expect(problem.code).toBe('pipeline_unsound');
    expect(problem.errors.map((fault) => `${fault.pointer} ${fault.code}`)).toEqual([
      '/stages one_lost_stage',
      '/stages/0/moves/0 unknown_stage',
      '/stages/0/moves/1 unknown_stage',
      '/stages/1/code duplicate',
      '/stages/2/moves closed',
    ]);
  });

  it('refuses a guard on a field that does not exist', () => {
    const guard = {
      rule: { combinator: 'and' as const, rules: [{ field: 'salary', operator: '>=' as const, value: 1 }] },
      message: 'x',
    };
    expect(problemOf(() => Pipeline.create('x', 'X', [stage('a', { guards: [guard] })])).errors[0]?.pointer).toBe(
      '/stages/0/guards/0/rule/rules/0/field',
    );
  });
});
