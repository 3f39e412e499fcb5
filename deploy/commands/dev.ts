/**
 * `npm run dev -- sales`: runs one service of the running stack from its sources: each saved change is compiled and the
 * service restarted, its log shown here. Ctrl-C gives the service back to the stack.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { join } from 'node:path';
import { takeOver } from '../local/control.js';
import { presentRun } from '../local/leftovers.js';
import { build } from '../local/preparation.js';
import { nodeFlags } from '../local/services.js';
import { readSettings, root, services } from '../local/settings.js';

const say = (line: string) => console.log(`--- ${line}`);

let child: ChildProcess | undefined;
let pending: NodeJS.Timeout | undefined;
let work = Promise.resolve();

try {
  await dev();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

async function dev() {
  const settings = readSettings();
  const name = settings.positionals[0] ?? '';
  if (!services.some((service) => service === name))
    throw new Error(`Which service? npm run dev -- NAME, with one of: ${services.join(', ')}`);
  const run = presentRun(settings.data);
  if (!run?.control) throw new Error('No stack runs. Start it first, in another terminal: npm start');
  const { env, giveBack, lost } = await takeOver(run.control, name);
  const end = async () => {
    await stopChild();
    giveBack();
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => void end());
  process.once('disconnect', () => void end());
  void lost.then(() => {
    say('the stack has ended');
    return end();
  });

  const restart = async () => {
    say(`compiling ${name}`);
    try {
      await build([`services/${name}`]);
    } catch (error) {
      return say(`does not compile; what ran before runs on\n${error instanceof Error ? error.message : error}`);
    }
    await stopChild();
    child = spawn(process.execPath, [...nodeFlags, join(root, 'services', name, 'dist/main.js')], {
      env,
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: true,
    });
    say(`${name} started (pid ${child.pid}), ${env.PUBLIC_URL}/docs`);
  };
  const changed = () => {
    clearTimeout(pending);
    // an editor saves in several steps
    pending = setTimeout(() => {
      work = work.then(restart);
    }, 100);
  };
  for (const folder of [`services/${name}/src`, 'libs/events/src', 'libs/messaging/src', 'libs/chassis/src'])
    watch(join(root, folder), { recursive: true }, changed);
  changed();
}

async function stopChild() {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  await exit;
}
