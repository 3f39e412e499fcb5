import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { provision } from '@quen/engines';
import { services, type ServiceName } from '../local/settings.js';
import { grantKafkaAccess } from './kafka-access.js';

// Run once by compose before the services: what in a cluster is the work of an administrator of databases and brokers
// and of a migration job.
const { ADMIN_DATABASE_URL: adminUrl = '', ...given } = process.env;
const environment = Object.fromEntries(
  Object.entries(given).filter(([name]) => !name.endsWith('_PASSWORD') || name === 'KAFKA_PASSWORD'),
);
const tenants = services.map((name) => ({
  name,
  role: name,
  password: secret(name, 'DATABASE_PASSWORD'),
  ownerPassword: secret(name, 'OWNER_PASSWORD'),
}));
const { KAFKA_BROKERS: brokers = '', KAFKA_USERNAME: username = '', KAFKA_PASSWORD: password = '' } = given;
const missing = Object.entries({
  ADMIN_DATABASE_URL: adminUrl,
  KAFKA_BROKERS: brokers,
  KAFKA_USERNAME: username,
  KAFKA_PASSWORD: password,
})
  .filter(([, value]) => !value)
  .map(([name]) => name);
if (missing.length > 0) throw new Error(`${missing.join(', ')} must be set.`);

const [logins] = await Promise.all([
  provision(adminUrl, 'quen', tenants),
  grantKafkaAccess({ brokers: brokers.split(','), username, password }, services),
]);
await Promise.all(services.map(migrate));

async function migrate(name: ServiceName) {
  const login = logins[name];
  const migration = spawn(process.execPath, ['--enable-source-maps', `services/${name}/dist/main.js`, 'migrate'], {
    stdio: 'inherit',
    env: { ...environment, DATABASE_URL: login?.url, MIGRATION_DATABASE_URL: login?.migrationUrl },
  });
  const [code] = await once(migration, 'exit');
  if (code !== 0) throw new Error(`The migration of ${name} ended with ${code}.`);
  console.log(`${name} is migrated`);
}

function secret(service: string, kind: string) {
  const variable = `${service.toUpperCase()}_${kind}`;
  const value = given[variable];
  if (!value) throw new Error(`${variable} must be set.`);
  return value;
}
