import { problemOf } from '../problems/problem-of-error.js';
import { JobCancelled, JobInterrupted } from './running-job.js';

/**
 * Does work on many items at once. Where that fails, it is tried on one half and then on the other, down to single
 * items that fail by themselves. `refuse` takes those, so that a bad row costs itself only. `work` undoes itself when
 * it fails.
 * @throws what says nothing of an item, such as the end of the job or a part that does not answer now
 */
export async function inHalves<T>(
  items: readonly T[],
  work: (some: readonly T[]) => Promise<void>,
  refuse: (item: T, error: unknown) => Promise<void>,
): Promise<void> {
  try {
    await work(items);
  } catch (error) {
    if (error instanceof JobCancelled || error instanceof JobInterrupted || problemOf(error, 0).kind === 'unavailable')
      throw error;
    if (items.length === 1) return refuse(items[0] as T, error);
    const middle = items.length >> 1;
    await inHalves(items.slice(0, middle), work, refuse);
    await inHalves(items.slice(middle), work, refuse);
  }
}
