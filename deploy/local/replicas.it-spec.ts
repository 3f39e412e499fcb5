import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { provision, randomSecret, run, unprovision } from '@quen/engines';
import { root, services } from './settings.js';

const admin = process.env.DATABASE_URL ?? '';
const database = `replicas_${randomBytes(4).toString('hex')}`;
const tenants = services.map((name) => ({
  name,
  role: `${database}_${name}`,
  password: randomSecret(),
  ownerPassword: randomSecret(),
}));

/** The states that each service keeps a replica of. */
const replicas: Record<string, string[]> = {
  identity: [],
  customers: ['crm.analytics.customer-insight', 'crm.identity.branch'],
  marketing: [
    'crm.analytics.customer-insight',
    'crm.customers.customer',
    'crm.identity.branch',
    'crm.identity.staff',
    'crm.support.case',
  ],
  sales: [
    'crm.analytics.customer-insight',
    'crm.customers.customer',
    'crm.identity.branch',
    'crm.identity.staff',
    'crm.support.case',
  ],
  support: ['crm.analytics.customer-insight', 'crm.customers.customer', 'crm.identity.branch'],
  analytics: ['crm.customers.customer', 'crm.identity.branch', 'crm.support.case'],
};

let logins: Awaited<ReturnType<typeof provision>>;
beforeAll(async () => {
  logins = await provision(admin, database, tenants);
});
afterAll(() =>
  unprovision(
    admin,
    database,
    tenants.map(({ role }) => role),
  ),
);

async function tried(name: string) {
  const { PATH, HOME } = process.env;
  const names = await run(process.execPath, [join(root, 'deploy/dist/local/testing/try-replicas.js'), name], {
    cwd: root,
    env: {
      PATH,
      HOME,
      NODE_ENV: 'test',
      QUEN_MODE: 'test',
      DATABASE_URL: logins[name]?.url,
      MIGRATION_DATABASE_URL: logins[name]?.migrationUrl,
      KAFKA_BROKERS: 'none:1',
      OIDC_ISSUER: 'http://127.0.0.1:1',
      PUBLIC_URL: 'http://127.0.0.1:1',
    },
  });
  return [name, JSON.parse(names).sort()];
}

it('carries over what was erased; every replica ends as the newest states say: late, duplicate, disordered, erased', async () => {
  expect(Object.fromEntries(await Promise.all(services.map(tried)))).toEqual(replicas);
}, 300_000);
