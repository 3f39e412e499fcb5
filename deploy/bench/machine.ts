import { readdirSync, readFileSync } from 'node:fs';
import { cpus, freemem, loadavg, release, totalmem } from 'node:os';

/** What the machine is and how busy it is just now. */
export function machine() {
  const [cpu] = cpus();
  const gigabytes = (bytes: number) => Number((bytes / 2 ** 30).toFixed(1));
  return {
    processor: cpu?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGb: gigabytes(totalmem()),
    freeGb: gigabytes(freemem()),
    load: loadavg().map((value) => Number(value.toFixed(2))),
    kernel: release(),
    node: process.version,
  };
}

/** Ticks per second of the times in /proc; the same on every Linux that Node supports. */
const ticks = 100;

/**
 * Processor seconds that a process, its living descendants and those it has waited for have used so far. Only where
 * there is a /proc; elsewhere not a number.
 */
export function cpuSeconds(pid: number): number {
  try {
    const parents = new Map(
      readdirSync('/proc')
        .filter((name) => /^\d+$/.test(name))
        .flatMap((name) => {
          const fields = stat(Number(name));
          return fields ? [[Number(name), fields]] : [];
        }),
    );
    const sum = (of: number) => {
      const own = parents.get(of);
      if (!own) return 0;
      let total = own.cpu;
      for (const [child, { parent }] of parents) if (parent === of) total += sum(child);
      return total;
    };
    return sum(pid) / ticks;
  } catch {
    return Number.NaN;
  }
}

/** @returns nothing for a process that has just ended */
function stat(pid: number): { parent: number; cpu: number } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // the name in parentheses may hold spaces
    const fields = text
      .slice(text.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    return {
      parent: fields[1] ?? 0,
      cpu: (fields[11] ?? 0) + (fields[12] ?? 0) + (fields[13] ?? 0) + (fields[14] ?? 0),
    };
  } catch {
    return undefined;
  }
}
