import { bucketOf, murmur2 } from './murmur2.js';
import { goldenPartitions } from './testing/golden-partitions.js';

describe('murmur2', () => {
  it.each(goldenPartitions)('of %j is what Java computes', (key, hash, partition) => {
    expect(murmur2(Buffer.from(key))).toBe(hash);
    expect(bucketOf(key, 12)).toBe(partition);
  });
});
