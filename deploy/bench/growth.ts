import { defaultTuning } from '@quen/messaging';
import { pruneInbox } from '@quen/messaging/internal/consuming/positions.js';
import { forgetStates, outboxBacklog, recentStates } from '@quen/messaging/internal/producing/outbox.js';
import type { Engines } from './engines.js';
import { fillOutbox, forgetConsumed, keepEvents, openLab, writeFacts, type BenchLab } from './lab.js';
import { percentile, until } from './measure.js';
import { MessagingChild } from './messaging-child.js';
import type { Options } from './options.js';
import { explainAll } from './plans.js';
import { Recorder, transactionsOf } from './recorder.js';
import { percent, whole, type Part } from './report.js';

/**
 * More rows, partitions or processes may cost this share of the speed before it counts as growing faster than linearly:
 * what noise does.
 */
const tolerance = 0.75;

const few = 10_000;

/** Whether the work for an event grows with the rows in the tables, the partitions and the processes. */
export async function growth(engines: Engines, { quick, rounds, say }: Options): Promise<Part> {
  const many = quick ? 100_000 : 1_000_000;
  const times = quick ? 2 : rounds;
  say(`growth: ${whole(few)} and ${whole(many)} rows`);
  const { rows, plans } = await withRows(engines, many, times);
  say('growth: partitions');
  const partitions = [];
  for (const count of [1, 3, 6, 12]) partitions.push({ count, ...(await withPartitions(engines, count, times)) });
  say('growth: consumers');
  const consumers = await withConsumers(engines, quick ? [1, 2, 4] : [1, 2, 3, 4, 6]);
  const keeps = rows.map(({ what, atFew, atMany }) => ({
    aim: `${what} does not slow down from ${whole(few)} to ${whole(many)} rows`,
    found: percent(atMany / atFew),
    met: atMany / atFew >= tolerance,
  }));
  const one = partitions[0],
    twelve = partitions.at(-1);
  return {
    name: 'Growth',
    conditions: [
      'events/s, medians; linear or better means that an event costs as much among many rows as among few',
      `at least ${percent(tolerance)} of the speed counts as the same: the rest is what the machine's noise does`,
    ],
    tables: [
      {
        title: 'rows',
        columns: ['', `${whole(few)} rows`, `${whole(many)} rows`, 'speed that is left'],
        rows: rows.map(({ what, atFew, atMany }) => [what, whole(atFew), whole(atMany), percent(atMany / atFew)]),
      },
      {
        title: 'partitions',
        columns: ['partitions', 'relay, events/s', 'consumer (@OnBatch), effects/s'],
        rows: partitions.map(({ count, relay, consumer }) => [count, whole(relay), whole(consumer)]),
      },
      {
        title: 'consumer processes on 12 partitions, @On',
        columns: ['processes', 'effects/s together'],
        rows: consumers.map(({ count, rate }) => [count, whole(rate)]),
      },
      {
        title: `plans of every statement of relay and consumer at ${whole(many)} rows`,
        columns: ['statement', 'ms', 'rows read in order (sequential scans)'],
        rows: plans.map(({ statement, ms, scans }) => [statement, ms.toFixed(2), scans.join(', ') || 'none']),
      },
    ],
    aims: [
      ...keeps,
      {
        aim: 'more partitions cost nothing',
        found: `relay ${percent((twelve?.relay ?? 0) / (one?.relay ?? 1))}, consumer ${percent((twelve?.consumer ?? 0) / (one?.consumer ?? 1))} of one partition`,
        met:
          (twelve?.relay ?? 0) / (one?.relay ?? 1) >= tolerance &&
          (twelve?.consumer ?? 0) / (one?.consumer ?? 1) >= tolerance,
      },
      {
        aim: `no statement reads a table of ${whole(many)} rows in order`,
        found:
          plans
            .filter(({ large }) => large)
            .map(({ statement }) => statement)
            .join('; ') || 'none does',
        met: plans.every(({ large }) => !large),
      },
    ],
    data: { rows, partitions, consumers, plans },
  };
}

async function drain(lab: BenchLab, child: MessagingChild, events: number, prepare = () => fillOutbox(lab)) {
  await prepare();
  // what a million new rows leave to be written is not the relay's work
  await lab.db.query('checkpoint');
  const { count, seconds } = await child.watch(events / 10, events, () => child.ask('start'));
  await child.ask('stop');
  return count / seconds;
}

async function consume(child: MessagingChild, events: number) {
  const { count, seconds } = await child.watch(events / 10, events, () => child.ask('start'));
  await child.ask('stop');
  return count / seconds;
}

/** The median of so many runs. */
async function median(times: number, run: () => Promise<number>) {
  const rates = [];
  for (let n = 0; n < times; n++) rates.push(await run());
  return percentile(rates, 0.5);
}

async function withRows(engines: Engines, many: number, times: number) {
  const lab = await openLab(engines, 12);
  const [relay, consumer] = [await MessagingChild.start(lab, 'relay'), await MessagingChild.start(lab, 'bulk')];
  const consumerName = 'crm.lab.bulk-effects';
  try {
    await writeFacts(lab, few * 4);
    await keepEvents(lab, few, true);
    await relay.ask('record');
    await drain(lab, relay, few);
    const statements = await relay.ask('recorded');
    const sentStates = (count: number) =>
      median(times, () =>
        drain(lab, relay, few, async () => {
          await fillOutbox(lab);
          await lab.db.query(
            `insert into outbox_sent_state (topic, aggregateid, shard, version, seq, headers, payload, sent_at)
        select topic, gen_random_uuid()::text, n % 16, 1, -n, headers, payload, clock_timestamp() - interval '5 minutes' from outbox_kept k, generate_series(1, $1::integer) n where k.state and k.seq = (select max(seq) from outbox_kept where state)`,
            [count],
          );
        }),
      );
    const backlog = (count: number) =>
      median(times, () =>
        drain(lab, relay, count, async () => {
          const columns = 'shard, topic, aggregatetype, aggregateid, version, type, state, headers, payload, bytes';
          await lab.db.query('truncate outbox, outbox_sent_state restart identity');
          await lab.db.query(
            `insert into outbox (event_id, ${columns}) select gen_random_uuid(), ${columns} from generate_series(1, $1::integer) n, outbox_kept order by n, seq`,
            [Math.round(count / few)],
          );
        }),
      );
    const inbox = (count: number) =>
      median(times, async () => {
        await forgetConsumed(lab);
        await lab.db.query(
          `insert into inbox (consumer, event_id, processed_at) select $1, uuidv7(-n * interval '1 second'), clock_timestamp() - n * interval '100 milliseconds' from generate_series(1, $2::integer) n`,
          [consumerName, count],
        );
        return consume(consumer, few);
      });
    const rows = [
      { what: 'relay, states sent before', atFew: await sentStates(few), atMany: await sentStates(many) },
      { what: 'relay, events waiting', atFew: await backlog(few), atMany: await backlog(many) },
    ];
    await lab.db.query('truncate outbox');
    await consumer.ask('record');
    await inbox(few);
    const slices = transactionsOf(await consumer.ask('recorded'));
    rows.push({ what: 'consumer, ids in the inbox', atFew: await inbox(few), atMany: await inbox(many) });
    // what the plans are made for: every table is large
    await fillOutbox(lab);
    await lab.db.query(
      `insert into outbox (event_id, shard, topic, aggregatetype, aggregateid, version, type, state, headers, payload, bytes)
      select gen_random_uuid(), shard, topic, aggregatetype, aggregateid, version, type, state, headers, payload, bytes from generate_series(1, $1::integer), outbox_kept`,
      [Math.round(many / few)],
    );
    await lab.db.query(
      `insert into outbox_sent_state (topic, aggregateid, shard, version, seq, headers)
      select 'crm.lab.counter.state.v1', gen_random_uuid()::text, n % 16, 1, -n, '{}' from generate_series(1, $1::integer) n`,
      [many],
    );
    await lab.db.query(
      `insert into inbox_parked (consumer, msg_key, topic, part, msg_offset, headers, error_class, error, attempts, status)
      select $1, gen_random_uuid()::text, 't', 0, n, '{}', 'e', 'e', 1, case when n % 100 = 0 then 'parked' else 'replayed' end from generate_series(1, $2::integer) n`,
      [consumerName, many / 10],
    );
    for (const table of ['outbox', 'outbox_sent_state', 'outbox_lease', 'inbox', 'inbox_position', 'inbox_parked'])
      await lab.db.query(`vacuum analyze ${table}`);
    return { rows, plans: await explainAll(lab.db, [...statements, ...slices.flat(), ...(await upkeep(lab))]) };
  } finally {
    await Promise.all([relay.end(), consumer.end()]);
    await lab.close();
  }
}

/** What relay and consumer ask now and then, beside every batch. */
async function upkeep(lab: BenchLab) {
  const recorder = new Recorder();
  recorder.start();
  await outboxBacklog(lab.db);
  await recentStates(lab.db, [0, 1], defaultTuning.stateMemoryMs);
  await forgetStates(lab.db, [0, 1], defaultTuning.stateMemoryMs);
  await pruneInbox(lab.db, defaultTuning.inboxKeepMs);
  return recorder.stop();
}

async function withPartitions(engines: Engines, partitions: number, times: number) {
  const lab = await openLab(engines, partitions);
  const [relay, consumer] = [await MessagingChild.start(lab, 'relay'), await MessagingChild.start(lab, 'bulk')];
  try {
    await writeFacts(lab, few * 2);
    const take = async () => {
      await forgetConsumed(lab);
      return consume(consumer, few * 2);
    };
    await take();
    const taken = await median(times, take);
    await keepEvents(lab, few, false);
    await drain(lab, relay, few);
    return { relay: await median(times, () => drain(lab, relay, few)), consumer: taken };
  } finally {
    await Promise.all([relay.end(), consumer.end()]);
    await lab.close();
  }
}

async function withConsumers(engines: Engines, counts: number[]) {
  const events = 40_000;
  const lab = await openLab(engines, 12);
  const results = [];
  try {
    await writeFacts(lab, events);
    for (const count of counts) {
      await forgetConsumed(lab);
      const children = await Promise.all(Array.from({ length: count }, () => MessagingChild.start(lab, 'single')));
      try {
        await Promise.all(children.map((child) => child.ask('start')));
        const effects = async () =>
          (await lab.db.query('select coalesce(sum(next_offset), 0)::integer as done from inbox_position'))[0].done;
        // joining is over, and every process has warmed up, when a good part is done
        await until(async () => (await effects()) >= events * 0.4, 'a part of the events is taken');
        const begin = { done: await effects(), at: performance.now() };
        await until(async () => (await effects()) >= events * 0.95, 'nearly all events are taken');
        results.push({ count, rate: ((await effects()) - begin.done) / ((performance.now() - begin.at) / 1000) });
      } finally {
        await Promise.all(children.map((child) => child.end()));
      }
    }
    return results;
  } finally {
    await lab.close();
  }
}
