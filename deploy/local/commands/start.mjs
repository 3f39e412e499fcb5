/** `npm start`: the whole platform on this machine, until Ctrl-C. See deploy/local/README.md for its settings. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openControl } from '../control.mjs';
import { addressTable, endpointsFile, removeEndpoints, writeEndpoints } from '../endpoints.mjs';
import { forgetRun, presentRun, stopLeftovers, writeRun } from '../leftovers.mjs';
import { build, migrateAll, openGround, requireFreePorts, requireTools, wipe } from '../preparation.mjs';
import { launch, output, untilReady } from '../processes.mjs';
import { serviceEnvironment, startService } from '../services.mjs';
import { readSettings, root, services } from '../settings.mjs';
import { Supervisor } from '../supervisor.mjs';

const say = (/** @type {string} */ line) =>
  console.log(`[${(performance.now() / 1000).toFixed(1).padStart(5)} s] ${line}`);

/** @type {import('node:child_process').ChildProcess | undefined} */
let story;
/** @type {ReturnType<typeof readSettings>} */
let settings;
/** Whether this process is the one that runs the data folder. */
let owner = false;
/** @type {import('../leftovers.mjs').Run} */
const present = { supervisor: process.pid, processes: [] };
const supervisor = new Supervisor(say, (processes) => {
  present.processes = processes;
  writeRun(settings.data, present);
});

/** @type {Promise<never> | undefined} */
let ending;
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, () => void end(0));
// npm, or whatever stands between, may be killed: nobody would ever stop this process then
process.once('disconnect', () => void end(0));

try {
  settings = readSettings();
  await start();
} catch (error) {
  if (!ending) {
    console.error(`\n${error instanceof Error ? error.message : error}`);
    await (owner ? end(1) : process.exit(1));
  }
}

async function start() {
  const run = presentRun(settings.data);
  if (run)
    throw new Error(
      `The stack already runs (pid ${run.supervisor}); its addresses are in ${endpointsFile(settings)}. Stop it with Ctrl-C where it was started, or with: kill ${run.supervisor}`,
    );
  requireTools(settings);
  await stopLeftovers(settings.data, [root, settings.data], say);
  await requireFreePorts(settings, [
    ...services,
    'smtp',
    'mail',
    ...(settings.brokers ? [] : /** @type {const} */ (['kafka'])),
    ...(settings.databaseUrl ? [] : /** @type {const} */ (['postgres'])),
  ]);
  owner = true;
  if (settings.fresh) wipe(settings, say);
  removeEndpoints(settings);
  writeRun(settings.data, present);

  const control = await openControl(supervisor, (name) =>
    serviceEnvironment(settings, ground, /** @type {import('../settings.mjs').ServiceName} */ (name)),
  );
  present.control = { port: control.port, token: control.token };
  say('starting Postgres and Kafka, compiling what has changed');
  const [ground] = await Promise.all([openGround(settings, supervisor, say), build().then(() => say('compiled'))]);
  await migrateAll(settings, ground, say);
  await Promise.all([
    supervisor.keep('mail-catcher', 1, startMailCatcher),
    ...services.map((name) =>
      supervisor.keep(name, 2, async (launched) => {
        await startService(settings, ground, name, launched);
        say(`${name} ready on port ${settings.ports[name]}`);
      }),
    ),
  ]);
  const endpoints = await writeEndpoints(settings, ground);
  say(`everything runs; addresses in ${endpointsFile(settings)}`);
  await playStory();
  if (ending) return;
  console.log(
    `\n${addressTable(settings, endpoints)}\n\nReady. Ctrl-C stops everything; the data stay in ${settings.data}.`,
  );
}

/** @param {(running: import('../processes.mjs').Running) => void} launched */
async function startMailCatcher(launched) {
  const { smtp, mail } = settings.ports;
  const running = await launch(
    'mail-catcher',
    process.execPath,
    [join(root, 'deploy/local/mail-catcher/main.mjs'), String(smtp), String(mail), join(settings.data, 'mail')],
    { logFile: join(settings.data, 'logs/mail-catcher.log') },
  );
  launched(running);
  await untilReady(running, () => output(running).includes('ready'));
}

/**
 * Plays the loop on the sample firm, or on the given files, through the gateways. It keeps a book, and goes on where it
 * stopped.
 */
async function playStory() {
  const file = join(root, 'deploy/sample/story.mjs');
  if (!settings.story || !existsSync(file)) return;
  const files =
    settings.customers && settings.orders ? ['--customers', settings.customers, '--orders', settings.orders] : [];
  story = spawn(
    process.execPath,
    [file, '--endpoints', endpointsFile(settings), '--book', join(settings.data, 'story', 'book.json'), ...files],
    { stdio: ['ignore', 'inherit', 'inherit'], detached: true },
  );
  const code = await new Promise((resolve) => story?.once('exit', (exit, signal) => resolve(exit ?? signal)));
  if (code !== 0 && !ending)
    say(
      `the story stopped (${code}); the reason is above. Everything else runs on; the next npm start takes the story up again`,
    );
}

/** @param {number} code @returns {Promise<never>} */
function end(code) {
  return (ending ??= (async () => {
    say('stopping: services, then mails, then Kafka and Postgres');
    story?.kill('SIGTERM');
    await supervisor.stop();
    if (owner) {
      removeEndpoints(settings);
      forgetRun(settings.data);
    }
    say('stopped');
    process.exit(code);
  })());
}
