import { PartitionLane, type Fetched } from './partition-lane.js';
import type { PartitionBatch } from './port.js';

/** Records from `from` up to before `to`. */
function fetched(from: number, to: number, bytes = 100): Fetched {
  const records = Array.from({ length: to - from }, (_, n) => ({
    topic: 't',
    partition: 0,
    offset: BigInt(from + n),
    key: 'k',
    headers: {},
    value: null,
  }));
  return { records, bytes, endOffset: BigInt(to), highWatermark: BigInt(to) };
}

/** Works once and gives the batch that the lane handed out. */
async function worked(
  lane: PartitionLane,
  work: (batch: PartitionBatch) => void | Promise<void> = () => undefined,
): Promise<PartitionBatch> {
  let given: PartitionBatch | undefined;
  await lane.work({
    batch: async (batch) => {
      given = batch;
      await work(batch);
    },
  });
  return given!;
}

const offsets = ({ records }: PartitionBatch): number[] => records.map(({ offset }) => Number(offset));
const whole = (batch: PartitionBatch): void => batch.resolve(batch.endOffset);

describe('PartitionLane', () => {
  it('fetches ahead while a batch is in work, until it holds enough, and hands out together what came in the meantime', async () => {
    const lane = new PartitionLane('t', 0, 0n);
    lane.take(0n, fetched(0, 2));
    await worked(lane, (batch) => {
      expect(lane.ready).toBe(false);
      expect(lane.fetchOffset()).toBe(2n);
      lane.take(2n, fetched(2, 3));
      lane.take(3n, fetched(3, 5, 1_048_576));
      expect(lane.fetchOffset()).toBeUndefined();
      whole(batch);
    });
    expect(offsets(await worked(lane, whole))).toEqual([2, 3, 4]);
    expect(lane.fetchOffset()).toBe(5n);
  });

  it('reads again from the first record that was not resolved, after a rest if none was', async () => {
    const lane = new PartitionLane('t', 0, 0n);
    lane.take(0n, fetched(0, 4));
    await worked(lane, (batch) => batch.resolve(3n));
    expect(lane.fetchOffset()).toBe(3n);
    lane.take(3n, fetched(3, 4));
    await worked(lane);
    expect(lane.fetchOffset()).toBeUndefined();
    expect(lane.fetchOffset(performance.now() + 1_000)).toBe(3n);
    lane.take(3n, fetched(3, 4));
    await expect(
      worked(lane, () => {
        throw new Error('refused');
      }),
    ).rejects.toThrow('refused');
    expect(lane.fetchOffset(performance.now() + 1_000)).toBe(3n);
  });

  it('drops what was fetched or resolved before it was moved', async () => {
    const lane = new PartitionLane('t', 0, 0n);
    lane.take(0n, fetched(0, 4));
    await worked(lane, async (batch) => {
      lane.seek(7n);
      expect(batch.current()).toBe(false);
      whole(batch);
      await batch.commit(4n);
      lane.take(4n, fetched(4, 6));
    });
    expect(lane.ready).toBe(false);
    expect(lane.fetchOffset()).toBe(7n);
    expect(lane.takeCommit()).toBeUndefined();
  });

  it("lets a batch commit until the partition is others', and hands out none once it should end", async () => {
    const lane = new PartitionLane('t', 0, 0n);
    lane.take(0n, fetched(0, 4));
    await worked(lane, async (batch) => {
      lane.end();
      expect(batch.current()).toBe(false);
      await batch.commit(2n);
      expect(lane.takeCommit()).toBe(2n);
      lane.revoke();
      await batch.commit(4n);
      expect(lane.takeCommit()).toBeUndefined();
    });
    expect(lane.fetchOffset()).toBeUndefined();
  });

  it('counts the fetches in vain, but none while there is something to work on', async () => {
    const lane = new PartitionLane('t', 0, 0n);
    lane.asked();
    lane.take(0n, fetched(0, 1));
    lane.asked();
    await worked(lane, (batch) => {
      lane.asked();
      whole(batch);
    });
    expect(lane.fetchesInVain).toBe(1);
    lane.asked();
    expect(lane.fetchesInVain).toBe(2);
  });

  it('moves over a stretch of which compaction left nothing', async () => {
    const lane = new PartitionLane('t', 0, 0n);
    lane.take(0n, { ...fetched(0, 0), endOffset: 9n });
    expect(lane.ready).toBe(true);
    expect(await worked(lane, whole)).toMatchObject({ records: [], endOffset: 9n });
    expect(lane.fetchOffset()).toBe(9n);
  });
});
