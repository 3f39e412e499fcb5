import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { provision } from '../local/provision.mjs';
import { services } from '../local/settings.mjs';

// Run once by compose before the services: what in a cluster is the work of a database administrator and of a migration job.
const { ADMIN_DATABASE_URL, SERVICE_PASSWORD, ...environment } = process.env;
if (!ADMIN_DATABASE_URL || !SERVICE_PASSWORD) throw new Error('ADMIN_DATABASE_URL and SERVICE_PASSWORD must be set.');

const urls = await provision(ADMIN_DATABASE_URL, 'quen', services.map(name => ({ name, role: name, password: SERVICE_PASSWORD })));
for (const name of services) {
  const migration = spawn(process.execPath, ['--enable-source-maps', `services/${name}/dist/main.js`, 'migrate'], { stdio: 'inherit', env: { ...environment, DATABASE_URL: urls[name] } });
  const [code] = await once(migration, 'exit');
  if (code !== 0) throw new Error(`The migration of ${name} ended with ${code}.`);
  console.log(`${name} is migrated`);
}
