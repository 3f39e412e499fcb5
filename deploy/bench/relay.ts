import { counterTopic } from '@quen/messaging/internal/testing/declarations.js';
import type { Engines } from './engines.js';
import { fillOutbox, keepEvents, openLab } from './lab.js';
import { cpuSeconds } from './machine.js';
import { alternate, ratio, stat } from './measure.js';
import { MessagingChild } from './messaging-child.js';
import type { Options } from './options.js';
import { replay } from './pgbench.js';
import { producerPerformance } from './producer-performance.js';
import { fine, percent, spread, type Part } from './report.js';

const partitions = 12;

/**
 * How fast one relay process empties an outbox, against Kafka's own producer, against Postgres with the same
 * statements, and against both one after the other.
 */
export async function relay(engines: Engines, { quick, rounds, profile, say }: Options): Promise<Part> {
  const events = quick ? 20_000 : 50_000;
  const tables = [],
    data = [],
    aims = [];
  for (const states of [false, true]) {
    const what = states ? 'facts and states in turn' : 'facts';
    say(`relay: ${what}`);
    const found = await oneMix(engines, { events, states, rounds, profile });
    const perSecond = found.ours.map(({ count, seconds }) => count / seconds);
    const producer = found.producer.map((each) => each.perSecond);
    const pgbench = found.pgbench.map((seconds) => events / seconds);
    const both = producer.map((rate, round) => 1 / (1 / rate + 1 / (pgbench[round] ?? Number.NaN)));
    const cpu = (of: (sample: (typeof found.ours)[number]) => number) =>
      fine(stat(found.ours.map((sample) => (of(sample) / sample.count) * 1000)).median);
    const against = (name: string, raw: number[]) => [name, spread(stat(raw)), spread(ratio(perSecond, raw), percent)];
    tables.push(
      {
        title: `${what}, ${Math.round(found.bytes)} bytes each with headers`,
        columns: ['', 'events/s', 'relay reaches of it'],
        rows: [
          ['relay, one process', spread(stat(perSecond)), ''],
          against('ProducerPerformance', producer),
          against('pgbench, the same statements', pgbench),
          against('the sum of both', both),
        ],
      },
      {
        columns: ['processor seconds per 1,000 events', 'relay process', 'Postgres', 'Kafka'],
        rows: [['', cpu(({ cpuSeconds: own }) => own), cpu(({ postgres }) => postgres), cpu(({ kafka }) => kafka)]],
      },
    );
    const reached = ratio(perSecond, producer).median;
    if (!states)
      aims.push({ aim: 'relay ≥ 50 % of ProducerPerformance', found: percent(reached), met: reached >= 0.5 });
    data.push({ what, ...found, perSecond, producer, pgbench, both });
  }
  return {
    name: 'Relay',
    tables,
    aims,
    data,
    conditions: [
      `an outbox of ${events.toLocaleString('en-US')} events of 1,000 aggregates, ${partitions} partitions, acks=all, one send in flight; the first tenth is not counted`,
      "ProducerPerformance: same record size, topic and acks; the Java client's defaults (linger.ms 5, batch.size 16384, five requests in flight), neither key nor headers",
      'pgbench: the statements that the relay sent while it emptied the same outbox, recorded and sent again over one connection',
      'the sum of both: what a program reaches that reads and deletes as fast as pgbench, sends as fast as ProducerPerformance, and does one after the other',
    ],
  };
}

async function oneMix(
  engines: Engines,
  { events, states, rounds, profile }: { events: number; states: boolean; rounds: number; profile: string | undefined },
) {
  const lab = await openLab(engines, partitions);
  const child = await MessagingChild.start(lab, 'relay', { profile });
  try {
    const { bytes } = await keepEvents(lab, events, states);
    const drain = async () => {
      await fillOutbox(lab);
      const spent = () => ({ postgres: cpuSeconds(engines.pids.postgres), kafka: cpuSeconds(engines.pids.kafka) });
      const before = spent();
      const watched = await child.watch(events / 10, events, () => child.ask('start'));
      // both engines are counted with the tenth that is not: scaled to what is counted
      const share = watched.count / events;
      const result = {
        ...watched,
        postgres: (cpuSeconds(engines.pids.postgres) - before.postgres) * share,
        kafka: (cpuSeconds(engines.pids.kafka) - before.kafka) * share,
      };
      await lab.db.query(`create table if not exists lease_kept as select * from outbox_lease`);
      await child.ask('stop');
      return result;
    };
    await child.ask('record');
    await drain();
    const statements = await child.ask('recorded');
    const restore = `update outbox_lease l set owner = k.owner, expires_at = 'infinity' from lease_kept k where k.shard = l.shard`;
    const again = async () => {
      await fillOutbox(lab);
      await lab.db.query(restore);
      const seconds = await replay(lab.databaseUrl, [[statements]], engines.folder);
      await lab.db.query(`update outbox_lease set owner = null, expires_at = '-infinity'`);
      const [{ left }] = await lab.db.query('select count(*)::integer as left from outbox');
      if (left > 0) throw new Error(`pgbench left ${left} rows in the outbox: it did not do what the relay does`);
      return seconds;
    };
    const topic = lab.namespace + counterTopic.name;
    const results = await alternate(rounds, {
      ours: drain,
      pgbench: again,
      producer: () => producerPerformance(engines, { topic, records: events * 10, recordBytes: bytes }),
    });
    return { bytes, ...results };
  } finally {
    await child.end();
    await lab.close();
  }
}
