import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { room } from '@quen/chassis/internal/example-service/reading-room.js';
import { eventually } from '@quen/testing';
import { members, Operator, range, visits, type Done } from './operator.js';

describe('operating the bus', () => {
  let operator: Operator;
  beforeAll(async () => {
    operator = await Operator.start();
  });
  afterAll(() => operator.stop());

  it('finds, repairs and replays poison, so that the state is that of a clean run', async () => {
    const [clean, mended, given, refused] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
    room.full = true;
    await operator.visit(mended, range(8), `payload = jsonb_set(payload, '{visit}', '"three"') where version = 3`);
    await operator.visit(
      given,
      range(5),
      `headers = headers || '{"ce_type": "member vanished"}', type = 'member vanished' where version = 2`,
    );
    await operator.visit(refused, range(3), '', 'brings friends');
    await operator.visit(clean, range(8));
    await eventually(async () => expect(await operator.taken(clean)).toEqual(range(8)));
    await eventually(async () => expect(await operator.parked()).toEqual({ [`${visits} parked`]: 6 + 4 + 3 }));

    expect(await operator.consumer(visits)).toMatchObject({
      declared: true,
      paused: null,
      lag: 0,
      parked: { records: 13, keys: 3 },
    });
    expect((await operator.bus('consumers')).out).toMatch(/crm\.library\.visits +0 +13 +3 +reads/);
    const summary = await operator.bus('parked');
    for (const part of ['13 records wait', 'schema', 'undecodable', 'room_is_full', 'behind', mended])
      expect(summary.out).toContain(part);
    const { byKey } = await operator.json('parked');
    const first = (key: string): string => byKey.find((each: { key: string }) => each.key === key).firstId as string;
    const listed = await operator.json('parked', '--error', 'schema', '--topic', 'crm.library.member.v1');
    expect(listed.data).toMatchObject([
      { id: first(mended), key: mended, type: 'crm.library.member-visited.v1', status: 'parked' },
    ]);
    expect(listed.data[0]).not.toHaveProperty('value');

    // the mistake, seen and mended in a file
    const file = join(operator.folder, 'value.json');
    expect(await operator.bus('show', first(mended), '--save', file)).toMatchObject({ code: 0 });
    const value = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    expect(value).toMatchObject({ memberId: mended, visit: 'three' });
    const still = await operator.bus('replay', '--consumer', visits, '--key', mended);
    expect(still).toMatchObject({ code: 1, out: expect.stringContaining('0 would go through; 1 key would stop') });
    const repair = (change: object): Promise<Done> => {
      writeFileSync(file, JSON.stringify({ ...value, ...change }));
      return operator.bus('repair', first(mended), '--value', file, '--reason', 'INC-204');
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
    expect(await operator.bus('replay', '--consumer', visits, '--key', mended)).toMatchObject({
      code: 0,
      out: expect.stringContaining('dry run: of 6 records under 1 key 6 would go through'),
    });
    expect(await operator.taken(mended)).toEqual([1, 2]);
    expect(await operator.bus('replay', '--consumer', visits, '--key', mended, '--execute')).toMatchObject({
      code: 2,
      error: expect.stringContaining('replay --execute needs --reason'),
    });
    expect(
      await operator.bus('replay', '--consumer', visits, '--key', mended, '--reason', 'INC-204', '--execute'),
    ).toMatchObject({ code: 0, out: expect.stringContaining('6 of 6 records are through') });
    expect(await operator.taken(mended)).toEqual(range(8));

    // too broken: given up, and what waits behind goes on
    expect((await operator.bus('repair', first(given), '--value', file, '--reason', 'INC-204')).error).toMatch(
      /repair_(refused|contradicts_headers)/,
    );
    expect(await operator.bus('skip', '--consumer', visits, '--reason', 'all of them')).toMatchObject({
      code: 2,
      error: expect.stringContaining('skip needs --id, --key or --error'),
    });
    const skip = ['skip', '--consumer', visits, '--id', first(given)];
    expect(await operator.bus(...skip)).toMatchObject({
      code: 0,
      out: expect.stringContaining('1 record under 1 key would be given up'),
    });
    expect(await operator.bus(...skip, '--execute')).toMatchObject({
      code: 2,
      error: expect.stringContaining('skip --execute needs --reason'),
    });
    expect(await operator.bus(...skip, '--execute', '--reason', 'INC-205')).toMatchObject({
      code: 0,
      out: expect.stringContaining('1 record under 1 key is given up'),
    });
    expect(
      await operator.bus('replay', '--consumer', visits, '--key', given, '--reason', 'INC-205', '--execute'),
    ).toMatchObject({ code: 0 });
    expect(await operator.taken(given)).toEqual([1, 3, 4, 5]);

    // a defect of the consumer: a dry run tells whether it is mended
    const defect = ['replay', '--consumer', visits, '--error', 'room_is_full'];
    expect(await operator.bus(...defect)).toMatchObject({ code: 1, out: expect.stringContaining('The room is full') });
    room.full = false;
    expect(await operator.bus(...defect)).toMatchObject({ code: 0 });
    expect(await operator.bus(...defect, '--reason', 'INC-204', '--execute')).toMatchObject({ code: 0 });
    expect(await operator.taken(refused)).toEqual(range(3));
    expect(await operator.parked()).toEqual({ [`${visits} replayed`]: 12, [`${visits} discarded`]: 1 });
    expect((await operator.bus('parked')).out).toContain('nothing is parked');
    const { out: list } = await operator.bus('jobs');
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
    await operator.visit(mended, [9]);
    await eventually(async () => expect(await operator.taken(mended)).toEqual(range(9)));
  });

  it('keeps an account of everything that nobody can change, not even the service', async () => {
    const { data } = await operator.json('operations', '--limit', '100');
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
        ({ actor, finishedAt, consumer }) => actor === operator.caller.subject && finishedAt && consumer === visits,
      ),
    ).toBe(true);
    const { result, reason } = accounts[2] as { result: { before: string; after: string }; reason: string };
    expect(reason).toBe('INC-204');
    expect(result.before).toMatch(/^[0-9a-f]{64}$/);
    expect(result.after).toMatch(/^[0-9a-f]{64}$/);
    expect(result.after).not.toBe(result.before);
    expect((await operator.json('operations', '--action', 'skip')).data).toHaveLength(2);
    const readable = new RegExp(
      `^\\S+  skip  ${visits}  by Test\n  reason: INC-205\n  reach:\n(    \\w+: \\S+\n)*    id: \\d+\n(    \\w+: \\S+\n)*  result:\n(    \\w+: \\w+\n?)+$`,
    );
    expect((await operator.bus('operations', '--action', 'skip', '--limit', '1')).out).toMatch(readable);
    expect((await operator.bus('operations', '--consumer', 'crm.nobody.nothing')).out).toBe('no operation matches');
    const own = operator.library.service.app.get(DataSource);
    for (const sql of [
      `update inbox_replay set actor = 'nobody'`,
      `update inbox_replay set result = '{}'`,
      'delete from inbox_replay',
    ]) {
      await expect(own.query(sql)).rejects.toThrow('an account of an operation is kept as it is');
    }
    await expect(own.query('truncate inbox_replay')).rejects.toThrow('permission denied');
    await expect(operator.library.database.query('truncate inbox_replay')).rejects.toThrow(
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
      expect([path, (await operator.library.anonymous.send(method, `/v1/bus/${path}`, body)).status]).toEqual([
        path,
        401,
      ]);
      expect([
        path,
        (await operator.library.as({ roles: ['seller'] }).send(method, `/v1/bus/${path}`, body)).status,
      ]).toEqual([path, 403]);
      expect([
        path,
        (await operator.library.as({ roles: ['auditor'] }).send(method, `/v1/bus/${path}`, body)).status,
      ]).toEqual([path, index < 6 ? 200 : 403]);
    }
    expect(await operator.parked()).toMatchObject({ [`${visits} replayed`]: 12 });
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
      expect(await operator.library.as(operator.caller).send(method, `/v1/bus/${path}`, body)).toMatchObject({
        status,
        body: { code },
      });
    }
  });

  it('says what is wrong with a command', async () => {
    expect(await operator.bus('--help')).toMatchObject({
      code: 0,
      out: expect.stringContaining('npm run bus -- SERVICE COMMAND'),
    });
    expect(await operator.bus('mend')).toMatchObject({
      code: 2,
      error: expect.stringContaining('There is no command mend'),
    });
    expect(await operator.bus('pause', visits)).toMatchObject({
      code: 2,
      error: expect.stringContaining('pause needs --reason'),
    });
    expect(await operator.bus('parked', '--consumer', 'crm.library.nobody')).toMatchObject({
      code: 1,
      error: 'sales: No consumer crm.library.nobody exists in this service. (404 unknown_consumer)',
    });
    expect(await operator.bus('parked', '--since', 'yesterday')).toMatchObject({
      code: 1,
      error: expect.stringMatching(/\n {2}--since [^\n]+$/),
    });
    expect(await operator.bus('replay', '--consumer', visits, '--until', 'yesterday')).toMatchObject({
      code: 1,
      error: expect.stringMatching(/\n {2}--until [^\n]+$/),
    });
    const file = join(operator.folder, 'list.json');
    writeFileSync(file, '[1, 2]');
    expect(await operator.bus('repair', '1', '--value', file, '--reason', 'a try')).toMatchObject({
      code: 2,
      error: expect.stringContaining('list.json holds no JSON object.'),
    });
    expect(
      await operator.library.as(operator.caller).post('/v1/bus/parked/1/repair', {
        value: [1, 2],
        reason: 'a try',
      }),
    ).toMatchObject({ status: 400, body: { errors: [{ pointer: '/value' }] } });
    expect(await operator.bus('show', 'abc')).toMatchObject({
      code: 2,
      error: expect.stringContaining("abc is no record's number"),
    });
    expect(await operator.run({ QUEN_DATA: operator.folder }, 'consumers')).toMatchObject({
      code: 3,
      error: expect.stringContaining('npm start'),
    });
    expect(await operator.run({ QUEN_URL: 'http://127.0.0.1:9', QUEN_TOKEN: 'x' }, 'consumers')).toMatchObject({
      code: 3,
      error: expect.stringContaining('does not answer'),
    });
    expect(
      await operator.run(
        {
          QUEN_URL: operator.library.service.url,
          QUEN_TOKEN: await operator.library.issuer.token({ roles: ['seller'] }),
        },
        'consumers',
      ),
    ).toMatchObject({ code: 1, error: expect.stringContaining('may not do that (403)') });
  });
});
