/**
 * A service that does nothing but write and relay: each write is one transaction that changes an aggregate and
 * publishes the fact. Arguments: database URL, brokers, namespace. `{ pace, seconds }` from its parent begins a run at
 * so many writes a second; writes begin when they are due, whether or not those before them are done, so that a slow
 * one hides nothing.
 */
import { Events, inTransaction, MessagingMetrics, newId } from '@quen/messaging';
import { kafkaClient } from '@quen/messaging/internal/kafka/kafka-client.js';
import { Relay } from '@quen/messaging/internal/producing/relay.js';
import { defaultTuning } from '@quen/messaging/internal/settings.js';
import { CounterStepped } from '@quen/messaging/internal/testing/declarations.js';
import { dataSource, labClient } from '@quen/messaging/internal/testing/lab.js';

const [url = '', brokers = '', namespace = ''] = process.argv.slice(2);
const db = await dataSource(url);
const relay = new Relay(
  db,
  kafkaClient({ ...labClient(), brokers: brokers.split(','), namespace }, 'bench-producer'),
  defaultTuning,
  new MessagingMetrics(),
);
const events = new Events('lab', () => relay.wake());
const counters = Array.from({ length: 1_000 }, newId);
await db.query('insert into counter (id, version) select unnest($1::uuid[]), 0', [counters]);
relay.start();

async function write(counterId: string) {
  await inTransaction(db, async (tx) => {
    const [[row]] = await tx.query('update counter set version = version + 1 where id = $1 returning version', [
      counterId,
    ]);
    await events.publish(
      tx,
      row,
      Object.assign(new CounterStepped(), { counterId, step: row.version, note: 'Khách hỏi giá máy lọc nước' }),
    );
    await tx.query('insert into written (counter_id, step) values ($1, $2)', [counterId, row.version]);
  });
}

/** So many writes may wait for a connection; what is due beyond that is left out, as a gateway would refuse it. */
const waitingMost = 500;

async function run(pace: number, seconds: number) {
  const cpu = process.cpuUsage();
  const began = performance.now();
  const open: Set<Promise<void>> = new Set();
  let due = 0,
    writes = 0;
  while (due < pace * seconds) {
    for (
      const now = Math.min(pace * seconds, Math.floor(((performance.now() - began) / 1000) * pace) + 1);
      due < now;
      due++
    ) {
      if (open.size >= waitingMost) continue;
      const writing = write(counters[due % counters.length] as string).finally(() => open.delete(writing));
      open.add(writing);
      writes++;
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(open);
  const used = process.cpuUsage(cpu);
  process.send?.({
    answer: { writes, seconds: (performance.now() - began) / 1000, cpuSeconds: (used.user + used.system) / 1e6 },
  });
}

process.on('message', ({ pace, seconds }: { pace: number; seconds: number }) => void run(pace, seconds));
process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.once('SIGTERM', () => void relay.stop().then(() => process.exit(0)));
process.send?.({ answer: 'ready' });
