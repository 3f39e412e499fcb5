import { BranchState, StaffAbsent, StaffJoined, StaffLeft, StaffState } from '@quen/events';
import { startService, type TestService } from '@quen/testing';

describe('staff', () => {
  let identity: TestService;
  let root: string;
  let north: string;
  let south: string;
  let department: string;
  let boss: string;

  const administrator = () => identity.as({ roles: ['administrator'] });
  let number = 0;
  const takeOn = async (more: object = {}) => {
    number += 1;
    const answer = await administrator().post('/v1/staff', {
      loginName: `staff${number}`,
      displayName: `Nhân viên ${number}`,
      roles: ['seller'],
      branchId: north,
      ...more,
    });
    expect(answer).toMatchObject({ status: 201 });
    return answer.body as { id: string; version: number; loginName: string };
  };
  const open = async (code: string, parentId?: string) =>
    (await administrator().post('/v1/branches', { code, name: code, ...(parentId ? { parentId } : {}) })).body
      .id as string;

  beforeAll(async () => {
    identity = await startService('identity');
    root = await open('HO');
    north = await open('HN', root);
    south = await open('HCM', root);
    department = (await administrator().post('/v1/departments', { code: 'KD', name: 'Phòng kinh doanh' })).body
      .id as string;
    boss = (await takeOn({ roles: ['administrator'], branchId: root })).id;
  });

  afterAll(() => identity?.stop());

  it('joins, with a fact without personal data and a state with it', async () => {
    const staff = await takeOn({
      displayName: 'Nguyễn Thị Lan',
      email: 'lan@example.vn',
      departmentId: department,
      skills: ['máy lọc nước'],
      languages: ['vi'],
    });
    const fact = await identity.record(StaffJoined, (record) => record.data.staffId === staff.id);
    expect(fact.data).toMatchObject({ branchId: north, roles: ['seller'] });
    expect(JSON.stringify(fact)).not.toMatch(/Lan|example\.vn/);
    const state = await identity.published(StaffState, (data) => data.staffId === staff.id);
    expect(state).toMatchObject({
      version: 1,
      displayName: 'Nguyễn Thị Lan',
      email: 'lan@example.vn',
      department: 'KD',
      skills: ['máy lọc nước'],
      active: true,
    });
  });

  it('signs in with the email unless another name is given; names are unique without regard to case', async () => {
    const staff = await takeOn({ loginName: undefined, email: 'Minh@Example.vn' });
    expect(staff.loginName).toBe('minh@example.vn');
    const again = await administrator().post('/v1/staff', {
      loginName: 'MINH@example.vn',
      displayName: 'x',
      roles: ['seller'],
      branchId: north,
    });
    expect(again).toMatchObject({ status: 409, body: { code: 'login_name_taken' } });
  });

  it('goes away, comes back, leaves and returns', async () => {
    const [staff, substitute] = [await takeOn(), await takeOn()];
    const at = (version: number) => ({ 'if-match': `"${version}"` });
    const away = await administrator().put(
      `/v1/staff/${staff.id}/absence`,
      { from: '2026-02-16', until: '2026-02-20', substituteId: substitute.id },
      at(1),
    );
    expect(away).toMatchObject({
      status: 200,
      body: { absentFrom: '2026-02-16', absentUntil: '2026-02-20', version: 2 },
    });
    await identity.published(StaffAbsent, (data) => data.staffId === staff.id && data.substituteId === substitute.id);
    expect(await administrator().put(`/v1/staff/${staff.id}/absence`, { from: '2026-02-30' }, at(2))).toMatchObject({
      status: 400,
    });
    expect(
      await administrator().put(`/v1/staff/${staff.id}/absence`, { from: '2026-02-16', until: '2026-02-01' }, at(2)),
    ).toMatchObject({ status: 422, body: { code: 'absence_backwards' } });
    expect(await administrator().delete(`/v1/staff/${staff.id}/absence`, undefined, at(2))).toMatchObject({
      status: 200,
      body: { absentFrom: null },
    });
    expect(await administrator().post(`/v1/staff/${staff.id}/deactivate`, undefined, at(3))).toMatchObject({
      status: 200,
      body: { active: false },
    });
    await identity.published(StaffLeft, (data) => data.staffId === staff.id);
    expect(await administrator().patch(`/v1/staff/${staff.id}`, { title: 'x' }, at(4))).toMatchObject({
      status: 409,
      body: { code: 'staff_left' },
    });
    expect(await administrator().post(`/v1/staff/${staff.id}/reactivate`, undefined, at(4))).toMatchObject({
      status: 200,
      body: { active: true },
    });
    const state = await identity.published(StaffState, (data) => data.staffId === staff.id && data.version === 5);
    expect(state.active).toBe(true);
  });

  it('changes roles, branch and name, but never the last administrator', async () => {
    const staff = await takeOn();
    const change = await administrator().patch(
      `/v1/staff/${staff.id}`,
      { roles: ['branch-manager'], branchId: south, title: 'Giám đốc chi nhánh', departmentId: department },
      { 'if-match': '"1"' },
    );
    expect(change).toMatchObject({ status: 200, body: { roles: ['branch-manager'], branchId: south, version: 2 } });
    expect(
      (await administrator().patch(`/v1/staff/${staff.id}`, { title: null, departmentId: null }, { 'if-match': '"2"' }))
        .body,
    ).toMatchObject({ title: null, departmentId: null });
    expect(await administrator().patch(`/v1/staff/${staff.id}`, { roles: [] }, { 'if-match': '"3"' })).toMatchObject({
      status: 400,
    });
    expect(
      await administrator().patch(`/v1/staff/${staff.id}`, { branchId: crypto.randomUUID() }, { 'if-match': '"3"' }),
    ).toMatchObject({ status: 422, body: { code: 'branch_unknown' } });
    expect(await administrator().post(`/v1/staff/${boss}/deactivate`, undefined, { 'if-match': '"1"' })).toMatchObject({
      status: 409,
      body: { code: 'last_administrator' },
    });
    expect(
      await administrator().patch(`/v1/staff/${boss}`, { roles: ['director'] }, { 'if-match': '"1"' }),
    ).toMatchObject({ status: 409, body: { code: 'last_administrator' } });
  });

  it('shows a branch manager the branch with what is below it, and everybody themselves', async () => {
    const [mine, other] = [await takeOn(), await takeOn({ branchId: south })];
    const manager = identity.as({ roles: ['branch-manager'], branchId: north });
    const listed = (await manager.get('/v1/staff?limit=200')).body.data as { id: string; branchId: string }[];
    expect(listed.some((staff) => staff.id === mine.id)).toBe(true);
    expect(listed.every((staff) => staff.branchId === north)).toBe(true);
    expect((await manager.get(`/v1/staff/${other.id}`)).status).toBe(404);
    expect(
      (await manager.put(`/v1/staff/${other.id}/absence`, { from: '2026-03-01' }, { 'if-match': '"1"' })).status,
    ).toBe(404);
    expect(
      (await manager.put(`/v1/staff/${mine.id}/absence`, { from: '2026-03-01' }, { 'if-match': '"1"' })).status,
    ).toBe(200);
    expect((await manager.patch(`/v1/staff/${mine.id}`, { title: 'x' }, { 'if-match': '"2"' })).status).toBe(403);
    const whole = identity.as({ roles: ['branch-manager'], branchId: root });
    expect((await whole.get(`/v1/staff/${other.id}`)).status).toBe(200);
    const self = identity.as({ roles: ['seller'], subject: mine.id, branchId: north });
    expect((await self.get(`/v1/staff/${mine.id}`)).status).toBe(200);
    expect((await self.get('/v1/staff')).body.data).toHaveLength(1);
    expect((await self.get(`/v1/staff/${other.id}`)).status).toBe(404);
    expect((await identity.as({ roles: ['branch-manager'] }).get('/v1/staff')).body.data).toEqual([]);
    expect((await identity.as({ roles: [] }).get('/v1/staff')).status).toBe(403);
    expect((await identity.anonymous.get('/v1/staff')).status).toBe(401);
  });

  it('finds staff by name without accents and by role', async () => {
    await takeOn({ displayName: 'Đặng Tuấn Kiệt', roles: ['agent', 'seller'] });
    expect((await administrator().get('/v1/staff?q=dang tuan kiet')).body.data).toMatchObject([
      { displayName: 'Đặng Tuấn Kiệt' },
    ]);
    expect((await administrator().get('/v1/staff?filter[roles]=agent')).body.data).toMatchObject([
      { displayName: 'Đặng Tuấn Kiệt' },
    ]);
    expect((await administrator().get('/v1/staff?filter[salary]=1')).status).toBe(400);
  });

  it('never shows a password or its hash', async () => {
    const staff = await takeOn();
    expect(
      (await administrator().put(`/v1/staff/${staff.id}/temporary-password`, { password: 'short' })).body.code,
    ).toBe('password_weak');
    expect(
      (await administrator().put(`/v1/staff/${staff.id}/temporary-password`, { password: 'một mật khẩu tạm' })).status,
    ).toBe(204);
    const rows = await identity.sql('select * from credential where staff_id = $1', [staff.id]);
    expect(JSON.stringify(rows)).not.toContain('một mật khẩu tạm');
    expect(JSON.stringify((await administrator().get(`/v1/staff/${staff.id}`)).body)).not.toContain('argon2');
  });

  it('gives the same answer to the same request with one key', async () => {
    const body = { loginName: 'twice', displayName: 'Twice', roles: ['seller'], branchId: north };
    const caller = administrator();
    const [first, second] = [
      await caller.post('/v1/staff', body, { 'idempotency-key': 'k1' }),
      await caller.post('/v1/staff', body, { 'idempotency-key': 'k1' }),
    ];
    expect(second.body.id).toBe(first.body.id);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
  });

  it('publishes everybody and every branch again as they were', async () => {
    const again = [...(await identity.republished(StaffState)), ...(await identity.republished(BranchState))];
    expect(again.length).toBeGreaterThan(3);
    for (const { before, after } of again) expect(after).toEqual(before);
  });
});
