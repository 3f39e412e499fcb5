import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { run } from './processes.mjs';
import { provision, randomSecret, unprovision } from './provision.mjs';
import { root, services } from './settings.mjs';

const admin = process.env.DATABASE_URL ?? '';
const database = `replicas_${randomBytes(4).toString('hex')}`;
const tenants = services.map((name) => ({
  name,
  role: `${database}_${name}`,
  password: randomSecret(),
  ownerPassword: randomSecret(),
}));

/**
 * The states that each service keeps a replica of.
 * @type {Record<string, string[]>}
 */
const replicas = {
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

/** @type {Awaited<ReturnType<typeof provision>>} */
let logins;
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

/** @param {string} name */
async function tried(name) {
  const { PATH, HOME } = process.env;
  const names = await run(process.execPath, [join(root, 'deploy/local/testing/try-replicas.mjs'), name], {
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
