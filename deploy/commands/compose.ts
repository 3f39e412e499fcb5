/**
 * `npm run compose -- up` builds the images, starts everything of docker-compose.yml and plays the main job against it.
 * Any other command goes to compose with the same settings and secrets: `npm run compose -- logs sales`, `-- down
 * --volumes`.
 * Ports move by NAME_PORT as with `npm start`. Secrets are made once and kept in the data folder; what the environment
 * sets wins.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { randomSecret } from '@quen/engines';
import { localClientId, serviceUrl } from '../local/services.js';
import { readSettings, root, services } from '../local/settings.js';

const [command = 'up', ...args] = process.argv.slice(2);
const settings = readSettings([]);
const folder = join(settings.data, 'compose');
const environment = composeEnvironment();
const compose = findCompose();

if (command === 'up') await up();
else run([...compose, command, ...args]);

async function up() {
  const { values } = parseArgs({
    args,
    options: {
      'no-story': { type: 'boolean' },
      'build-arg': { type: 'string', multiple: true },
      network: { type: 'string' },
    },
  });
  for (const [image, target] of [['quen-tools:local', 'tools'], ['quen:local']]) {
    run([
      'docker',
      'build',
      '-f',
      'deploy/images/Dockerfile',
      '-t',
      String(image),
      ...(target ? ['--target', target] : []),
      ...(values.network ? ['--network', values.network] : []),
      ...(values['build-arg'] ?? []).flatMap((argument) => ['--build-arg', argument]),
      '.',
    ]);
  }
  const began = performance.now();
  run([...compose, 'up', '-d'], () =>
    spawnSync(String(compose[0]), [...compose.slice(1), 'logs', '--tail', '40', 'prepare'], {
      cwd: root,
      stdio: 'inherit',
      env: environment,
    }),
  );
  await awaitReadiness();
  console.log(`everything is ready after ${((performance.now() - began) / 1000).toFixed(1)} s`);
  const endpoints = writeEndpoints();
  if (!environment.LOCAL_CLIENT_SECRET || settings.issuer) {
    console.log(
      "The story is not played: it needs the administrator's client that only our own issuer in local mode has.",
    );
  } else if (!values['no-story']) {
    run([
      process.execPath,
      'deploy/dist/sample/story.js',
      '--endpoints',
      endpoints,
      '--book',
      join(folder, 'book.json'),
    ]);
  }
  for (const name of services) console.log(`  ${name.padEnd(10)} ${serviceUrl(settings, name)}/docs`);
  console.log(`  ${'mails'.padEnd(10)} http://localhost:${settings.ports.mail}`);
  console.log(`All addresses are in ${endpoints}. "npm run compose -- down" stops everything.`);
}

async function awaitReadiness() {
  const last = performance.now() + 300_000;
  for (;;) {
    const ready = await Promise.all(
      services.map((name) =>
        fetch(`${serviceUrl(settings, name)}/healthz/ready`, { signal: AbortSignal.timeout(5_000) }).then(
          (answer) => answer.ok,
          () => false,
        ),
      ),
    );
    const waiting = services.filter((_, index) => !ready[index]);
    if (waiting.length === 0) return;
    if (performance.now() > last)
      fail(`Not ready after five minutes: ${waiting.join(', ')}. Look at: npm run compose -- logs ${waiting[0]}`);
    await setTimeout(500);
  }
}

function writeEndpoints() {
  const file = join(folder, 'endpoints.json');
  const mail = `http://localhost:${settings.ports.mail}`;
  const client = environment.LOCAL_CLIENT_SECRET
    ? { clientId: environment.LOCAL_CLIENT_ID, clientSecret: environment.LOCAL_CLIENT_SECRET }
    : {};
  writeFileSync(
    file,
    `${JSON.stringify(
      {
        services: Object.fromEntries(
          services.map((name) => {
            const url = serviceUrl(settings, name);
            return [name, { url, docs: `${url}/docs`, openapi: `${url}/openapi.json`, events: `${url}/events` }];
          }),
        ),
        // an outside issuer has its own clients, and says itself where its tokens are got
        ...(settings.issuer ? {} : { token: { url: `${environment.OIDC_ISSUER}/token`, ...client } }),
        kafka: `localhost:${settings.ports.kafka}`,
        // the data team's: it reads every topic and writes none
        kafkaLogin: { mechanism: 'PLAIN', username: 'data', password: environment.DATA_KAFKA_PASSWORD },
        postgres: `postgres://postgres:${environment.POSTGRES_PASSWORD}@localhost:${settings.ports.postgres}/quen`,
        mail: { url: mail, messages: `${mail}/messages` },
        installation: environment.INSTALLATION,
      },
      undefined,
      2,
    )}\n`,
    { mode: 0o600 },
  );
  return file;
}

/** What docker-compose.yml reads. */
function composeEnvironment(): NodeJS.ProcessEnv {
  // inside the network identity is not where a browser finds it
  const discovery = settings.issuer ? '' : 'http://identity:8080/oidc/.well-known/openid-configuration';
  const all = {
    OIDC_ISSUER: `${serviceUrl(settings, 'identity')}/oidc`,
    OIDC_DISCOVERY_URL: discovery,
    QUEN_MODE: 'local',
    ...keptSecrets(),
    ...process.env,
  };
  // no installation but a local one has a client that a script may read from a file
  return all.QUEN_MODE === 'local' ? all : { ...all, LOCAL_CLIENT_ID: '', LOCAL_CLIENT_SECRET: '' };
}

function keptSecrets(): Record<string, string> {
  const file = join(folder, 'secrets.json');
  const kept = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const passwords = Object.fromEntries(
    [
      ...services.flatMap((name) =>
        ['DATABASE', 'OWNER', 'KAFKA'].map((kind) => `${name.toUpperCase()}_${kind}_PASSWORD`),
      ),
      'KAFKA_ADMIN_PASSWORD',
      'DATA_KAFKA_PASSWORD',
    ].map((name) => [name, randomSecret()]),
  );
  const secrets = {
    POSTGRES_PASSWORD: randomSecret(),
    ...passwords,
    SIGNING_KEY_SECRET: randomSecret(),
    INSTALLATION: randomSecret(),
    LOCAL_CLIENT_ID: localClientId,
    LOCAL_CLIENT_SECRET: randomSecret(),
    ...kept,
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, JSON.stringify(secrets, undefined, 2), { mode: 0o600 });
  return secrets;
}

/** The plugin where there is one, else the older program of the same name. */
function findCompose() {
  const engine = spawnSync('docker', ['version', '--format', '{{.Server.Version}}'], { encoding: 'utf8' });
  if (engine.error)
    fail(
      'There is no docker command. Install Docker Engine with its compose plugin, or use npm start, which needs no containers.',
    );
  if (engine.status !== 0)
    fail(`No Docker engine answers: ${engine.stderr.trim()}\nStart it, or name its address in DOCKER_HOST.`);
  if (spawnSync('docker', ['compose', 'version']).status === 0) return ['docker', 'compose'];
  if (spawnSync('docker-compose', ['version']).status === 0) return ['docker-compose'];
  return fail(
    'Docker is here, but neither its compose plugin nor docker-compose (1.29 or newer). Install one of them.',
  );
}

/** @param explain shows why it may have failed */
function run([program = '', ...words]: string[], explain?: () => void) {
  const { status } = spawnSync(program, words, { cwd: root, stdio: 'inherit', env: environment });
  if (status === 0) return;
  explain?.();
  fail(`"${[program, ...words].join(' ')}" ended with ${status}.`);
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}
