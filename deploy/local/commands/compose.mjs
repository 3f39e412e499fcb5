/**
 * `npm run compose -- up`: builds the images, starts everything of docker-compose.yml and plays the main job against it;
 * `npm run compose -- down` stops it, with `--volumes` its data go too. Secrets are made once and kept in the data folder.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { randomSecret } from '../provision.mjs';
import { root, services } from '../settings.mjs';

const { values, positionals: [command = 'up'] } = parseArgs({
  allowPositionals: true, options: { volumes: { type: 'boolean' }, 'no-story': { type: 'boolean' }, 'build-arg': { type: 'string', multiple: true }, network: { type: 'string' } },
});
const folder = join(root, '.local/compose');
const environment = { ...process.env, ...secrets() };
// the plugin where there is one, else the older program of the same name
const compose = spawnSync('docker', ['compose', 'version']).status === 0 ? ['docker', 'compose'] : ['docker-compose'];

if (command === 'up') await up();
else if (command === 'down') run([...compose, 'down', ...(values.volumes ? ['--volumes'] : [])]);
else fail(`There is no "${command}": npm run compose -- up | down [--volumes]`);

async function up() {
  for (const [target, image] of [['build', 'quen-tools:local'], [undefined, 'quen:local']]) {
    run(['docker', 'build', '-f', 'deploy/images/Dockerfile', '-t', String(image), ...(target ? ['--target', target] : []),
      ...(values.network ? ['--network', values.network] : []), ...(values['build-arg'] ?? []).flatMap(argument => ['--build-arg', argument]), '.']);
  }
  const began = performance.now();
  run([...compose, 'up', '-d']);
  await awaitHealth();
  console.log(`everything is healthy after ${((performance.now() - began) / 1000).toFixed(1)} s`);
  const endpoints = writeEndpoints();
  if (!values['no-story']) run([process.execPath, 'deploy/sample/story.mjs', '--endpoints', endpoints, '--book', join(folder, 'book.json')]);
  for (const name of services) console.log(`  ${name.padEnd(10)} ${url(name)}/docs`);
  console.log(`Ready. "npm run compose -- down" stops everything; addresses and the administrator's client are in ${endpoints}.`);
}

async function awaitHealth() {
  const last = performance.now() + 300_000;
  for (;;) {
    const ready = await Promise.all(services.map(name => fetch(`${url(name)}/healthz/ready`).then(answer => answer.ok, () => false)));
    const waiting = services.filter((_, index) => !ready[index]);
    if (waiting.length === 0) return;
    if (performance.now() > last) fail(`Not ready after five minutes: ${waiting.join(', ')}. Look at: ${compose.join(' ')} logs ${waiting[0]}`);
    await setTimeout(500);
  }
}

/** @param {string} name */
function url(name) {
  return `http://localhost:${process.env[`${name.toUpperCase()}_PORT`] ?? 4000 + services.findIndex(each => each === name)}`;
}

function writeEndpoints() {
  const file = join(folder, 'endpoints.json');
  const mail = `http://localhost:${process.env.MAIL_PORT ?? 8025}`;
  writeFileSync(file, JSON.stringify({
    services: Object.fromEntries(services.map(name => [name, { url: url(name), docs: `${url(name)}/docs`, openapi: `${url(name)}/openapi.json`, events: `${url(name)}/events` }])),
    token: { url: `${url('identity')}/oidc/token`, clientId: environment.LOCAL_CLIENT_ID, clientSecret: environment.LOCAL_CLIENT_SECRET },
    kafka: `localhost:${process.env.KAFKA_PORT ?? 9092}`,
    postgres: `postgres://postgres:${environment.POSTGRES_PASSWORD}@localhost:${process.env.POSTGRES_PORT ?? 5432}/quen`,
    mail: { url: mail, messages: `${mail}/messages` },
    installation: environment.INSTALLATION,
  }, undefined, 2), { mode: 0o600 });
  return file;
}

/** @returns {Record<string, string>} */
function secrets() {
  const file = join(folder, 'secrets.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  const made = {
    POSTGRES_PASSWORD: randomSecret(), SERVICE_PASSWORD: randomSecret(), SIGNING_KEY_SECRET: randomSecret(), INSTALLATION: randomSecret(),
    QUEN_MODE: 'local', LOCAL_CLIENT_ID: 'quen-local', LOCAL_CLIENT_SECRET: randomSecret(),
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, JSON.stringify(made, undefined, 2), { mode: 0o600 });
  return made;
}

/** @param {string[]} words */
function run([program = '', ...args]) {
  const { status } = spawnSync(program, args, { cwd: root, stdio: 'inherit', env: environment });
  if (status !== 0) fail(`"${[program, ...args].join(' ')}" ended with ${status}.`);
}

/** @param {string} message @returns {never} */
function fail(message) {
  console.error(message);
  process.exit(1);
}
