import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  kafkaJars,
  portIsFree,
  provision,
  removePostgres,
  requireJava,
  startKafka,
  startPostgres,
} from '@quen/engines';
import { migrateService, serviceUrl, type Ground } from './services.js';
import {
  keptSecrets,
  metricsVariable,
  portVariable,
  root,
  services,
  type Listener,
  type Settings,
} from './settings.js';
import type { Supervisor } from './supervisor.js';

type Say = (line: string) => void;

/**
 * Compiles what has changed; the compiler's errors go to standard error.
 * @param projects all by default
 */
export async function build(projects: string[] = []) {
  const child = spawn(process.execPath, [join(root, 'deploy/build/build.mjs'), ...projects], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error('The code does not compile; the reasons are above.');
}

/** Deletes this installation's data; what was fetched once stays. */
export function wipe(settings: Settings, say: Say) {
  removePostgres(join(settings.data, 'postgres'));
  for (const name of ['kafka', 'logs', 'mail', 'story', 'secrets.json', 'endpoints.json', 'run.json'])
    rmSync(join(settings.data, name), { recursive: true, force: true });
  say(`began anew in ${settings.data}`);
  if (settings.databaseUrl || settings.brokers)
    say('DATABASE_URL or KAFKA_BROKERS is set: what is in there is not ours to delete, and stays');
}

/** Fails, with what to do about it, when something that is going to listen cannot. */
export async function requireFreePorts(settings: Settings, listeners: Listener[]) {
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

/** Whether the engines that this machine has to run can run here. */
export function requireTools(settings: Settings) {
  if (!settings.brokers) requireJava();
}

/** Starts Postgres and Kafka, unless others are named, and makes each service's role and schema. */
export async function openGround(
  settings: Settings,
  supervisor: Supervisor,
  say: Say,
): Promise<Ground & { adminUrl: string }> {
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

function adminWith(adminUrl: string, database: string) {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  return url.href;
}

/** Brings tables and topics of all services up to date. */
export async function migrateAll(settings: Settings, ground: Ground, say: Say) {
  await Promise.all(services.map((name) => migrateService(settings, ground, name)));
  say('tables and topics are up to date');
}
