import type { Engines } from './engines.js';
import { forgetConsumed, openLab, type BenchLab } from './lab.js';
import { percentile, until } from './measure.js';
import { MessagingChild } from './messaging-child.js';
import type { Options } from './options.js';
import { fine, whole, type Part } from './report.js';

const partitions = 12;
const warmUpSeconds = 3;

/**
 * How long after a commit its effect is committed elsewhere. A producing and a consuming process, with nothing in them
 * but messaging; both times are Postgres' own of the two commits, so no clocks are compared.
 */
export async function latency(engines: Engines, { quick, rounds, say }: Options): Promise<Part> {
  const lab = await openLab(engines, partitions);
  await lab.db.query(
    'create table written (counter_id uuid not null, step integer not null, primary key (counter_id, step))',
  );
  const producer = await MessagingChild.start(lab, 'producer');
  const consumer = await MessagingChild.start(lab, 'single');
  try {
    await forgetConsumed(lab);
    await consumer.ask('start');
    const data: ({ pace: number } & Awaited<ReturnType<typeof oneRun>>)[] = [];
    for (let round = 0; round < (quick ? 1 : rounds); round++) {
      for (const pace of [50, 300, 1_000]) {
        say(`latency: ${pace} writes/s`);
        data.push({ pace, ...(await oneRun(lab, producer, pace, warmUpSeconds + (quick ? 10 : 20))) });
      }
    }
    const rows = [50, 300, 1_000].map((pace) => {
      const runs = data.filter((run) => run.pace === pace);
      const waits = runs.flatMap((run) => run.waits);
      const achieved = runs.map(({ writes, seconds }) => writes / seconds);
      return {
        pace,
        achieved: percentile(achieved, 0.5),
        p50: percentile(waits, 0.5),
        p95: percentile(waits, 0.95),
        p99: percentile(waits, 0.99),
        max: Math.max(...waits),
        n: waits.length,
        cpu: percentile(
          runs.map((run) => (run.cpuSeconds / run.writes) * 1000),
          0.5,
        ),
      };
    });
    const aimed = rows.find(({ pace }) => pace === 300);
    const milliseconds = (value: number) => `${fine(value)} ms`;
    return {
      name: 'Latency',
      conditions: [
        `one process writes (an update, the fact, one row more; ${partitions} partitions) and relays, another takes each event with a handler of its own (@On); both times are those of the commits (pg_xact_commit_timestamp)`,
        `writes begin when they are due, whether or not those before are done; the first ${warmUpSeconds} s are not counted`,
      ],
      tables: [
        {
          columns: [
            'writes/s wanted',
            'reached',
            'p50',
            'p95',
            'p99',
            'worst',
            'effects',
            'processor s per 1,000 writes (producer)',
          ],
          rows: rows.map((row) => [
            whole(row.pace),
            whole(row.achieved),
            milliseconds(row.p50),
            milliseconds(row.p95),
            milliseconds(row.p99),
            milliseconds(row.max),
            whole(row.n),
            fine(row.cpu),
          ]),
        },
      ],
      aims: aimed
        ? [
            {
              aim: 'commit → effect at 300 writes/s: p50 < 30 ms, p99 < 200 ms',
              found: `${milliseconds(aimed.p50)}, ${milliseconds(aimed.p99)}`,
              met: aimed.p50 < 30 && aimed.p99 < 200,
            },
          ]
        : [],
      data: data.map(({ waits, ...run }) => ({
        ...run,
        p50: percentile(waits, 0.5),
        p95: percentile(waits, 0.95),
        p99: percentile(waits, 0.99),
      })),
    };
  } finally {
    await Promise.all([producer.end(), consumer.end()]);
    await lab.close();
  }
}

async function oneRun(lab: BenchLab, producer: MessagingChild, pace: number, seconds: number) {
  await lab.db.query('truncate written, effect');
  const result = await producer.write(pace, seconds);
  await until(
    async () =>
      (await lab.db.query('select (select count(*) from effect) >= (select count(*) from written) as done'))[0].done,
    'every write has its effect',
  );
  const rows = await lab.db.query(
    `
    select extract(epoch from pg_xact_commit_timestamp(e.xmin) - pg_xact_commit_timestamp(w.xmin))::float8 * 1000 as wait,
           pg_xact_commit_timestamp(w.xmin) < (select min(pg_xact_commit_timestamp(xmin)) from written) + $1 * interval '1 second' as warming
    from written w join effect e on e.counter_id = w.counter_id and e.step = w.step`,
    [warmUpSeconds],
  );
  return {
    ...result,
    waits: rows
      .filter(({ warming }: { warming: boolean }) => !warming)
      .map(({ wait }: { wait: number }) => wait) as number[],
  };
}
