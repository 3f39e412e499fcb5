import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { alive } from '@quen/engines';

/** What runs here, written down so that the next start, and `npm run dev`, find it. */
export type Run = {
  supervisor: number;
  control?: { port: number; token: string };
  processes: { name: string; pid: number }[];
};

const file = (data: string) => join(data, 'run.json');

export function writeRun(data: string, run: Run) {
  mkdirSync(dirname(file(data)), { recursive: true });
  writeFileSync(file(data), JSON.stringify(run, undefined, 2), { mode: 0o600 });
}

/** The run of this data folder that is alive, if there is one. */
export function presentRun(data: string): Run | undefined {
  if (!existsSync(file(data))) return undefined;
  const run: Run = JSON.parse(readFileSync(file(data), 'utf8'));
  return alive(run.supervisor) && commandLine(run.supervisor).includes('deploy/dist/commands') ? run : undefined;
}

export function forgetRun(data: string) {
  rmSync(file(data), { force: true });
}

/**
 * Stops what a killed supervisor of this data folder left running. A pid that meanwhile belongs to another program is
 * left alone.
 * @param marks one of these is in the command line of each of our processes
 */
export async function stopLeftovers(data: string, marks: string[], say: (line: string) => void) {
  if (!existsSync(file(data))) return;
  const run: Run = JSON.parse(readFileSync(file(data), 'utf8'));
  // services first, the engines that they use last
  for (const { name, pid } of run.processes.toReversed()) {
    // a process that has ended but that nobody has waited for has no command line any more
    const ours = () => alive(pid) && marks.some((mark) => commandLine(pid).includes(mark));
    if (!ours()) continue;
    say(`stopping ${name} (pid ${pid}), left over from a run that was killed`);
    process.kill(pid, name === 'postgres' ? 'SIGINT' : 'SIGTERM');
    const deadline = Date.now() + 15_000;
    while (ours() && Date.now() < deadline) await delay(50);
    if (ours()) process.kill(pid, 'SIGKILL');
  }
  forgetRun(data);
}

function commandLine(pid: number) {
  const proc = `/proc/${pid}/cmdline`;
  if (existsSync(proc)) return readFileSync(proc, 'utf8').replaceAll('\0', ' ');
  return spawnSync('ps', ['-ww', '-o', 'args=', '-p', String(pid)], { encoding: 'utf8' }).stdout ?? '';
}
