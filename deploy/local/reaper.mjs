import { spawn } from 'node:child_process';
import { join } from 'node:path';

/**
 * Ends the engines of a run, and removes their folders, when the run ends, however it ends.
 * @param {string[]} folders
 * @returns {{ launched: (running: import('./processes.mjs').Running) => void, stop: () => Promise<void> }} launched: to
 * be told of each process that was started
 */
export function startReaper(folders) {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'reaper-process.mjs')], {
    stdio: ['pipe', 'ignore', 'inherit'],
    detached: true,
  });
  const gone = new Promise((done) => child.once('exit', done));
  const tell = (/** @type {string} */ line) => {
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
