import { spawnSync } from 'node:child_process';

/** The processes below this one, at this moment. @param {number} pid @returns {number[]} */
export function descendants(pid) {
  const lines = spawnSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' }).stdout.trim().split('\n');
  /** @type {Map<number, number[]>} */
  const children = new Map();
  for (const line of lines) {
    const [child, parent] = line.trim().split(/\s+/).map(Number);
    if (child && parent) children.set(parent, [...(children.get(parent) ?? []), child]);
  }
  const below = (/** @type {number} */ of) =>
    (children.get(of) ?? []).flatMap(/** @returns {number[]} */ (child) => [child, ...below(child)]);
  return below(pid);
}

/** Sends a signal to a process and all below it. @param {number} pid @param {NodeJS.Signals} signal */
export function signalTree(pid, signal) {
  for (const each of [pid, ...descendants(pid)]) {
    try {
      process.kill(each, signal);
    } catch (error) {
      // it may end by itself meanwhile
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') throw error;
    }
  }
}
