import { randomUUID } from 'node:crypto';
import { eventually } from '@quen/testing';
import { members, Operator, range, visits } from './operator.js';

describe('where the consumers of the bus stand', () => {
  let operator: Operator;
  beforeAll(async () => {
    operator = await Operator.start();
  });
  afterAll(() => operator.stop());

  it('pauses a consumer, also across a restart, and lets it go on where it stood', async () => {
    const member = randomUUID();
    expect(await operator.bus('pause', visits, '--reason', 'INC-206: the room is being painted')).toMatchObject({
      code: 0,
    });
    await operator.visit(member, range(5));
    const paused = async (): Promise<void> => {
      const { body } = await operator.library.anonymous.get('/healthz/ready');
      expect(body).toEqual({
        ok: true,
        reasons: [],
        notes: [`${visits} is paused by an operator: INC-206: the room is being painted`],
      });
      const status = await operator.consumer(visits);
      expect(status).toMatchObject({
        lag: 5,
        paused: { reason: 'INC-206: the room is being painted', actor: operator.caller.subject },
        partitions: [{ held: 'operator', lag: 5 }],
      });
      expect(await operator.library.anonymous.get('/healthz/live')).toMatchObject({ status: 200 });
      expect(await operator.library.metrics()).toMatch(
        /crm_consumer_paused\{consumergroup="crm.library.visits",reason="operator"[^}]*\} 1/,
      );
    };
    await eventually(paused);
    await operator.library.restart();
    await eventually(paused);
    expect(await operator.taken(member)).toEqual([]);
    expect(await operator.bus('resume', visits)).toMatchObject({ code: 0, out: expect.stringContaining('goes on') });
    await eventually(async () => expect(await operator.taken(member)).toEqual(range(5)));
    expect(await operator.bus('resume', visits)).toMatchObject({
      code: 0,
      out: expect.stringContaining('was not paused'),
    });
  });

  it('moves a consumer whose topic ends before its position', async () => {
    const member = randomUUID();
    await operator.library.sql(`update inbox_position set next_offset = next_offset + 1000 where consumer = $1`, [
      visits,
    ]);
    await operator.library.restart();
    await eventually(async () =>
      expect(await operator.library.anonymous.get('/healthz/ready')).toMatchObject({
        status: 503,
        body: { reasons: [`${visits}: a topic is shorter than what was read of it`] },
      }),
    );
    expect((await operator.bus('consumers')).out).toMatch(/held: shortened/);
    await operator.visit(member, range(2));
    const reset = ['reset', '--consumer', visits, '--topic', 'crm.library.member.v1', '--reason', 'INC-207', '--to'];
    expect(await operator.bus(...reset, 'end')).toMatchObject({
      code: 0,
      out: expect.stringContaining('Nothing was changed'),
    });
    // back to the start, as for a topic made anew: what is there was handled, which the inbox knows
    expect(await operator.bus(...reset, 'start', '--execute')).toMatchObject({
      code: 0,
      out: expect.stringContaining('Done'),
    });
    await eventually(async () => expect(await operator.taken(member)).toEqual(range(2)));
    const total = (): Promise<unknown[]> => operator.library.sql('select count(*)::int as count from visit');
    const before = await total();
    await eventually(async () => expect((await operator.library.anonymous.get('/healthz/ready')).status).toBe(200));
    expect(await operator.bus(...reset, 'start')).toMatchObject({
      code: 1,
      error: expect.stringContaining('topic_not_shortened'),
    });
    // to the end while it is paused: what waited is passed over, by the running process too
    await operator.bus('pause', visits, '--reason', 'INC-207');
    await operator.visit(member, [3, 4]);
    await eventually(async () => expect(await operator.consumer(visits)).toMatchObject({ lag: 2 }));
    expect(await operator.json(...reset, 'end', '--execute')).toMatchObject({ skipped: 2 });
    await operator.bus('resume', visits);
    await operator.visit(member, [5]);
    await eventually(async () => expect(await operator.taken(member)).toEqual([1, 2, 5]));
    expect(before).not.toEqual(await total());
  });

  it('gives a consumer once what it passed over before it took a type', async () => {
    const [member, topic, since] = [randomUUID(), 'crm.library.member.v1', new Date().toISOString()];
    await operator.bus('pause', visits, '--reason', 'INC-208');
    await operator.visit(member, [1, 2]);
    await eventually(async () => expect(await operator.consumer(visits)).toMatchObject({ lag: 2 }));
    await operator.bus(
      'reset',
      '--consumer',
      visits,
      '--topic',
      topic,
      '--to',
      'end',
      '--reason',
      'INC-208',
      '--execute',
    );
    await operator.bus('resume', visits);
    await operator.visit(member, [3]);
    await eventually(async () => expect(await operator.taken(member)).toEqual([3]));
    // as if it took visits from here on only
    await operator.library.sql(`update inbox_heard set from_offset = 1000000 where consumer = $1`, [visits]);
    const type = 'crm.library.member-visited.v1';
    const reread = ['reread', visits, '--topic', topic, '--since', since, '--type'];
    expect(await operator.bus(...reread, type)).toMatchObject({
      code: 0,
      out: expect.stringContaining('of 3 events that were passed over 2 would be taken'),
    });
    const executed = [...reread, type, '--execute', '--reason', 'INC-208'];
    expect((await operator.bus(...executed)).out).toContain('2 are taken; 0 of them wait');
    expect(await operator.taken(member)).toEqual([3, 1, 2]);
    expect((await operator.bus(...executed)).out).toContain('0 are taken');
    expect((await operator.json('operations', '--action', 'reread')).data).toHaveLength(3);
    expect(await operator.bus(...reread, 'crm.library.nothing.v1')).toMatchObject({
      code: 1,
      error: expect.stringContaining('unknown_type'),
    });
    expect(
      await operator.bus(
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
    await operator.library.sql(
      `insert into member select gen_random_uuid(), 1 + n % 7, 'Member ' || n from generate_series(1, 600) n`,
    );
    // table and owner's table as one hash each
    const content = async (table: string): Promise<unknown> =>
      (
        await operator.library.sql(
          `select count(*)::int as rows, md5(string_agg(t::text, ',' order by id)) as hash from ${table} t`,
        )
      )[0];
    const republish = ['republish', '--topic', 'crm.library.member.state.v1', '--reason', 'a new consumer'];
    const [one] = await operator.library.sql('select id from member limit 1');
    expect(await operator.bus(...republish, '--id', (one as { id: string }).id)).toMatchObject({
      code: 0,
      out: expect.stringContaining('1 state is in the outbox'),
      error: expect.stringMatching(/^job [0-9a-f-]{36} [^\n]*$/),
    });
    await eventually(async () => expect(await content('member_copy')).toMatchObject({ rows: 1 }));
    expect(await operator.bus(...republish, '--id', 'nobody')).toMatchObject({
      code: 1,
      error: expect.stringContaining('There is no state of nobody'),
    });
    // stopped in the second batch, which waits for a row that somebody is changing, the job goes on from there
    const changing = await operator.library.database.connect();
    await changing.query('begin');
    await changing.query(
      'select from member where id = (select id from member order by id offset 550 limit 1) for update',
    );
    const {
      body: { id },
    } = await operator.library.as(operator.caller).post('/v1/bus/republications', {
      topic: 'crm.library.member.state.v1',
      reason: 'a new consumer',
    });
    const job = async (): Promise<unknown> => (await operator.library.as(operator.caller).get(`/v1/jobs/${id}`)).body;
    let restarting = Promise.resolve();
    try {
      await eventually(async () =>
        expect(await job()).toMatchObject({ state: 'running', progress: { done: 500, total: 600 } }),
      );
      restarting = operator.library.restart();
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
    expect(await operator.bus('job', id)).toMatchObject({ code: 0, out: '600 states are in the outbox' });
    expect(await operator.bus('cancel', id)).toMatchObject({
      code: 0,
      out: expect.stringContaining('had ended: succeeded'),
    });
    await eventually(async () =>
      expect(
        await operator.library.sql('select count(*)::int as events from inbox where consumer = $1', [members]),
      ).toEqual([{ events: 1 + 600 }]),
    );
    const owned = await content('member');
    expect(owned).toMatchObject({ rows: 600 });
    await eventually(async () => expect(await content('member_copy')).toEqual(owned));
    expect((await operator.json('operations', '--action', 'republish')).data[0]).toMatchObject({
      result: { published: 600 },
      reason: 'a new consumer',
    });
    expect((await operator.bus('outbox')).out).toMatch(/waiting/);

    await operator.library.service.stop();
    await operator.library.sql('delete from inbox_position where consumer = $1', [members]);
    await operator.library.sql('delete from inbox where consumer = $1', [members]);
    await operator.library.sql('truncate member_copy');
    await operator.library.restart();
    await eventually(async () => expect(await content('member_copy')).toEqual(owned));
  });
});
