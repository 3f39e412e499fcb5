import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * A process that holds a lock. Its start tells it from another that was given its number later.
 * @typedef {{ pid: number, started: string }} Holder
 */

const lookAgainMs = 200;
/** Longest that somebody takes to write a lock, or to clear away a dead one; either is a few system calls. */
const writingMs = 5_000;

/**
 * Does `work` while nobody else holds the lock, waiting as long as that takes. A holder that was killed holds it no
 * longer, unless a process that
 * it named with `also`, and that works on without it, still runs. Uses Node alone, since it guards the installation of
 * everything else.
 * @template T
 * @param {string} file in a folder of this machine
 * @param {string} what is done, for those who wait: "installs packages"
 * @param {(also: (pid: number) => void) => Promise<T>} work
 * @param {(line: string) => void} [say]
 * @returns {Promise<T>}
 */
export async function withFolderLock(file, what, work, say = (line) => console.error(line)) {
  mkdirSync(dirname(file), { recursive: true });
  const holders = [holderOf(process.pid)];
  const content = () => JSON.stringify({ what, holders });
  let told = '';
  while (!made(file, content())) {
    const other = readLock(file);
    if (!other) continue;
    const alive = other.holders.find(isAlive);
    if (!alive && !other.young) clear(file);
    const line = alive && `Waiting for process ${alive.pid}, which ${other.what} in this folder …`;
    if (line && line !== told) say((told = line));
    await delay(alive ? lookAgainMs : 10);
  }
  try {
    return await work((pid) => {
      holders.push(holderOf(pid));
      writeFileSync(file, content());
    });
  } finally {
    rmSync(file, { force: true });
  }
}

/** Whether there was no such file, and now is. @param {string} file @param {string} content */
function made(file, content) {
  try {
    writeFileSync(file, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Deletes the lock of a dead holder; one at a time, so that nobody deletes the lock of whoever took it next. @param
 * {string} file
 */
function clear(file) {
  const clearing = `${file}.clearing`;
  if (!made(clearing, '')) {
    if (!isYoung(clearing)) rmSync(clearing, { force: true });
    return;
  }
  try {
    const lock = readLock(file);
    if (lock && !lock.young && !lock.holders.some(isAlive)) rmSync(file, { force: true });
  } finally {
    rmSync(clearing, { force: true });
  }
}

/**
 * @param {string} file
 * @returns {{ what: string, holders: Holder[], young: boolean } | undefined} undefined when it is gone; `young`: it may
 * still get its content
 */
function readLock(file) {
  try {
    return { ...JSON.parse(readFileSync(file, 'utf8')), young: false };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    if (error instanceof SyntaxError) return { what: '', holders: [], young: isYoung(file) };
    throw error;
  }
}

/** @param {string} file */
function isYoung(file) {
  return Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0) < writingMs;
}

/** @param {number} pid @returns {Holder} */
function holderOf(pid) {
  return { pid, started: startOf(pid) };
}

/** @param {Holder} holder */
function isAlive({ pid, started }) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return false;
  }
  return startOf(pid) === started;
}

/**
 * When a process started, where the system tells it as Linux does; elsewhere its number has to do. @param {number} pid
 */
function startOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? 'ended' : (rest[18] ?? '');
  } catch {
    return '';
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return /** @type {NodeJS.ErrnoException} */ (error).code;
}
