/**
 * Ends what a run started, and removes its folders, when its standard input ends: that also happens when the run is
 * killed. It is told line by line (reaper.ts): `+pid` of what was started, `-pid` of what ended, `rm folder` to remove
 * at the end.
 */
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { alive } from '@quen/engines';
import { descendants } from './signals.js';

const pids: Set<number> = new Set();
const folders: string[] = [];

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
for await (const line of createInterface({ input: process.stdin })) {
  if (line.startsWith('+')) pids.add(Number(line.slice(1)));
  else if (line.startsWith('-')) pids.delete(Number(line.slice(1)));
  else if (line.startsWith('rm ')) folders.push(line.slice(3));
}
const doomed = [...pids].flatMap((pid) => [pid, ...descendants(pid)]);
for (const pid of doomed) if (alive(pid)) process.kill(pid, 'SIGKILL');
for (const deadline = Date.now() + 10_000; doomed.some(alive) && Date.now() < deadline;) await sleep(50);
for (const folder of folders) rmSync(folder, { recursive: true, force: true });
