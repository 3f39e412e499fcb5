import { randomUUID } from 'node:crypto';
import { type Actor, type Answer } from '@quen/testing';
import { Library } from './library.js';

describe("a gateway behind an identity provider that is not the platform's own", () => {
  let library: Library;
  const hanoi = randomUUID();
  const keycloak = (claims: Record<string, unknown>): Actor => ({
    subject: 'f:lan',
    claims: { roles: undefined, aud: 'crm', typ: 'Bearer', ...claims },
    header: { typ: 'JWT' },
  });

  beforeAll(async () => {
    library = await Library.start({
      outside: 'yes',
      OIDC_AUDIENCE: 'quen,crm',
      OIDC_CLAIM_ROLES: 'realm_access.roles',
      OIDC_ROLE_MAP: 'Sales.Rep=seller, Sales.Lead=branch-manager',
      OIDC_CLAIM_BRANCH: 'groups',
      OIDC_BRANCH_PREFIX: '/Branches/',
      OIDC_BRANCH_MAP: 'Hanoi=HN',
    });
    await library.sql(
      `insert into branch (id, code, name, path, active, version) values ($1, 'HN', 'Hà Nội', $2, true, 1)`,
      [hanoi, hanoi],
    );
  });
  afterAll(() => library.stop());

  const add = (claims: Record<string, unknown>): Promise<Answer> =>
    library.as(keycloak(claims)).post('/v1/books', { title: randomUUID() });
  const as = (...roles: string[]) => ({ realm_access: { roles } });

  it('knows the roles that are mapped, and no other name', async () => {
    expect((await add(as('offline_access', 'Sales.Rep'))).status).toBe(201);
    for (const names of [
      ['administrator'],
      ['seller'],
      ['branch-manager'],
      ['offline_access', 'uma_authorization'],
      ['__proto__'],
    ])
      expect(await add(as(...names))).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect((await library.as(keycloak(as('administrator', 'Sales.Lead'))).get('/v1/bus/consumers')).status).toBe(403);
  });

  it.each([
    ['by its code in a group', ['/Departments/Sales', '/Branches/HN']],
    ['by a name that is mapped', ['/Branches/Hanoi']],
    ['twice by the same', ['/Branches/Hanoi', '/Branches/HN']],
    ['by its id', [`/Branches/${hanoi}`]],
  ])('finds the branch %s', async (_, groups) => {
    const made = await add({ ...as('Sales.Rep'), groups });
    expect(made.status).toBe(201);
    expect(await library.sql('select branch_id from book where id = $1', [made.body.id])).toEqual([
      { branch_id: hanoi },
    ]);
  });

  it('takes a person without a branch for one', async () => {
    const made = await add({ ...as('Sales.Rep'), groups: ['/Departments/Sales'] });
    expect(await library.sql('select branch_id from book where id = $1', [made.body.id])).toEqual([
      { branch_id: null },
    ]);
  });

  it.each([
    ['a code that there is not', ['/Branches/SG'], 'account_branch_unknown'],
    ['an id that there is not', [`/Branches/${randomUUID()}`], 'account_branch_unknown'],
    ['what no branch can be called', ["/Branches/x' or true --\0"], 'account_branch_unknown'],
    ['two', ['/Branches/HN', '/Branches/SG'], 'account_branch_ambiguous'],
  ])('refuses %s', async (_, groups, code) => {
    const answer = await add({ ...as('Sales.Rep'), groups });
    expect({ status: answer.status, code: answer.body.code }).toEqual({ status: 403, code });
    expect((await library.as(keycloak({ ...as('Sales.Lead'), groups })).get('/v1/books')).body.code).toBe(code);
  });

  it('accepts each of its audiences, and no other', async () => {
    for (const [aud, status] of [
      ['quen', 201],
      [['account', 'crm'], 201],
      ['account', 401],
    ] as const)
      expect((await add({ ...as('Sales.Rep'), aud })).status).toBe(status);
  });
});
