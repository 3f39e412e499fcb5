import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from './testing/eventually.js';
import { Lab } from './testing/lab.js';
import { ownBroker } from './testing/own-broker.js';
import { endWorker, startWorker } from './testing/worker-process.js';
import { Writer } from './testing/writer.js';

/** Whether every acknowledged change had exactly one effect, in order, and nothing is left over. */
async function expectLedger(lab: Lab, writer: Writer, timeoutMs: number): Promise<void> {
  await eventually(async () => {
    const [{ count }] = await lab.db.query<[{ count: number }]>(`select count(*)::integer as count from effect`);
    expect(count).toBe(writer.acknowledged);
  }, timeoutMs);
  const effects = await lab.effects();
  for (const [id, last] of writer.ledger) expect(effects.get(id)).toEqual(Array.from({ length: last }, (_, n) => n + 1));
  await eventually(async () => expect(await lab.db.query(`select 1 from outbox limit 1`)).toEqual([]));
  expect(await lab.db.query(`select 1 from inbox_parked limit 1`)).toEqual([]);
}

describe('Under faults every acknowledged change has one effect, in order', () => {
  it('when relays and consumers are killed at random', async () => {
    const lab = await Lab.open();
    const writer = new Writer(lab);
    let state = 11;
    const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
    const workers = await Promise.all([startWorker(lab), startWorker(lab)]);
    try {
      await writer.start();
      for (let kill = 0; kill < 4; kill += 1) {
        // At some moment of its work, whatever that is.
        const goal = writer.acknowledged + 40 + random() * 160;
        await eventually(() => expect(writer.acknowledged).toBeGreaterThan(goal));
        const victim = Math.floor(random() * workers.length);
        await endWorker(workers[victim]!);
        workers[victim] = await startWorker(lab);
      }
      await writer.stop();
      await expectLedger(lab, writer, 60_000);
    } finally {
      await writer.stop();
      await Promise.all(workers.map((worker) => endWorker(worker)));
      await lab.close();
    }
  }, 180_000);

  it('when a member is stopped for longer than its session and lease, and then goes on', async () => {
    const lab = await Lab.open();
    const writer = new Writer(lab);
    const workers = [await startWorker(lab), await startWorker(lab)];
    try {
      await writer.start();
      await eventually(async () => expect((await lab.effects()).size).toBe(40));
      workers[0]!.kill('SIGSTOP');
      const before = writer.acknowledged;
      await sleep(8_000);
      workers[0]!.kill('SIGCONT');
      await eventually(() => expect(writer.acknowledged).toBeGreaterThan(before));
      await writer.stop();
      await expectLedger(lab, writer, 60_000);
    } finally {
      await writer.stop();
      await Promise.all(workers.map((worker) => endWorker(worker)));
      await lab.close();
    }
  }, 180_000);

  it('when a process is asked to stop under load, which it does in order and in time', async () => {
    const lab = await Lab.open();
    const writer = new Writer(lab);
    const workers = [await startWorker(lab), await startWorker(lab)];
    try {
      await writer.start();
      await eventually(async () => expect((await lab.effects()).size).toBe(40));
      const asked = performance.now();
      expect(await endWorker(workers[0]!, 'SIGTERM')).toBe(0);
      expect(performance.now() - asked).toBeLessThan(25_000);
      await writer.stop();
      await expectLedger(lab, writer, 60_000);
    } finally {
      await writer.stop();
      await Promise.all(workers.map((worker) => endWorker(worker)));
      await lab.close();
    }
  }, 180_000);

  it('when the broker dies and comes back, while writes go on', async () => {
    const broker = await ownBroker();
    const lab = await Lab.open(broker.address);
    const writer = new Writer(lab);
    const worker = await startWorker(lab);
    try {
      await writer.start(20, 2);
      await eventually(async () => expect((await lab.effects()).size).toBe(20));
      await broker.kill();
      const before = writer.acknowledged;
      await eventually(() => expect(writer.acknowledged).toBeGreaterThan(before + 20));
      await broker.start();
      await writer.stop();
      await expectLedger(lab, writer, 60_000);
      expect(worker.exitCode).toBeNull();
    } finally {
      await writer.stop();
      await endWorker(worker);
      await lab.close();
      await broker.remove();
    }
  }, 180_000);
});
