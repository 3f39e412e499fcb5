import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DataSource } from 'typeorm';
import { build } from '@quen/events';
import { Events, inTransaction } from '@quen/messaging';
import { runBus } from '../../../../deploy/local/bus/run.mjs';
import { Library, type Caller } from './library.js';
import { MemberVisited, ReadingRoomConfig, ReadingRoomModule, room } from './reading-room.js';

const operator: Caller = { roles: ['administrator'], subject: randomUUID() };
const visits = 'crm.library.visits';
const members = 'crm.library.members';
const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1);

interface Done {
  code: number;
  out: string;
  error: string;
}

describe('operating the bus', () => {
  let library: Library;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'quen-bus-'));
    library = await Library.start({}, ReadingRoomModule, ReadingRoomConfig);
  });
  afterAll(async () => {
    await library.stop();
    rmSync(folder, { recursive: true });
  });

  /** `npm run bus -- …` as an operator types it, against the service under test. */
  async function bus(...args: string[]): Promise<Done> {
    return run({ QUEN_URL: library.service.url, QUEN_TOKEN: await library.token(operator) }, ...args);
  }

  async function run(env: Record<string, string>, ...args: string[]): Promise<Done> {
    const said: string[] = [];
    const complained: string[] = [];
    const code = await runBus(
      ['sales', ...args],
      env,
      (text) => said.push(text),
      (text) => complained.push(text),
    );
    return { code, out: said.join('\n'), error: complained.join('\n') };
  }

  const json = async (...args: string[]): Promise<ReturnType<typeof JSON.parse>> =>
    JSON.parse((await bus(...args, '--json')).out);

  async function eventually<T>(attempt: () => Promise<T>, timeoutMs = 15_000): Promise<T> {
    for (const deadline = Date.now() + timeoutMs; ;) {
      try {
        return await attempt();
      } catch (error) {
        if (Date.now() > deadline) throw error;
        await sleep(50);
      }
    }
  }

  /** Publishes visits as the service itself would, some of them spoiled on their way to the outbox. */
  async function visit(memberId: string, steps: number[], spoil = '', note?: string): Promise<void> {
    const { app } = library.service;
    await inTransaction(app.get(DataSource), async (tx) => {
      await app.get(Events).publishAll(
        tx,
        steps.map((step) => ({
          aggregate: { version: step },
          messages: [build(MemberVisited, { memberId, visit: step, note })],
        })),
      );
      if (spoil) await tx.query(`update outbox set ${spoil} and aggregateid = $1`, [memberId]);
    });
  }

  const taken = async (memberId: string): Promise<number[]> =>
    (await library.sql('select visit from visit where member_id = $1 order by n', [memberId])).map(
      (row) => (row as { visit: number }).visit,
    );
  const counts = async (): Promise<Record<string, number>> =>
    Object.fromEntries(
      (
        await library.sql(`select consumer || ' ' || status as of, count(*)::int as count from inbox_parked group by 1`)
      ).map((row) => Object.values(row as object) as [string, number]),
    );

  it('finds, repairs and replays poison, so that the state is that of a clean run', async () => {
    const [clean, mended, given, refused] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
    room.full = true;
    await visit(mended, range(8), `payload = jsonb_set(payload, '{visit}', '"three"') where version = 3`);
    await visit(
      given,
      range(5),
      `headers = headers || '{"ce_type": "member vanished"}', type = 'member vanished' where version = 2`,
    );
    await visit(refused, range(3), '', 'brings friends');
    await visit(clean, range(8));
    await eventually(async () => expect(await taken(clean)).toEqual(range(8)));
    await eventually(async () => expect(await counts()).toEqual({ [`${visits} parked`]: 6 + 4 + 3 }));

    const [consumer] = (await json('consumers')).data.filter((each: { consumer: string }) => each.consumer === visits);
    expect(consumer).toMatchObject({ declared: true, paused: null, lag: 0, parked: { records: 13, keys: 3 } });
    expect((await bus('consumers')).out).toMatch(/crm\.library\.visits +0 +13 +3 +reads/);
    const summary = await bus('parked');
    for (const part of ['13 records wait', 'schema', 'undecodable', 'room_is_full', 'behind', mended])
      expect(summary.out).toContain(part);
    const { byKey } = await json('parked');
    const first = (key: string): string => byKey.find((each: { key: string }) => each.key === key).firstId as string;
    const listed = await json('parked', '--error', 'schema', '--topic', 'crm.library.member.v1');
    expect(listed.data).toMatchObject([
      { id: first(mended), key: mended, type: 'crm.library.member-visited.v1', status: 'parked' },
    ]);
    expect(listed.data[0]).not.toHaveProperty('value');

    // the mistake, seen and mended in a file
    const file = join(folder, 'value.json');
    expect(await bus('show', first(mended), '--save', file)).toMatchObject({ code: 0 });
    const value = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    expect(value).toMatchObject({ memberId: mended, visit: 'three' });
    const still = await bus('replay', '--consumer', visits, '--key', mended);
    expect(still).toMatchObject({ code: 1, out: expect.stringContaining('0 would go through; 1 key would stop') });
    const repair = (change: object): Promise<Done> => {
      writeFileSync(file, JSON.stringify({ ...value, ...change }));
      return bus('repair', first(mended), '--value', file, '--reason', 'INC-204');
    };
    expect(await repair({ visit: 'drei' })).toMatchObject({
      code: 1,
      error: expect.stringContaining('422 repair_refused'),
    });
    expect(await repair({ visit: 3, eventId: randomUUID() })).toMatchObject({
      code: 1,
      error: expect.stringContaining('repair_contradicts_headers'),
    });
    expect(await repair({ visit: 3 })).toMatchObject({
      code: 0,
      out: expect.stringContaining(`replay --consumer ${visits} --key '${mended}'`),
    });
    expect(await bus('replay', '--consumer', visits, '--key', mended)).toMatchObject({
      code: 0,
      out: expect.stringContaining('dry run: of 6 records under 1 key 6 would go through'),
    });
    expect(await taken(mended)).toEqual([1, 2]);
    expect(await bus('replay', '--consumer', visits, '--key', mended, '--execute')).toMatchObject({
      code: 2,
      error: expect.stringContaining('replay --execute needs --reason'),
    });
    expect(
      await bus('replay', '--consumer', visits, '--key', mended, '--reason', 'INC-204', '--execute'),
    ).toMatchObject({ code: 0, out: expect.stringContaining('6 of 6 records are through') });
    expect(await taken(mended)).toEqual(range(8));

    // too broken: given up, and what waits behind goes on
    expect((await bus('repair', first(given), '--value', file, '--reason', 'INC-204')).error).toMatch(
      /repair_(refused|contradicts_headers)/,
    );
    expect(await bus('skip', '--consumer', visits, '--reason', 'all of them')).toMatchObject({
      code: 2,
      error: expect.stringContaining('skip needs --id, --key or --error'),
    });
    const skip = ['skip', '--consumer', visits, '--id', first(given)];
    expect(await bus(...skip)).toMatchObject({
      code: 0,
      out: expect.stringContaining('1 record under 1 key would be given up'),
    });
    expect(await bus(...skip, '--execute')).toMatchObject({
      code: 2,
      error: expect.stringContaining('skip --execute needs --reason'),
    });
    expect(await bus(...skip, '--execute', '--reason', 'INC-205')).toMatchObject({
      code: 0,
      out: expect.stringContaining('1 record under 1 key is given up'),
    });
    expect(await bus('replay', '--consumer', visits, '--key', given, '--reason', 'INC-205', '--execute')).toMatchObject(
      { code: 0 },
    );
    expect(await taken(given)).toEqual([1, 3, 4, 5]);

    // a defect of the consumer: a dry run tells whether it is mended
    const defect = ['replay', '--consumer', visits, '--error', 'room_is_full'];
    expect(await bus(...defect)).toMatchObject({ code: 1, out: expect.stringContaining('The room is full') });
    room.full = false;
    expect(await bus(...defect)).toMatchObject({ code: 0 });
    expect(await bus(...defect, '--reason', 'INC-204', '--execute')).toMatchObject({ code: 0 });
    expect(await taken(refused)).toEqual(range(3));
    expect(await counts()).toEqual({ [`${visits} replayed`]: 12, [`${visits} discarded`]: 1 });
    expect((await bus('parked')).out).toContain('nothing is parked');
    const { out: list } = await bus('jobs');
    expect(
      list
        .split('\n')
        .slice(2)
        .map((line) => line.split('ago').at(-1)!.trim()),
    ).toEqual([
      '3 of 3 records',
      'dry run: 3 of 3 records',
      'dry run: 0 of 3 records, 1 key stopped',
      '3 of 3 records',
      '6 of 6 records',
      'dry run: 6 of 6 records',
      'dry run: 0 of 6 records, 1 key stopped',
    ]);
    await visit(mended, [9]);
    await eventually(async () => expect(await taken(mended)).toEqual(range(9)));
  });

  it('keeps an account of everything that nobody can change, not even the service', async () => {
    const { data } = await json('operations', '--limit', '100');
    const accounts = (data as Record<string, unknown>[]).reverse();
    expect(accounts.map(({ action, dryRun }) => `${String(action)}${dryRun ? ' dry' : ''}`)).toEqual([
      'read-value',
      'replay dry',
      'repair',
      'replay dry',
      'replay',
      'skip dry',
      'skip',
      'replay',
      'replay dry',
      'replay dry',
      'replay',
    ]);
    expect(
      accounts.every(
        ({ actor, finishedAt, consumer }) => actor === operator.subject && finishedAt && consumer === visits,
      ),
    ).toBe(true);
    const { result, reason } = accounts[2] as { result: { before: string; after: string }; reason: string };
    expect(reason).toBe('INC-204');
    expect(result.before).toMatch(/^[0-9a-f]{64}$/);
    expect(result.after).toMatch(/^[0-9a-f]{64}$/);
    expect(result.after).not.toBe(result.before);
    expect((await json('operations', '--action', 'skip')).data).toHaveLength(2);
    const readable = new RegExp(
      `^\\S+  skip  ${visits}  by Trial\n  reason: INC-205\n  reach:\n(    \\w+: \\S+\n)*    id: \\d+\n(    \\w+: \\S+\n)*  result:\n(    \\w+: \\w+\n?)+$`,
    );
    expect((await bus('operations', '--action', 'skip', '--limit', '1')).out).toMatch(readable);
    expect((await bus('operations', '--consumer', 'crm.nobody.nothing')).out).toBe('no operation matches');
    const own = library.service.app.get(DataSource);
    for (const sql of [
      `update inbox_replay set actor = 'nobody'`,
      `update inbox_replay set result = '{}'`,
      'delete from inbox_replay',
    ]) {
      await expect(own.query(sql)).rejects.toThrow('an account of an operation is kept as it is');
    }
    await expect(own.query('truncate inbox_replay')).rejects.toThrow('permission denied');
    await expect(library.database.query('truncate inbox_replay')).rejects.toThrow(
      'an account of an operation is kept as it is',
    );
  });

  it('is for those who may', async () => {
    const reason = { reason: 'curious' };
    const calls: [string, string, object?][] = [
      ['GET', 'consumers'],
      ['GET', 'outbox'],
      ['GET', 'parked'],
      ['GET', 'parked/summary'],
      ['GET', 'parked/1'],
      ['GET', 'operations'],
      ['GET', 'parked/1/value'],
      ['POST', 'parked/1/repair', { ...reason, value: { a: 1 } }],
      ['POST', 'replays', { consumer: visits }],
      ['POST', 'skips', { ...reason, consumer: visits, id: '1' }],
      ['POST', `consumers/${visits}/pause`, reason],
      ['POST', `consumers/${visits}/resume`, {}],
      ['POST', 'resets', { ...reason, consumer: visits, topic: 'crm.library.member.v1', to: 'end' }],
      ['POST', 'republications', { ...reason, topic: 'crm.library.member.state.v1' }],
      ['POST', 'rereads', { consumer: visits, topic: 'crm.library.member.v1', type: 'x', since: '2026-01-01' }],
    ];
    for (const [index, [method, path, body]] of calls.entries()) {
      expect([path, (await library.call(method, `/v1/bus/${path}`, undefined, body)).status]).toEqual([path, 401]);
      expect([path, (await library.call(method, `/v1/bus/${path}`, { roles: ['seller'] }, body)).status]).toEqual([
        path,
        403,
      ]);
      expect([path, (await library.call(method, `/v1/bus/${path}`, { roles: ['auditor'] }, body)).status]).toEqual([
        path,
        index < 6 ? 200 : 403,
      ]);
    }
    expect(await counts()).toMatchObject({ [`${visits} replayed`]: 12 });
    for (const [method, path, body, status, code] of [
      ['GET', 'parked/999', undefined, 404, 'unknown_record'],
      ['GET', 'parked/999/value', undefined, 404, 'unknown_record'],
      ['GET', 'parked/x', undefined, 400, 'validation_failed'],
      ['GET', 'parked/1/value', undefined, 409, 'record_settled'],
      ['POST', 'replays', { consumer: 'crm.library.nobody' }, 404, 'unknown_consumer'],
      ['POST', 'skips', { ...reason, consumer: visits }, 400, 'validation_failed'],
      ['POST', 'replays', { consumer: visits, dryRun: false, reason: ' \t' }, 400, 'validation_failed'],
      ['POST', 'rebuilds', { consumers: [] }, 400, 'validation_failed'],
      ['POST', 'replays', { consumer: visits, dryRun: false }, 400, 'validation_failed'],
      ['POST', 'rebuilds', { take: true }, 400, 'validation_failed'],
      ['POST', 'replays', { consumer: visits, id: '999' }, 404, 'unknown_record'],
      ['POST', 'replays', { consumer: visits, id: '1' }, 409, 'record_settled'],
      ['POST', 'skips', { ...reason, consumer: visits, id: '999' }, 404, 'unknown_record'],
      ['POST', 'skips', { ...reason, consumer: members, id: '1' }, 422, 'record_of_another_consumer'],
      ['POST', 'skips', { consumer: visits, id: '1', dryRun: false }, 400, 'validation_failed'],
      [
        'POST',
        'resets',
        { consumer: visits, topic: 'crm.library.member.v1', to: 'end', dryRun: false },
        400,
        'validation_failed',
      ],
      ['GET', 'parked/summary?consumer=nobody', undefined, 404, 'unknown_consumer'],
      ['POST', 'consumers/nobody/pause', reason, 404, 'unknown_consumer'],
      [
        'POST',
        'resets',
        { ...reason, consumer: visits, topic: 'crm.library.nothing.v1', to: 'end' },
        404,
        'unknown_topic',
      ],
      [
        'POST',
        'resets',
        { ...reason, consumer: visits, topic: 'crm.library.member.v1', to: 'start' },
        409,
        'topic_not_shortened',
      ],
      ['POST', 'republications', { ...reason, topic: 'crm.library.nothing.v1' }, 404, 'unknown_state'],
      [
        'POST',
        'republications',
        { ...reason, topic: 'crm.library.member.state.v1', id: 'nobody' },
        404,
        'unknown_aggregate',
      ],
      [
        'POST',
        'republications',
        { ...reason, topic: 'crm.library.member.state.v1', id: randomUUID() },
        404,
        'unknown_aggregate',
      ],
    ] as const) {
      expect(await library.call(method, `/v1/bus/${path}`, operator, body)).toMatchObject({ status, body: { code } });
    }
  });

  it('pauses a consumer, also across a restart, and lets it go on where it stood', async () => {
    const member = randomUUID();
    expect(await bus('pause', visits, '--reason', 'INC-206: the room is being painted')).toMatchObject({ code: 0 });
    await visit(member, range(5));
    const paused = async (): Promise<void> => {
      const { body } = await library.call('GET', '/healthz/ready', undefined);
      expect(body).toEqual({
        ok: true,
        reasons: [],
        notes: [`${visits} is paused by an operator: INC-206: the room is being painted`],
      });
      const status = (await json('consumers')).data.find((each: { consumer: string }) => each.consumer === visits);
      expect(status).toMatchObject({
        lag: 5,
        paused: { reason: 'INC-206: the room is being painted', actor: operator.subject },
        partitions: [{ held: 'operator', lag: 5 }],
      });
      expect(await library.call('GET', '/healthz/live', undefined)).toMatchObject({ status: 200 });
      expect(await library.metrics()).toMatch(
        /crm_consumer_paused\{consumergroup="crm.library.visits",reason="operator"[^}]*\} 1/,
      );
    };
    await eventually(paused);
    await library.restart();
    await eventually(paused);
    expect(await taken(member)).toEqual([]);
    expect(await bus('resume', visits)).toMatchObject({ code: 0, out: expect.stringContaining('goes on') });
    await eventually(async () => expect(await taken(member)).toEqual(range(5)));
    expect(await bus('resume', visits)).toMatchObject({ code: 0, out: expect.stringContaining('was not paused') });
  });

  it('moves a consumer whose topic ends before its position', async () => {
    const member = randomUUID();
    await library.sql(`update inbox_position set next_offset = next_offset + 1000 where consumer = $1`, [visits]);
    await library.restart();
    await eventually(async () =>
      expect(await library.call('GET', '/healthz/ready', undefined)).toMatchObject({
        status: 503,
        body: { reasons: [`${visits}: a topic is shorter than what was read of it`] },
      }),
    );
    expect((await bus('consumers')).out).toMatch(/held: shortened/);
    await visit(member, range(2));
    const reset = ['reset', '--consumer', visits, '--topic', 'crm.library.member.v1', '--reason', 'INC-207', '--to'];
    expect(await bus(...reset, 'end')).toMatchObject({ code: 0, out: expect.stringContaining('Nothing was changed') });
    // back to the start, as for a topic made anew: what is there was handled, which the inbox knows
    expect(await bus(...reset, 'start', '--execute')).toMatchObject({ code: 0, out: expect.stringContaining('Done') });
    await eventually(async () => expect(await taken(member)).toEqual(range(2)));
    const total = (): Promise<unknown[]> => library.sql('select count(*)::int as count from visit');
    const before = await total();
    await eventually(async () => expect((await library.call('GET', '/healthz/ready', undefined)).status).toBe(200));
    expect(await bus(...reset, 'start')).toMatchObject({
      code: 1,
      error: expect.stringContaining('topic_not_shortened'),
    });
    // to the end while it is paused: what waited is passed over, by the running process too
    await bus('pause', visits, '--reason', 'INC-207');
    await visit(member, [3, 4]);
    await eventually(async () =>
      expect(
        (await json('consumers')).data.find((each: { consumer: string }) => each.consumer === visits),
      ).toMatchObject({ lag: 2 }),
    );
    expect(await json(...reset, 'end', '--execute')).toMatchObject({ skipped: 2 });
    await bus('resume', visits);
    await visit(member, [5]);
    await eventually(async () => expect(await taken(member)).toEqual([1, 2, 5]));
    expect(before).not.toEqual(await total());
  });

  it('gives a consumer once what it passed over before it took a type', async () => {
    const [member, topic, since] = [randomUUID(), 'crm.library.member.v1', new Date().toISOString()];
    await bus('pause', visits, '--reason', 'INC-208');
    await visit(member, [1, 2]);
    await eventually(async () =>
      expect(
        (await json('consumers')).data.find((each: { consumer: string }) => each.consumer === visits),
      ).toMatchObject({ lag: 2 }),
    );
    await bus('reset', '--consumer', visits, '--topic', topic, '--to', 'end', '--reason', 'INC-208', '--execute');
    await bus('resume', visits);
    await visit(member, [3]);
    await eventually(async () => expect(await taken(member)).toEqual([3]));
    // as if it took visits from here on only
    await library.sql(`update inbox_heard set from_offset = 1000000 where consumer = $1`, [visits]);
    const type = 'crm.library.member-visited.v1';
    const reread = ['reread', visits, '--topic', topic, '--since', since, '--type'];
    expect(await bus(...reread, type)).toMatchObject({
      code: 0,
      out: expect.stringContaining('of 3 events that were passed over 2 would be taken'),
    });
    const executed = [...reread, type, '--execute', '--reason', 'INC-208'];
    expect((await bus(...executed)).out).toContain('2 are taken; 0 of them wait');
    expect(await taken(member)).toEqual([3, 1, 2]);
    expect((await bus(...executed)).out).toContain('0 are taken');
    expect((await json('operations', '--action', 'reread')).data).toHaveLength(3);
    expect(await bus(...reread, 'crm.library.nothing.v1')).toMatchObject({
      code: 1,
      error: expect.stringContaining('unknown_type'),
    });
    expect(
      await bus(
        'reread',
        members,
        '--topic',
        'crm.library.member.state.v1',
        '--since',
        since,
        '--type',
        'crm.library.member-state.v1',
      ),
    ).toMatchObject({
      code: 1,
      error: expect.stringContaining('not_reread'),
    });
  });

  it('publishes states again, after which a new consumer has what their owner has', async () => {
    await library.sql(
      `insert into member select gen_random_uuid(), 1 + n % 7, 'Member ' || n from generate_series(1, 600) n`,
    );
    // table and owner's table as one hash each
    const content = async (table: string): Promise<unknown> =>
      (
        await library.sql(
          `select count(*)::int as rows, md5(string_agg(t::text, ',' order by id)) as hash from ${table} t`,
        )
      )[0];
    const republish = ['republish', '--topic', 'crm.library.member.state.v1', '--reason', 'a new consumer'];
    const [one] = await library.sql('select id from member limit 1');
    expect(await bus(...republish, '--id', (one as { id: string }).id)).toMatchObject({
      code: 0,
      out: expect.stringContaining('1 state is in the outbox'),
      error: expect.stringMatching(/^job [0-9a-f-]{36} [^\n]*$/),
    });
    await eventually(async () => expect(await content('member_copy')).toMatchObject({ rows: 1 }));
    expect(await bus(...republish, '--id', 'nobody')).toMatchObject({
      code: 1,
      error: expect.stringContaining('There is no state of nobody'),
    });
    // stopped in the second batch, which waits for a row that somebody is changing, the job goes on from there
    const changing = await library.database.connect();
    await changing.query('begin');
    await changing.query(
      'select from member where id = (select id from member order by id offset 550 limit 1) for update',
    );
    const {
      body: { id },
    } = await library.call('POST', '/v1/bus/republications', operator, {
      topic: 'crm.library.member.state.v1',
      reason: 'a new consumer',
    });
    const job = async (): Promise<unknown> => (await library.call('GET', `/v1/jobs/${id}`, operator)).body;
    let restarting = Promise.resolve();
    try {
      await eventually(async () =>
        expect(await job()).toMatchObject({ state: 'running', progress: { done: 500, total: 600 } }),
      );
      restarting = library.restart();
    } finally {
      await changing.query('rollback');
      changing.release();
      await restarting;
    }
    await eventually(async () =>
      expect(await job()).toMatchObject({
        state: 'succeeded',
        progress: { done: 600, total: 600 },
        result: { published: 600 },
      }),
    );
    expect(await bus('job', id)).toMatchObject({ code: 0, out: '600 states are in the outbox' });
    expect(await bus('cancel', id)).toMatchObject({ code: 0, out: expect.stringContaining('had ended: succeeded') });
    await eventually(async () =>
      expect(await library.sql('select count(*)::int as events from inbox where consumer = $1', [members])).toEqual([
        { events: 1 + 600 },
      ]),
    );
    const owned = await content('member');
    expect(owned).toMatchObject({ rows: 600 });
    await eventually(async () => expect(await content('member_copy')).toEqual(owned));
    expect((await json('operations', '--action', 'republish')).data[0]).toMatchObject({
      result: { published: 600 },
      reason: 'a new consumer',
    });
    expect((await bus('outbox')).out).toMatch(/waiting/);

    await library.service.stop();
    await library.sql('delete from inbox_position where consumer = $1', [members]);
    await library.sql('delete from inbox where consumer = $1', [members]);
    await library.sql('truncate member_copy');
    await library.restart();
    await eventually(async () => expect(await content('member_copy')).toEqual(owned));
  });

  it('says what is wrong with a command', async () => {
    expect(await bus('--help')).toMatchObject({
      code: 0,
      out: expect.stringContaining('npm run bus -- SERVICE COMMAND'),
    });
    expect(await bus('mend')).toMatchObject({ code: 2, error: expect.stringContaining('There is no command mend') });
    expect(await bus('pause', visits)).toMatchObject({
      code: 2,
      error: expect.stringContaining('pause needs --reason'),
    });
    expect(await bus('parked', '--consumer', 'crm.library.nobody')).toMatchObject({
      code: 1,
      error: 'sales: No consumer crm.library.nobody exists in this service. (404 unknown_consumer)',
    });
    expect(await bus('parked', '--since', 'yesterday')).toMatchObject({
      code: 1,
      error: expect.stringMatching(/\n {2}--since [^\n]+$/),
    });
    expect(await bus('replay', '--consumer', visits, '--until', 'yesterday')).toMatchObject({
      code: 1,
      error: expect.stringMatching(/\n {2}--until [^\n]+$/),
    });
    const file = join(folder, 'list.json');
    writeFileSync(file, '[1, 2]');
    expect(await bus('repair', '1', '--value', file, '--reason', 'a try')).toMatchObject({
      code: 2,
      error: expect.stringContaining('list.json holds no JSON object.'),
    });
    expect(
      await library.call('POST', '/v1/bus/parked/1/repair', operator, { value: [1, 2], reason: 'a try' }),
    ).toMatchObject({ status: 400, body: { errors: [{ pointer: '/value' }] } });
    expect(await bus('show', 'abc')).toMatchObject({
      code: 2,
      error: expect.stringContaining("abc is no record's number"),
    });
    expect(await run({ QUEN_DATA: folder }, 'consumers')).toMatchObject({
      code: 3,
      error: expect.stringContaining('npm start'),
    });
    expect(await run({ QUEN_URL: 'http://127.0.0.1:9', QUEN_TOKEN: 'x' }, 'consumers')).toMatchObject({
      code: 3,
      error: expect.stringContaining('does not answer'),
    });
    expect(
      await run({ QUEN_URL: library.service.url, QUEN_TOKEN: await library.token({ roles: ['seller'] }) }, 'consumers'),
    ).toMatchObject({ code: 1, error: expect.stringContaining('may not do that (403)') });
  });
});
