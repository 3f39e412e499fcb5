import { defaultTuning } from '@quen/messaging';
import type { Engines } from './engines.js';
import { forgetConsumed, openLab, writeFacts, type BenchLab } from './lab.js';
import { cpuSeconds } from './machine.js';
import { alternate, ratio, stat } from './measure.js';
import { MessagingChild } from './messaging-child.js';
import type { Options } from './options.js';
import { replay, type Statement } from './pgbench.js';
import { transactionsOf } from './recorder.js';
import { fine, percent, spread, whole, type Part } from './report.js';

const partitions = 12;
const lanes = defaultTuning.partitionsConcurrently;

/**
 * How fast one consumer process takes events, each with its effect in the database once, against Postgres with the same
 * statements; and what a long backlog costs in memory.
 */
export async function consumer(engines: Engines, { quick, rounds, profile, say }: Options): Promise<Part> {
  const backlog = quick ? 100_000 : 1_000_000;
  const lab = await openLab(engines, partitions);
  const children = {
    bulk: await MessagingChild.start(lab, 'bulk', { profile }),
    single: await MessagingChild.start(lab, 'single', { profile }),
  };
  try {
    say(`consumer: writing ${whole(backlog)} events`);
    await writeFacts(lab, backlog);
    const tables = [],
      data = [],
      aims = [];
    for (const kind of ['bulk', 'single'] as const) {
      say(`consumer: ${kind} handler`);
      const found = await oneKind(engines, lab, children[kind], {
        kind,
        rounds,
        events: kind === 'bulk' ? 50_000 : 20_000,
      });
      const perSecond = found.ours.map(({ count, seconds }) => count / seconds);
      const cpu = (of: (sample: (typeof found.ours)[number]) => number) =>
        fine(stat(found.ours.map((sample) => (of(sample) / sample.count) * 1000)).median);
      tables.push(
        {
          title: kind === 'bulk' ? 'a handler for many events at once (@OnBatch)' : 'a handler for each event (@On)',
          columns: ['', 'effects/s', 'consumer reaches of it'],
          rows: [
            ['consumer, one process', spread(stat(perSecond)), ''],
            [
              `pgbench, the same statements, ${lanes} connections`,
              spread(stat(found.pgbench)),
              spread(ratio(perSecond, found.pgbench), percent),
            ],
            [
              'pgbench, the same statements, 1 connection',
              spread(stat(found.pgbenchOne)),
              spread(ratio(perSecond, found.pgbenchOne), percent),
            ],
          ],
        },
        {
          columns: ['processor seconds per 1,000 effects', 'consumer process', 'Postgres', 'Kafka'],
          rows: [['', cpu(({ cpuSeconds: own }) => own), cpu(({ postgres }) => postgres), cpu(({ kafka }) => kafka)]],
        },
      );
      const reached = ratio(perSecond, found.pgbench).median;
      aims.push({
        aim: `consumer ≥ 50 % of pgbench with as many connections (${kind === 'bulk' ? '@OnBatch' : '@On'})`,
        found: percent(reached),
        met: reached >= 0.5,
      });
      data.push({ kind, ...found, perSecond });
    }
    say(`consumer: catching up on ${whole(backlog)} events`);
    await children.bulk.end();
    await forgetConsumed(lab);
    const fresh = await MessagingChild.start(lab, 'bulk');
    const caughtUp = await fresh.watch(backlog / 100, backlog, () => fresh.ask('start')).finally(() => fresh.end());
    tables.push({
      title: `catching up on ${whole(backlog)} events (@OnBatch), a fresh process`,
      columns: ['effects/s', 'processor seconds per 1,000', 'peak memory of the process (RSS)'],
      rows: [
        [
          whole(caughtUp.count / caughtUp.seconds),
          fine((caughtUp.cpuSeconds / caughtUp.count) * 1000),
          `${whole(caughtUp.peakMb)} MB`,
        ],
      ],
    });
    aims.push({
      aim: `≥ 3,000 effects/s in less than 512 MB over ${whole(backlog)} events`,
      found: `${whole(caughtUp.count / caughtUp.seconds)} effects/s, ${whole(caughtUp.peakMb)} MB`,
      met: caughtUp.count / caughtUp.seconds >= 3_000 && caughtUp.peakMb < 512,
    });
    return {
      name: 'Consumer',
      tables,
      aims,
      data: [...data, caughtUp],
      conditions: [
        `facts of some 650 bytes of 1,000 aggregates in ${partitions} partitions, up to ${defaultTuning.sliceRecords} to a transaction, ${lanes} partitions at once; an effect is a row; the first tenth is not counted`,
        'pgbench: the transactions that the consumer made (position, inbox and parked keys, effects, position, commit), recorded and sent again; each partition stays on one connection',
      ],
    };
  } finally {
    await Promise.all(Object.values(children).map((child) => child.end()));
    await lab.close();
  }
}

async function oneKind(
  engines: Engines,
  lab: BenchLab,
  child: MessagingChild,
  { kind, events, rounds }: { kind: 'bulk' | 'single'; events: number; rounds: number },
) {
  const consume = async () => {
    await forgetConsumed(lab);
    const before = { postgres: cpuSeconds(engines.pids.postgres), kafka: cpuSeconds(engines.pids.kafka) };
    const watched = await child.watch(events / 10, events, () => child.ask('start'));
    const share = watched.count / events;
    const result = {
      ...watched,
      postgres: (cpuSeconds(engines.pids.postgres) - before.postgres) * share,
      kafka: (cpuSeconds(engines.pids.kafka) - before.kafka) * share,
    };
    await child.ask('stop');
    return result;
  };
  await child.ask('record');
  await consume();
  // one statement for each event is a long script, and a part of it tells as much
  const slices = slicesOf(await child.ask('recorded')).slice(0, kind === 'bulk' ? undefined : 60);
  await lab.db.query('drop table if exists position_kept');
  await lab.db.query('create table position_kept as select * from inbox_position');
  const again = async (connections: number) => {
    await forgetConsumed(lab);
    await lab.db.query(
      'insert into inbox_position (consumer, topic, part, topic_id, next_offset) select consumer, topic, part, topic_id, 0 from position_kept',
    );
    const work = Array.from({ length: connections }, (_, lane) =>
      slices.filter(({ partition }) => partition % connections === lane).map(({ statements }) => statements),
    );
    const seconds = await replay(lab.databaseUrl, work, engines.folder);
    const [{ effects, moved }] = await lab.db.query(
      'select (select count(*)::integer from effect) as effects, (select count(*)::integer from inbox_position where next_offset > 0) as moved',
    );
    if (
      effects < Math.min(events, slices.length * 50) ||
      moved < new Set(slices.map(({ partition }) => partition)).size
    )
      throw new Error(
        `pgbench made ${effects} effects in ${slices.length} transactions and moved ${moved} positions: it did not do what the consumer does`,
      );
    return effects / seconds;
  };
  return alternate(rounds, { ours: consume, pgbench: () => again(lanes), pgbenchOne: () => again(1) });
}

/** The transactions among the statements that move a position, with its partition. */
function slicesOf(statements: Statement[]) {
  const slices = transactionsOf(statements).flatMap((transaction) => {
    for (const { text, values } of transaction) {
      const place = /\bpart\s*=\s*(\$?)(\d+)/.exec(text);
      if (place && transaction.length > 1)
        return [{ partition: Number(place[1] ? values[Number(place[2]) - 1] : place[2]), statements: transaction }];
    }
    return [];
  });
  if (slices.length === 0)
    throw new Error('No transaction of the consumer was recognised: none compares a column "part" with a value');
  return slices;
}
