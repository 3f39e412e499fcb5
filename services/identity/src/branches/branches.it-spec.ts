import { BranchState } from '@quen/events';
import { startService, type TestService } from '@quen/testing';

describe('branches', () => {
  let identity: TestService;

  beforeAll(async () => {
    identity = await startService('identity');
  });

  afterAll(() => identity?.stop());

  const administrator = () => identity.as({ roles: ['administrator'] });
  const open = async (code: string, parentId?: string) => {
    const answer = await administrator().post('/v1/branches', {
      code,
      name: `Chi nhánh ${code}`,
      ...(parentId ? { parentId } : {}),
    });
    expect(answer.status).toBe(201);
    return answer.body as { id: string; path: string; version: number };
  };

  it('opens a branch and tells the other services', async () => {
    const root = await open('HO');
    const child = await open('HN', root.id);
    expect(child.path).toBe(`${root.id}.${child.id}`);
    const state = await identity.published(BranchState, (data) => data.branchId === child.id);
    expect(state).toMatchObject({ version: 1, code: 'HN', parentId: root.id, path: child.path, active: true });
  });

  it('serves no issuer of its own when another one is named', async () => {
    expect((await fetch(`${identity.url}/oidc/.well-known/openid-configuration`)).status).toBe(404);
    expect((await administrator().get('/v1/roles')).body.data).toHaveLength(8);
  });

  it('moves a branch with everything below it, and tells of each', async () => {
    const [from, to] = [await open('FROM'), await open('TO')];
    const moved = await open('MOVED', from.id);
    const below = await open('BELOW', moved.id);
    const answer = await administrator().patch(`/v1/branches/${moved.id}`, { parentId: to.id }, { 'if-match': '"1"' });
    expect(answer).toMatchObject({ status: 200, body: { path: `${to.id}.${moved.id}`, version: 2 } });
    const state = await identity.published(BranchState, (data) => data.branchId === below.id && data.version === 2);
    expect(state.path).toBe(`${to.id}.${moved.id}.${below.id}`);
    const ring = await administrator().patch(`/v1/branches/${to.id}`, { parentId: below.id }, { 'if-match': '"1"' });
    expect(ring).toMatchObject({ status: 422, body: { code: 'branch_below_itself' } });
  });

  it('lets two moves that together would make a ring not both happen', async () => {
    const [one, two] = [await open('ONE'), await open('TWO')];
    const answers = await Promise.all([
      administrator().patch(`/v1/branches/${one.id}`, { parentId: two.id }, { 'if-match': '"1"' }),
      administrator().patch(`/v1/branches/${two.id}`, { parentId: one.id }, { 'if-match': '"1"' }),
    ]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 422]);
  });

  it('closes a branch only when nothing is at work in it', async () => {
    const root = await open('BUSY');
    const child = await open('BUSY-1', root.id);
    const close = (id: string, version: number) =>
      administrator().patch(`/v1/branches/${id}`, { active: false }, { 'if-match': `"${version}"` });
    expect(await close(root.id, 1)).toMatchObject({ status: 409, body: { code: 'branch_in_use' } });
    expect((await close(child.id, 1)).status).toBe(200);
    expect((await close(root.id, 1)).status).toBe(200);
    expect(await administrator().post('/v1/branches', { code: 'LATE', name: 'Late', parentId: root.id })).toMatchObject(
      { status: 422, body: { code: 'branch_closed' } },
    );
  });

  it('answers wrong requests as agreed', async () => {
    const branch = await open('WRONG');
    const patch = (body: object, headers: Record<string, string>) =>
      administrator().patch(`/v1/branches/${branch.id}`, body, headers);
    expect(await patch({ name: 'x' }, {})).toMatchObject({ status: 428 });
    expect(await patch({ name: 'x' }, { 'if-match': '"7"' })).toMatchObject({ status: 412 });
    expect(await patch({ colour: 'red' }, { 'if-match': '"1"' })).toMatchObject({
      status: 400,
      body: { code: 'validation_failed' },
    });
    expect(await patch({ name: null }, { 'if-match': '"1"' })).toMatchObject({ status: 400 });
    expect(await administrator().post('/v1/branches', { code: 'WRONG', name: 'again' })).toMatchObject({
      status: 409,
      body: { code: 'branch_code_taken' },
    });
    expect(await administrator().get('/v1/branches/no-uuid')).toMatchObject({ status: 400 });
    expect(await administrator().get(`/v1/branches/${crypto.randomUUID()}`)).toMatchObject({ status: 404 });
    expect((await administrator().get(`/v1/branches/${branch.id}`)).headers.get('etag')).toBe('"1"');
    expect(await identity.as({ roles: ['seller'] }).post('/v1/branches', { code: 'S', name: 'S' })).toMatchObject({
      status: 403,
    });
    expect(
      (await identity.as({ roles: ['seller'] }).get('/v1/branches?q=chi nhanh&sort=path')).body.data.length,
    ).toBeGreaterThan(0);
  });
});
