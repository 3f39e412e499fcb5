/** `npm start`: the whole platform on this machine, until Ctrl-C. See deploy/local/README.md for its settings. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { launch, output, untilReady, type Running } from '@quen/engines';
import { openControl } from '../local/control.js';
import { addressTable, endpointsFile, removeEndpoints, writeEndpoints } from '../local/endpoints.js';
import { forgetRun, presentRun, stopLeftovers, writeRun, type Run } from '../local/leftovers.js';
import { build, migrateAll, openGround, requireFreePorts, requireTools, wipe } from '../local/preparation.js';
import { serviceEnvironment, startService } from '../local/services.js';
import { readSettings, root, services, type ServiceName } from '../local/settings.js';
import { Supervisor } from '../local/supervisor.js';

const say = (line: string) => console.log(`[${(performance.now() / 1000).toFixed(1).padStart(5)} s] ${line}`);

let story: ChildProcess | undefined;
let settings: ReturnType<typeof readSettings>;
/** Whether this process is the one that runs the data folder. */
let owner = false;
const present: Run = { supervisor: process.pid, processes: [] };
const supervisor = new Supervisor(say, (processes) => {
  present.processes = processes;
  writeRun(settings.data, present);
});

let ending: Promise<never> | undefined;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end(0));
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
    ...(settings.brokers ? [] : (['kafka'] as const)),
    ...(settings.databaseUrl ? [] : (['postgres'] as const)),
  ]);
  owner = true;
  if (settings.fresh) wipe(settings, say);
  removeEndpoints(settings);
  writeRun(settings.data, present);

  const control = await openControl(supervisor, (name) => serviceEnvironment(settings, ground, name as ServiceName));
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

async function startMailCatcher(launched: (running: Running) => void) {
  const { smtp, mail } = settings.ports;
  const running = await launch(
    'mail-catcher',
    process.execPath,
    [join(root, 'deploy/dist/local/mail-catcher/main.js'), String(smtp), String(mail), join(settings.data, 'mail')],
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
  const file = join(root, 'deploy/dist/sample/story.js');
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

function end(code: number): Promise<never> {
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
