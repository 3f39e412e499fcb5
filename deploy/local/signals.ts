import { spawnSync } from 'node:child_process';

/** The processes below this one, at this moment. */
export function descendants(pid: number): number[] {
  const lines = spawnSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' }).stdout.trim().split('\n');
  const children: Map<number, number[]> = new Map();
  for (const line of lines) {
    const [child, parent] = line.trim().split(/\s+/).map(Number);
    if (child && parent) children.set(parent, [...(children.get(parent) ?? []), child]);
  }
  const below = (of: number) => (children.get(of) ?? []).flatMap((child): number[] => [child, ...below(child)]);
  return below(pid);
}

/** Sends a signal to a process and all below it. */
export function signalTree(pid: number, signal: NodeJS.Signals) {
  for (const each of [pid, ...descendants(pid)]) {
    try {
      process.kill(each, signal);
    } catch (error) {
      // it may end by itself meanwhile
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}
