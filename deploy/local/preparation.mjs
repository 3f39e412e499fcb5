import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { withFolderLock } from './folder-lock.mjs';
import { kafkaJars, requireJava, startKafka } from './kafka.mjs';
import { removePostgres, startPostgres } from './postgres.mjs';
import { portIsFree, run } from './processes.mjs';
import { provision } from './provision.mjs';
import { migrateService, serviceUrl } from './services.mjs';
import { keptSecrets, metricsVariable, portVariable, root, services } from './settings.mjs';

/** @typedef {import('./settings.mjs').Settings} Settings */
/** @typedef {import('./services.mjs').Ground} Ground */
/** @typedef {(line: string) => void} Say */

/** Compiles what has changed, after whoever else does so in this folder. @param {string[]} [projects] all by default */
export async function build(projects = []) {
  await withFolderLock(join(root, '.local/preparing.lock'), 'compiles', () =>
    run(process.execPath, [join(root, 'deploy/build/build.mjs'), ...projects], { cwd: root }),
  );
}

/** Deletes this installation's data; what was fetched once stays. @param {Settings} settings @param {Say} say */
export function wipe(settings, say) {
  removePostgres(join(settings.data, 'postgres'));
  for (const name of ['kafka', 'logs', 'mail', 'story', 'secrets.json', 'endpoints.json', 'run.json'])
    rmSync(join(settings.data, name), { recursive: true, force: true });
  say(`began anew in ${settings.data}`);
  if (settings.databaseUrl || settings.brokers)
    say('DATABASE_URL or KAFKA_BROKERS is set: what is in there is not ours to delete, and stays');
}

/**
 * Fails, with what to do about it, when something that is going to listen cannot.
 * @param {Settings} settings
 * @param {import('./settings.mjs').Listener[]} listeners
 */
export async function requireFreePorts(settings, listeners) {
  const taken = [];
  const chosen = new Map();
  for (const name of listeners) {
    const port = settings.ports[name];
    const other = chosen.get(port);
    if (other) taken.push(`Port ${port} is given to both ${other} and ${name}.`);
    else if (!(await portIsFree(port)))
      taken.push(
        `Port ${port}, for ${name}, is in use by another program. Stop that program, or move ${name}: ${portVariable(name)}=PORT npm start, or npm start -- --${name}-port PORT.`,
      );
    chosen.set(port, name);
    const metrics = services.find((service) => service === name);
    if (metrics && !(await portIsFree(settings.metricsPorts[metrics])))
      taken.push(
        `Port ${settings.metricsPorts[metrics]}, for the metrics of ${name}, is in use by another program: move it with ${metricsVariable(metrics)}=PORT.`,
      );
  }
  if (taken.length > 0) throw new Error(taken.join('\n'));
}

/** Whether the engines that this machine has to run can run here. @param {Settings} settings */
export function requireTools(settings) {
  if (!settings.brokers) requireJava();
}

/**
 * Starts Postgres and Kafka, unless others are named, and makes each service's role and schema.
 * @param {Settings} settings
 * @param {import('./supervisor.mjs').Supervisor} supervisor
 * @param {Say} say
 * @returns {Promise<Ground & { adminUrl: string }>}
 */
export async function openGround(settings, supervisor, say) {
  const secrets = keptSecrets(settings.data);
  const logs = join(settings.data, 'logs');
  let adminUrl = settings.databaseUrl ?? '';
  let brokers = settings.brokers ?? '';
  if (!brokers) await kafkaJars(settings.cache, say);
  await Promise.all([
    settings.databaseUrl
      ? say('Postgres: the one of DATABASE_URL')
      : supervisor.keep(
          'postgres',
          0,
          async (launched) => {
            const first = !existsSync(join(settings.data, 'postgres'));
            const options = {
              folder: join(settings.data, 'postgres'),
              port: settings.ports.postgres,
              password: secrets.postgres,
              logFile: join(logs, 'postgres.log'),
              launched,
            };
            adminUrl = (await startPostgres(options)).url;
            say(`Postgres ${first ? 'made and ' : ''}ready on port ${settings.ports.postgres}`);
          },
          'SIGINT',
        ),
    settings.brokers
      ? say('Kafka: the one of KAFKA_BROKERS')
      : supervisor.keep('kafka', 0, async (launched) => {
          brokers = (
            await startKafka({
              folder: join(settings.data, 'kafka'),
              cache: settings.cache,
              port: settings.ports.kafka,
              logFile: join(logs, 'kafka.log'),
              launched,
              say,
            })
          ).brokers;
          say(`Kafka ready on port ${settings.ports.kafka}`);
        }),
  ]);
  const database = settings.databaseUrl ? new URL(settings.databaseUrl).pathname.slice(1) || 'quen' : 'quen';
  const logins = await provision(
    adminUrl,
    database,
    services.map((name) => ({
      name,
      role: `quen_${name}`,
      password: secrets.roles[name] ?? '',
      ownerPassword: secrets.owners[name] ?? '',
    })),
  );
  return {
    logins,
    adminUrl: adminWith(adminUrl, database),
    brokers,
    issuer: settings.issuer ?? `${serviceUrl(settings, 'identity')}/oidc`,
    clientSecret: secrets.clientSecret,
  };
}

/** @param {string} adminUrl @param {string} database */
function adminWith(adminUrl, database) {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  return url.href;
}

/**
 * Brings tables and topics of all services up to date.
 * @param {Settings} settings
 * @param {Ground} ground
 * @param {Say} say
 */
export async function migrateAll(settings, ground, say) {
  await Promise.all(services.map((name) => migrateService(settings, ground, name)));
  say('tables and topics are up to date');
}
