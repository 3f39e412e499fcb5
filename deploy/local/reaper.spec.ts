import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { alive } from '@quen/engines';

const reaper = pathToFileURL(join(import.meta.dirname, 'reaper.js')).href;

/** A run that starts one process, prints its pid and does not end by itself. */
const run = (folder: string) => `
  import { spawn } from 'node:child_process';
  import { startReaper } from ${JSON.stringify(reaper)};
  const { launched } = startReaper([${JSON.stringify(folder)}]);
  const { pid } = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' });
  launched({ pid, exited: new Promise(() => {}) });
  console.log(pid);
  setInterval(() => {}, 1000);`;

it('ends what a run has started, and removes its folder, when the run is killed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'quen-reaper-'));
  const child = spawn(process.execPath, ['--input-type=module', '-e', run(folder)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [text] = await once(child.stdout, 'data');
  const pid = Number(text);
  expect([alive(pid), existsSync(folder)]).toEqual([true, true]);
  child.kill('SIGKILL');
  for (const deadline = Date.now() + 10_000; (alive(pid) || existsSync(folder)) && Date.now() < deadline;)
    await sleep(20);
  expect([alive(pid), existsSync(folder)]).toEqual([false, false]);
});
