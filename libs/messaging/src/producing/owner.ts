import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { newId } from '../ids.js';

/**
 * What processes share that can see each other's process ids: the machine and, on Linux, the namespace of process ids.
 */
export const neighbourhood = `${hostname()}|${processNamespace()}|`;

/** A name for one relay that tells its neighbours which process it belongs to. */
export function newOwner(): string {
  return `${neighbourhood}${process.pid}|${newId()}`;
}

/** True when `owner` was a relay on this machine whose process is no more. */
export function isDeadNeighbour(owner: string): boolean {
  if (!owner.startsWith(neighbourhood)) return false;
  const pid = Number(owner.slice(neighbourhood.length).split('|')[0]);
  if (!Number.isSafeInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

function processNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return process.platform;
  }
}
