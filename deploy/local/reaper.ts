import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Running } from '@quen/engines';

/**
 * Ends the engines of a run, and removes their folders, when the run ends, however it ends.
 * @returns launched: to be told of each process that was started
 */
export function startReaper(folders: string[]): { launched: (running: Running) => void; stop: () => Promise<void> } {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'reaper-process.js')], {
    stdio: ['pipe', 'ignore', 'inherit'],
    detached: true,
  });
  const gone = new Promise((done) => child.once('exit', done));
  const tell = (line: string) => {
    if (child.stdin.writable) child.stdin.write(`${line}\n`);
  };
  child.stdin.on('error', () => undefined);
  folders.forEach((folder) => tell(`rm ${folder}`));
  return {
    launched: ({ pid, exited }) => {
      tell(`+${pid}`);
      void exited.then(() => tell(`-${pid}`));
    },
    stop: async () => {
      child.stdin.end();
      await gone;
    },
  };
}
