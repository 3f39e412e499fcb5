import type { WireRecord } from '../kafka/port.js';
import { counterStateTopic, CounterStepped } from '../testing/declarations.js';
import { stateRecord, steppedRecord } from '../testing/lab.js';
import { EffectReactions, ReplicaReactions } from '../testing/reactions.js';
import { contextOf, decode, type Step } from './decode.js';
import { ReactionGroup } from './reaction-group.js';

const id = '018f3c5e-7b1a-7c3d-9e4f-0a1b2c3d4e5f';
const another = '018f3c5e-7b1a-7c3d-9e4f-0a1b2c3d4e60';
const effects = ReactionGroup.of([new EffectReactions()])[0]!;
const replica = ReactionGroup.of([new ReplicaReactions()])[0]!;

function wire({ value, ...record }: ReturnType<typeof steppedRecord>, changes: Partial<WireRecord> = {}): WireRecord {
  return { ...record, value: value === null ? null : Buffer.from(value), partition: 3, offset: 42n, ...changes };
}

function errorClass(step: Step): string {
  return step.kind === 'poison' ? step.errorClass : step.kind;
}

describe('A record', () => {
  const good = wire(steppedRecord(id, 1));
  const saying = (changes: object): Partial<WireRecord> => ({
    value: Buffer.from(JSON.stringify({ ...(JSON.parse(good.value!.toString()) as object), ...changes })),
  });

  it('becomes an instance of its class with its envelope', () => {
    const step = decode(good, effects);
    expect(step).toMatchObject({
      kind: 'event',
      event: {
        aggregateId: id,
        version: 1,
        type: 'crm.lab.counter-stepped.v1',
        partition: 3,
        offset: '42',
        data: { counterId: id, step: 1, note: 'test' },
      },
    });
    expect(step.kind === 'event' && step.event.data).toBeInstanceOf(CounterStepped);
    expect(step.kind === 'event' && Object.keys(step.event.data!)).toEqual(['counterId', 'step', 'note']);
    expect(step.kind === 'event' && contextOf(step.event)).toEqual({
      correlationId: good.headers['ce_id'],
      causationId: good.headers['ce_id'],
    });
  });

  it('has the id that Postgres has, also when it was written in capitals', () => {
    const capitals = {
      ...good,
      headers: { ...good.headers, ce_id: good.headers['ce_id']!.toUpperCase() },
      ...saying({ eventId: good.headers['ce_id']!.toUpperCase() }),
    };
    expect(decode(capitals, effects)).toMatchObject({
      kind: 'event',
      id: good.headers['ce_id'],
      event: { id: good.headers['ce_id'] },
    });
  });

  it.each<[string, Partial<WireRecord>, string]>([
    ['that the client could not read', { unreadable: 'A batch of 3 records cannot be read' }, 'undecodable'],
    [
      'with bytes that are no text',
      { value: Buffer.from([...good.value!.subarray(0, -2), 0xff, ...good.value!.subarray(-2)]) },
      'undecodable',
    ],
    ['of more than a megabyte', saying({ note: 'x'.repeat(1_100_000) }), 'too_large'],
  ])('%s is poison', (_, changes, expected) => {
    expect(errorClass(decode({ ...good, ...changes }, effects))).toBe(expected);
  });

  it('may hold fields that this consumer does not know', () => {
    expect(decode({ ...good, ...saying({ addedLater: true }) }, effects).kind).toBe('event');
  });

  it.each([
    { eventId: another },
    { aggregateId: another },
    { counterId: another },
    { aggregateVersion: 2 },
    { occurredAt: '2020-01-02T03:04:05.678Z' },
  ])('is poison when its value says %j and its headers do not', (said) => {
    expect(errorClass(decode({ ...good, ...saying(said) }, effects))).toBe('contradiction');
  });

  it('is not taken when a state says another version than its headers', () => {
    const state = wire(stateRecord(id, 4, 1));
    const value = { ...(JSON.parse(state.value!.toString()) as object), version: 5 };
    expect(errorClass(decode({ ...state, value: Buffer.from(JSON.stringify(value)) }, replica))).toBe('contradiction');
  });

  it('without a value is an erased state, but no fact', () => {
    expect(decode(wire(stateRecord(id, 4, null)), replica)).toMatchObject({
      kind: 'event',
      event: { data: null, version: 4 },
    });
    expect(errorClass(decode({ ...good, value: null }, effects))).toBe('schema');
  });

  it('of a declared type without a handler here is ignored', () => {
    expect(decode(wire(stateRecord(id, 1, 1)), effects).kind).toBe('ignored');
  });

  it('of a newer version is ignored, since the older one is published beside it', () => {
    expect(decode({ ...good, headers: { ...good.headers, ce_type: 'crm.lab.counter-stepped.v2' } }, effects).kind).toBe(
      'ignored',
    );
  });

  it.each<Record<string, string>>([{}, { ce_id: 'no-uuid' }, { ce_sequence: 'many' }])(
    'of a type that nobody declared yet is passed over, also when %j',
    (headers) => {
      const type = 'crm.lab.counter-vanished.v1';
      expect(decode({ ...good, headers: { ...good.headers, ce_type: type, ...headers } }, effects)).toMatchObject({
        kind: 'unknown',
        type,
      });
    },
  );

  it.each<[string, Partial<WireRecord>]>([
    ['undecodable', { value: Buffer.from('{"counterId":') }],
    ['undecodable', { headers: {} }],
    ['undecodable', { headers: { ...good.headers, ce_id: 'no-uuid' } }],
    ['undecodable', { headers: { ...good.headers, ce_sequence: 'many' } }],
    ['undecodable', { headers: { ...good.headers, ce_sequence: '1e3' } }],
    ['undecodable', { headers: { ...good.headers, ce_time: 'noon' } }],
    ['undecodable', { headers: { ...good.headers, ce_actor: 'x\0y' } }],
    ['undecodable', { key: 'x\ufffdy' }],
    ['contradiction', { key: 'another' }],
    ['schema', { value: Buffer.from('{}') }],
    ['schema', { value: Buffer.from('null') }],
    ['undecodable', { headers: { ...good.headers, ce_type: 'counter vanished' } }],
    ['undecodable', { headers: { ...good.headers, ce_type: `crm.lab.${'x'.repeat(300)}.v1` } }],
    ['wrong_topic', { topic: counterStateTopic.name }],
    ['wrong_topic', { headers: { ...good.headers, ce_type: 'crm.lab.counter-state.v1' } }],
  ])('is poison (%s) when it is %j', (expected, changes) => {
    expect(errorClass(decode({ ...good, ...changes }, effects))).toBe(expected);
  });
});
