import { build, eventOf, StaffState } from '@quen/events';
import { newId } from '@quen/messaging';
import { eventually, startService, type TestService } from '@quen/testing';

describe('a replica, made anew from its topic', () => {
  let sales: TestService;
  const branchId = newId();
  const staff = Array.from({ length: 12 }, newId);
  const state = (staffId: string, version: number) =>
    build(StaffState, {
      staffId,
      version,
      displayName: `Nhân viên ${version}`,
      branchId,
      email: `${staffId}@quen.vn`,
      roles: [],
      active: true,
    });
  beforeAll(async () => {
    sales = await startService('sales');
    await Promise.all(
      staff.map(async (id) => {
        await sales.receive(state(id, 1));
        await sales.receive(state(id, 2));
      }),
    );
    await sales.receiveErased(StaffState, staff[0]!, { version: 3 });
    await eventually(async () =>
      expect(await sales.sql('select count(*)::int as n from staff where version = 2')).toEqual([{ n: 11 }]),
    );
  });
  afterAll(() => sales.stop());

  const operator = () => sales.as({ roles: ['administrator'] });
  const start = (body: object) => operator().post('/v1/bus/rebuilds', body);

  async function resultOf(id: string) {
    const { body } = await eventually(
      async () => {
        const answer = await operator().get(`/v1/jobs/${id}`);
        expect(['succeeded', 'failed']).toContain(answer.body.state);
        return answer;
      },
      { timeoutMs: 90_000 },
    );
    expect(body).toMatchObject({ state: 'succeeded' });
    return body.result;
  }

  it('begins again after a kill, finds what was damaged, and repairs it', async () => {
    await sales.sql(`delete from staff where id = $1`, [staff[3]]);
    await sales.sql(`update staff set display_name = 'ai đó' where id = $1`, [staff[4]]);
    const { headers } = await start({ consumers: ['crm.sales.staff-replica'], take: true, reason: 'a drill' });
    const job = (await operator().get(headers.get('location')!)).body;
    await eventually(
      async () =>
        expect(
          await sales.sql(`select 1 from pg_tables where schemaname = 'sales_rebuild' and tablename = 'staff'`),
        ).toHaveLength(1),
      { timeoutMs: 60_000 },
    );
    await sales.kill();
    await sales.sql('update job set lease_until = now()');
    await sales.restart();
    const result = await resultOf(job.id);
    expect(result.tables[0].differences).toEqual(
      expect.arrayContaining([
        { key: { id: staff[3] }, kind: 'missing' },
        { key: { id: staff[4] }, kind: 'different', columns: ['display_name'] },
      ]),
    );
    expect(result).toMatchObject({
      equal: false,
      tables: [
        { table: 'staff', different: 2 },
        { table: 'erased', live: { rows: 1 }, different: 0 },
      ],
      taken: { equal: true, corrected: [{ table: 'staff', changed: 1, added: 1, removed: 0 }] },
    });
    expect(await sales.sql(`select 1 from staff where display_name = 'Nhân viên 2'`)).toHaveLength(11);
    expect(await sales.sql(`select action, result->>'equalNow' as equal from inbox_replay`)).toEqual([
      { action: 'rebuild', equal: 'true' },
    ]);
  });

  it('takes states as they were repaired or given up, keeps a repair that waits for its replay, and forgets repairs when the owner sends the next state', async () => {
    const consumer = 'crm.sales.staff-replica';
    const [replayed, waiting, given] = [newId(), newId(), newId()];
    for (const id of [replayed, waiting, given]) await sales.receive(Object.assign(state(id, 1), { displayName: 7 }));
    const parked = () =>
      sales.sql<{ n: string; msg_key: string }>(
        `select n, msg_key from inbox_parked where status = 'parked' and consumer = $1`,
        [consumer],
      );
    await eventually(async () => expect(await parked()).toHaveLength(3));
    const waits = new Map((await parked()).map(({ n, msg_key }) => [msg_key, n]));
    const [{ parked_at }] = await sales.sql('select parked_at from inbox_parked where n = $1', [waits.get(waiting)]);
    const post = async (path: string, body: object): Promise<void> =>
      expect((await operator().post(`/v1/bus/${path}`, { ...body, reason: 'a drill' })).status).toBeLessThan(300);
    for (const id of [replayed, waiting]) await post(`parked/${waits.get(id)}/repair`, { value: state(id, 1) });
    const replay = async (key: string): Promise<void> => {
      await post('replays', { consumer, key, dryRun: false });
      await eventually(async () =>
        expect(await sales.sql('select display_name, version::int from staff where id = $1', [key])).toEqual([
          { display_name: 'Nhân viên 1', version: 1 },
        ]),
      );
    };
    await replay(replayed);
    expect(
      await operator().post(`/v1/bus/parked/${waits.get(waiting)}/repair`, {
        value: state(replayed, 1),
        reason: 'a drill',
      }),
    ).toMatchObject({ status: 422, body: { code: 'repair_contradicts_headers' } });
    expect(
      await operator().post(`/v1/bus/parked/${waits.get(waiting)}/repair`, {
        value: { ...state(waiting, 1), version: 99 },
        reason: 'a drill',
      }),
    ).toMatchObject({ status: 422, body: { code: 'repair_contradicts_headers' } });
    await post('skips', { consumer, id: waits.get(given), dryRun: false });

    await sales.sql('update staff set active = false where id = $1', [staff[5]]);
    const correction = await resultOf((await start({ consumers: [consumer], take: true, reason: 'a drill' })).body.id);
    expect(correction).toMatchObject({
      tables: [
        { different: 1, differences: [{ key: { id: staff[5] } }] },
        { table: 'erased', different: 0 },
      ],
      parked: [{ live: 1, rebuilt: 1 }],
      taken: { equal: true, corrected: [{ changed: 1, added: 0, removed: 0 }] },
    });
    expect(await sales.sql(`select n, parked_at from inbox_parked where status = 'parked'`)).toEqual([
      { n: waits.get(waiting), parked_at },
    ]);
    await replay(waiting);

    const kept = (): Promise<object[]> =>
      sales.sql('select msg_key from inbox_parked where value is not null order by msg_key');
    const both = [replayed, waiting].sort().map((key) => ({ msg_key: key }));
    expect(await kept()).toEqual(both);
    // a state that is no newer, such as a late sender's, replaces nothing
    for (const id of [replayed, waiting]) await sales.receive(state(id, 1));
    await eventually(async () => {
      const ends = await sales.bus.ends([eventOf(StaffState).topic.name]);
      expect(
        await sales.sql('select sum(next_offset)::int as read from inbox_position where consumer = $1', [consumer]),
      ).toEqual([{ read: [...ends.values()].flat().reduce((sum, end) => sum + Number(end), 0) }]);
    });
    expect(await kept()).toEqual(both);
    await sales.receive(state(replayed, 2));
    await sales.receiveErased(StaffState, waiting, { version: 2 });
    await eventually(async () => expect(await kept()).toEqual([]));
    expect(
      await sales.sql('select id, version::int from staff where id = any($1)', [[replayed, waiting, given]]),
    ).toEqual([{ id: replayed, version: 2 }]);
    expect(await resultOf((await start({ consumers: [consumer] })).body.id)).toMatchObject({
      equal: true,
      parked: [{ live: 0, rebuilt: 0 }],
    });
  });

  it('parks in their order what the consumer refuses today and took before, and what stands behind it', async () => {
    const id = newId();
    await sales.receive(Object.assign(state(id, 1), { displayName: 7 }));
    await sales.receive(state(id, 2));
    const parked = () =>
      sales.sql(
        `select error_class, version from inbox_parked, lateral (select headers ->> 'ce_sequence' as version) h where status = 'parked' and msg_key = $1 order by n`,
        [id],
      );
    await eventually(async () => expect(await parked()).toHaveLength(2));
    await sales.sql(`update inbox_parked set status = 'replayed' where msg_key = $1 and error_class = 'schema'`, [id]);
    await resultOf((await start({ consumers: ['crm.sales.staff-replica'], take: true, reason: 'a drill' })).body.id);
    expect(await parked()).toEqual([
      { error_class: 'schema', version: '1' },
      { error_class: 'behind', version: '2' },
    ]);
  });

  it('refuses groups whose handlers do business', async () => {
    expect(await start({ consumers: ['crm.sales.lead-intake'] })).toMatchObject({
      status: 422,
      body: { code: 'consumer_not_rebuildable' },
    });
  });
});
