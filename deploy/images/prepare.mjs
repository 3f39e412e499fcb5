import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { provision } from '../local/provision.mjs';
import { services } from '../local/settings.mjs';

// Run once by compose before the services: what in a cluster is the work of a database administrator and of a migration job.
const { ADMIN_DATABASE_URL: adminUrl, ...given } = process.env;
const environment = Object.fromEntries(Object.entries(given).filter(([name]) => !name.endsWith('_DATABASE_PASSWORD')));
const tenants = services.map(name => ({ name, role: name, password: given[passwordVariable(name)] ?? '', ownerPassword: given[passwordVariable(name, 'OWNER_')] ?? '' }));
const missing = [...(adminUrl ? [] : ['ADMIN_DATABASE_URL']), ...tenants.filter(({ password }) => !password).map(({ name }) => passwordVariable(name))];
if (missing.length > 0) throw new Error(`${missing.join(', ')} must be set.`);

const urls = await provision(String(adminUrl), 'quen', tenants);
await Promise.all(services.map(migrate));

/** @param {string} name */
async function migrate(name) {
  const migration = spawn(process.execPath, ['--enable-source-maps', `services/${name}/dist/main.js`, 'migrate'], { stdio: 'inherit', env: { ...environment, DATABASE_URL: urls[name] } });
  const [code] = await once(migration, 'exit');
  if (code !== 0) throw new Error(`The migration of ${name} ended with ${code}.`);
  console.log(`${name} is migrated`);
}

/** @param {string} name */
function passwordVariable(name) {
  return `${name.toUpperCase()}_DATABASE_PASSWORD`;
}
