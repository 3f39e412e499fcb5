import { unavailable } from '../problems/problems.js';
import { inHalves } from './in-halves.js';
import { JobCancelled } from './running-job.js';

describe('inHalves', () => {
  it('does all that can be done, in order, and gives back what cannot', async () => {
    const [done, refused]: [number[], number[]] = [[], []];
    const work = (some: readonly number[]): Promise<void> => {
      if (some.some((item) => item % 7 === 0)) return Promise.reject(new Error('seven'));
      done.push(...some);
      return Promise.resolve();
    };
    await inHalves(
      Array.from({ length: 30 }, (_, index) => index + 1),
      work,
      (item) => Promise.resolve(void refused.push(item)),
    );
    expect(refused).toEqual([7, 14, 21, 28]);
    expect(done).toEqual(Array.from({ length: 30 }, (_, index) => index + 1).filter((item) => item % 7 !== 0));
  });

  it.each([[new JobCancelled()], [unavailable()]])('throws on what is not about an item: %s', async (error) => {
    let runs = 0;
    await expect(
      inHalves(
        [1, 2],
        () => {
          runs += 1;
          return Promise.reject(error);
        },
        () => Promise.resolve(),
      ),
    ).rejects.toBe(error);
    expect(runs).toBe(1);
  });
});
