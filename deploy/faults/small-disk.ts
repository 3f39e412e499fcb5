import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmdirSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const block = Buffer.alloc(1_048_576, 'x');

/** A disk of a few hundred megabytes that can be filled: a file system in memory, which only root may mount. */
export class SmallDisk {
  readonly filler: string;

  constructor(readonly folder: string) {
    this.filler = join(folder, 'filler');
  }

  /** @throws Error with the reason when this machine does not allow it */
  static mount(megabytes: number) {
    // not below a folder of root's own: Postgres runs as another user
    const folder = mkdtempSync('/var/tmp/quen-disk-');
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0777`, 'tmpfs', folder], {
      encoding: 'utf8',
    });
    spawnSync('chmod', ['755', folder]);
    if (mounted.status !== 0) {
      rmdirSync(folder);
      throw new Error(
        `no file system could be mounted (${mounted.error?.message ?? mounted.stderr.trim()}); this needs root`,
      );
    }
    const disk = new SmallDisk(folder);
    // whatever ends this process
    process.once('exit', disk.#leave);
    return disk;
  }

  /** Megabytes in use. */
  get used() {
    const { blocks, bfree, bsize } = statfsSync(this.folder);
    return ((blocks - bfree) * bsize) / 1_048_576;
  }

  /** A folder of its own on it. */
  place(name: string) {
    const place = join(this.folder, name);
    mkdirSync(place, { recursive: true });
    return place;
  }

  /** Leaves not a byte. */
  fill() {
    const file = openSync(this.filler, 'a');
    try {
      for (const size of [block.length, 4096]) for (let full = false; !full;) full = !written(file, size);
    } finally {
      closeSync(file);
    }
  }

  /** Gives the space back. */
  free() {
    rmSync(this.filler, { force: true });
  }

  unmount() {
    process.off('exit', this.#leave);
    this.#leave();
  }

  #leave = () => {
    spawnSync('umount', ['-l', this.folder]);
    rmdirSync(this.folder);
  };
}

function written(file: number, size: number) {
  try {
    return writeSync(file, block, 0, size) === size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return false;
    throw error;
  }
}
