import { build, StaffState } from '@quen/events';
import { newId } from '@quen/messaging';
import { eventually, startService, type TestService } from '@quen/testing';
import { SalesConfig } from './sales.config.js';
import { SalesModule } from './sales.module.js';

describe('a replica, made anew from its topic', () => {
  let sales: TestService;
  const branchId = newId();
  const staff = Array.from({ length: 12 }, newId);
  const state = (staffId: string, version: number) => build(StaffState, { staffId, version, displayName: `Nhân viên ${version}`, branchId, email: `${staffId}@quen.vn`, roles: [], active: true });
  beforeAll(async () => {
    sales = await startService(SalesModule, SalesConfig);
    await Promise.all(staff.map(async (id) => {
      await sales.receive(state(id, 1));
      await sales.receive(state(id, 2));
    }));
    await sales.receiveErased(StaffState, staff[0]!, { version: 3 });
    await eventually(async () => expect(await sales.sql('select count(*)::int as n from staff where version = 2')).toEqual([{ n: 11 }]));
  });
  afterAll(() => sales.stop());

  const start = (body: object) => sales.as({ roles: ['administrator'] }).post('/v1/bus/rebuilds', body);

  it('begins again after a kill, finds what was damaged, and repairs it', async () => {
    await sales.sql(`delete from staff where id = $1`, [staff[3]]);
    await sales.sql(`update staff set display_name = 'ai đó' where id = $1`, [staff[4]]);
    const { headers } = await start({ consumers: ['crm.sales.staff-replica'], take: true, reason: 'a drill' });
    const job = (await sales.as({ roles: ['administrator'] }).get(headers.get('location')!)).body;
    await eventually(async () => expect(await sales.sql(`select 1 from pg_tables where schemaname = 'sales_rebuild' and tablename = 'staff'`)).toHaveLength(1), { timeoutMs: 60_000 });
    await sales.kill();
    await sales.sql('update job set lease_until = now()');
    await sales.restart();
    const { result } = await eventually(async () => {
      const { body } = await sales.as({ roles: ['administrator'] }).get(`/v1/jobs/${job.id}`);
      expect(['succeeded', 'failed']).toContain(body.state);
      return body;
    }, { timeoutMs: 90_000 });
    expect(result.tables[0].differences).toEqual(expect.arrayContaining([{ key: { id: staff[3] }, kind: 'missing' }, { key: { id: staff[4] }, kind: 'different' }]));
    expect(result).toMatchObject({ equal: false, tables: [{ table: 'staff', different: 2 }], taken: { equal: true, corrected: [{ table: 'staff', changed: 1, added: 1, removed: 0 }] } });
    expect(await sales.sql(`select 1 from staff where display_name = 'Nhân viên 2'`)).toHaveLength(11);
    expect(await sales.sql(`select action, result->>'equalNow' as equal from inbox_replay`)).toEqual([{ action: 'rebuild', equal: 'true' }]);
  });

  it('refuses groups whose handlers do business', async () => {
    expect(await start({ consumers: ['crm.sales.lead-intake'] })).toMatchObject({ status: 422, body: { code: 'consumer_not_rebuildable' } });
  });
});
