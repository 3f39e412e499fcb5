import type { DataSource } from 'typeorm';
import { eventOf } from '@quen/events';
import { eventually } from '@quen/testing';
import { context } from '../context.js';
import { newId } from '../ids.js';
import type { GroupReader, WireRecord } from '../kafka/port.js';
import { CounterState, counterStateTopic, CounterStepped, counterTopic } from '../testing/declarations.js';
import { Lab } from '../testing/lab.js';
import { inTransaction, type Transaction } from '../transaction.js';
import { Events } from './events.js';
import { outboxBacklog, readOutbox } from './outbox.js';

const stepped = (counterId: string, step: number, note = ''): CounterStepped =>
  Object.assign(new CounterStepped(), { counterId, step, note });
const state = (counterId: string, version: number, value: number): CounterState =>
  Object.assign(new CounterState(), { counterId, version, value });

describe('The outbox', () => {
  let lab: Lab;
  let events: Events;
  let reader: GroupReader;
  const wire: WireRecord[] = [];
  const of = (key: string): WireRecord[] => wire.filter((record) => record.key === key);

  beforeAll(async () => {
    lab = await Lab.open();
    const relay = lab.relay();
    events = lab.events(() => relay.wake());
    reader = lab.kafka.reader({
      group: 'crm.lab.witness',
      topics: [counterTopic.name, counterStateTopic.name],
      partitionsConcurrently: 1,
      sessionTimeoutMs: 10_000,
      heartbeatMs: 1_000,
    });
    await reader.start({
      joined: () => undefined,
      crashed: () => undefined,
      batch: async (batch) => {
        wire.push(...batch.records);
        batch.resolve(batch.endOffset);
      },
    });
  });

  afterAll(async () => {
    await reader.stop();
    await lab.close();
  });

  const publish = (work: (tx: Transaction) => Promise<void>): Promise<void> => inTransaction(lab.db, work);

  it('sends what a transaction published as CloudEvents whose value repeats id, aggregate, version and time', async () => {
    const id = newId();
    const before = new Date();
    await context.run(
      { correlationId: 'c-1', causationId: 'x-1', traceparent: '00-1-2-01', actor: 'lan', branch: 'HN' },
      () =>
        publish(async (tx) => {
          await events.publish(tx, { version: 3 }, stepped(id, 1, 'Đã bước'), state(id, 3, 1));
        }),
    );
    const [fact, current] = await eventually(() => {
      expect(of(id)).toHaveLength(2);
      return of(id).sort((a, b) => a.topic.length - b.topic.length);
    });
    const value = JSON.parse(fact!.value!.toString()) as Record<string, unknown>;
    expect(value).toEqual({
      counterId: id,
      step: 1,
      note: 'Đã bước',
      eventId: fact!.headers['ce_id'],
      aggregateId: id,
      aggregateVersion: 3,
      occurredAt: fact!.headers['ce_time'],
    });
    expect(fact!.headers).toMatchObject({
      ce_specversion: '1.0',
      ce_source: '/crm/lab',
      ce_type: 'crm.lab.counter-stepped.v1',
      ce_subject: id,
      ce_sequence: '3',
      ce_dataclass: 'none',
      'content-type': 'application/json',
      ce_correlationid: 'c-1',
      ce_causationid: 'x-1',
      ce_traceparent: '00-1-2-01',
      ce_actor: 'lan',
      ce_branch: 'HN',
      ce_dataschema: 'urn:quen:crm.lab.counter-stepped.v1',
    });
    expect(current).toMatchObject({
      topic: 'crm.lab.counter.state.v1',
      headers: { ce_type: 'crm.lab.counter-state.v1', ce_dataclass: 'basic' },
    });
    expect(Math.abs(new Date(String(value['occurredAt'])).getTime() - before.getTime())).toBeLessThan(5_000);
    await eventually(async () => expect(await lab.db.query(`select * from outbox`)).toEqual([]));
  });

  it('sends nothing of a transaction that rolled back', async () => {
    const id = newId();
    await expect(
      publish(async (tx) => {
        await events.publish(tx, { version: 1 }, stepped(id, 1));
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    const later = newId();
    await publish((tx) => events.publish(tx, { version: 1 }, stepped(later, 1)));
    await eventually(() => expect(of(later)).toHaveLength(1));
    expect(of(id)).toEqual([]);
  });

  it('keeps the order of many changes published at once', async () => {
    const ids = [newId(), newId(), newId()];
    await publish((tx) =>
      events.publishAll(
        tx,
        Array.from({ length: 2_500 }, (_, n) => ({ aggregate: { version: n }, messages: [stepped(ids[n % 3]!, n)] })),
      ),
    );
    await eventually(() => expect(ids.flatMap(of)).toHaveLength(2_500));
    for (const id of ids) {
      const versions = of(id).map(({ headers }) => Number(headers['ce_sequence']));
      expect(versions).toEqual([...versions].sort((a, b) => a - b));
    }
  });

  it('sends a tombstone for what is erased', async () => {
    const id = newId();
    await publish((tx) => events.publish(tx, { version: 1 }, state(id, 1, 5)));
    await publish((tx) => events.erase(tx, CounterState, id, 2));
    await eventually(() =>
      expect(of(id)).toMatchObject([
        { headers: { ce_sequence: '1' } },
        { value: null, headers: { ce_sequence: '2', ce_type: 'crm.lab.counter-state.v1' } },
      ]),
    );
  });

  it('sends within a few tens of milliseconds of the commit', async () => {
    const id = newId();
    const waits: number[] = [];
    for (let n = 0; n < 20; n += 1) {
      const committed = performance.now();
      await publish((tx) => events.publish(tx, { version: n }, stepped(id, n)));
      await eventually(() => expect(of(id)).toHaveLength(n + 1));
      waits.push(performance.now() - committed);
    }
    expect(waits.sort((a, b) => a - b)[10]).toBeLessThan(250);
  });

  it.each<[string, (tx: Transaction) => Promise<void>]>([
    ['pass the tx of inTransaction', () => events.publish(lab.db.manager, { version: 1 }, stepped(newId(), 1))],
    [
      'breaks its schema: / must NOT have additional properties (surplus)',
      (tx) => events.publish(tx, { version: 1 }, Object.assign(stepped(newId(), 1), { surplus: true })),
    ],
    ['breaks its schema: /step must be integer', (tx) => events.publish(tx, { version: 1 }, stepped(newId(), 1.5))],
    ['has no counterId', (tx) => events.publish(tx, { version: 1 }, new CounterStepped())],
    ['save the row first', (tx) => events.publish(tx, {} as { version: number }, stepped(newId(), 1))],
    ['says version 1 but its aggregate has 2', (tx) => events.publish(tx, { version: 2 }, state(newId(), 1, 1))],
    ['bytes; at most 262144 fit', (tx) => events.publish(tx, { version: 1 }, stepped(newId(), 1, 'x'.repeat(270_000)))],
    ['belongs to lab', (tx) => new Events('sales', () => undefined).publish(tx, { version: 1 }, stepped(newId(), 1))],
    ['only a state can be erased', (tx) => events.erase(tx, CounterStepped, newId(), 1)],
  ])('refuses loudly: %s', async (message, work) => {
    await expect(publish(work)).rejects.toThrow(message);
  });

  it('refuses a transaction that has ended', async () => {
    const ended = await inTransaction(lab.db, async (tx) => tx);
    await expect(events.publish(ended, { version: 1 }, stepped(newId(), 1))).rejects.toThrow(
      'pass the tx of inTransaction',
    );
  });

  it('takes values up to its limit, many of them at once', async () => {
    const id = newId();
    await publish((tx) =>
      events.publishAll(
        tx,
        Array.from({ length: 12 }, (_, n) => ({
          aggregate: { version: n },
          messages: [stepped(id, n, 'x'.repeat(250_000))],
        })),
      ),
    );
    await eventually(() => expect(of(id)).toHaveLength(12));
  });

  it('declares what it knows by class', () => {
    expect(eventOf(CounterState).state).toBe(true);
  });
});

describe('How much waits in the outbox', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await Lab.open();
  });
  afterAll(() => lab.close());

  const fill = (rows: number): Promise<unknown> =>
    lab.db.query(
      `insert into outbox (event_id, shard, topic, aggregatetype, aggregateid, version, type, state, headers, payload, bytes, created_at)
     select gen_random_uuid(), n % 16, $1, 'counter', n::text, 1, 'crm.lab.counter-stepped.v1', false, '{}', '{}', 10, now() - interval '90 seconds' + n * interval '1 millisecond' from generate_series(1, $2::integer) n order by n`,
      [counterTopic.name, rows],
    );

  /** How Postgres does the one statement of this. */
  async function planOf(work: (db: DataSource) => Promise<unknown>): Promise<object> {
    const asked: [string, unknown[]][] = [];
    await work({
      query: (text: string, values: unknown[]) => {
        asked.push([text, values]);
        return Promise.resolve([]);
      },
    } as never);
    const [[text, values]] = asked as [[string, unknown[]]];
    const [{ 'QUERY PLAN': plan }] = await lab.db.query<[{ 'QUERY PLAN': object }]>(
      `explain (analyze, buffers, format json) ${text}`,
      values,
    );
    return plan;
  }

  it('is counted while it is little, and reading it costs no more when it is much', async () => {
    expect(await outboxBacklog(lab.db)).toEqual({ waiting: 0, oldestSeconds: 0 });
    await fill(3);
    await lab.db.query('delete from outbox where seq = 2');
    const little = await outboxBacklog(lab.db);
    expect(little.waiting).toBe(2);
    expect(little.oldestSeconds).toBeGreaterThan(89);
    await fill(60_000);
    await lab.db.query('delete from outbox where seq between 100 and 199');
    // as many as there are numbers, those of rows that are gone included
    expect((await outboxBacklog(lab.db)).waiting).toBe(60_003);
    await lab.db.query('analyze outbox');
    const plan = await planOf((db) => outboxBacklog(db));
    expect(
      Math.max(...[...JSON.stringify(plan).matchAll(/"Actual Rows":([\d.]+)/g)].map(([, count]) => Number(count))),
    ).toBe(10_000);
  });

  it('does not decide what reading a batch costs, though the statistics are of an outbox that was nearly empty', async () => {
    // what autovacuum leaves when it comes while a few rows wait at the end of a large file
    await lab.db.query('alter table outbox set (autovacuum_enabled = off)');
    await lab.db.query(
      `update pg_class set reltuples = 10, relpages = (pg_relation_size(oid) / 8192)::integer where oid = 'outbox'::regclass`,
    );
    const [{ Plan: plan }] = (await planOf((db) =>
      readOutbox(
        db,
        Array.from({ length: 16 }, (_, shard) => shard),
        [],
        500,
        900_000,
      ),
    )) as [{ Plan: Record<string, number> }];
    const [{ pages }] = await lab.db.query<[{ pages: number }]>(
      `select (pg_relation_size('outbox') / 8192)::integer as pages`,
    );
    expect(plan['Actual Rows']).toBe(500);
    expect(pages).toBeGreaterThan(1_000);
    expect(plan['Shared Hit Blocks']! + plan['Shared Read Blocks']!).toBeLessThan(pages / 5);
  });
});
