import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { topics } from '@quen/events';
import type { ServiceProcess, TestService } from '@quen/testing';

export type { TestService };
export type { ServiceProcess };

/** Repeats something until it is told to stop. */
export function repeatedly(everyMs: number, work: () => unknown) {
  const stop = new AbortController();
  const done = (async () => {
    while (!stop.signal.aborted) {
      await Promise.resolve(work()).catch(() => undefined);
      await sleep(everyMs, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  })();
  return async () => {
    stop.abort();
    await done;
  };
}

/** Holds locks in a transaction of its own until it is released. */
export async function holding(databaseUrl: string, sql: string) {
  const client = new pg.Client({ connectionString: databaseUrl });
  client.on('error', () => undefined);
  await client.connect();
  await client.query('begin');
  await client.query(sql);
  return () => client.end();
}

/** Records of which one in so many cannot be decoded; the others are of a type that the group ignores. */
export async function sendPoison(
  service: TestService,
  topicName: string,
  { count, oneIn }: { count: number; oneIn: number },
) {
  const topic = topics().find(({ name }) => name === topicName);
  if (!topic) throw new Error(`There is no topic ${topicName}`);
  for (let sent = 0; sent < count; sent += 50) {
    await Promise.all(
      Array.from({ length: Math.min(50, count - sent) }, (_, index) => {
        const harmless = (sent + index) % oneIn !== 0;
        return service.bus.sendRaw(topic, randomUUID(), harmless ? '{}' : 'no JSON', {
          ce_type: harmless ? 'crm.marketing.lead-scored.v1' : 'crm.marketing.lead-routed.v1',
        });
      }),
    );
  }
}

/** A record of a type that nobody declares. */
export async function sendUnknown(service: TestService, topicName: string) {
  const topic = topics().find(({ name }) => name === topicName);
  if (!topic) throw new Error(`There is no topic ${topicName}`);
  await service.bus.sendRaw(topic, randomUUID(), '{}', { ce_type: 'crm.marketing.lead-dreamt.v1' });
}

/** A job whose file is gone. */
export async function enqueueBrokenJob(service: TestService, kind: string) {
  await service.sql(`insert into job (id, kind, caller) values ($1, $2, '{"scope": "all"}')`, [randomUUID(), kind]);
}

/** Makes due what is scheduled. */
export async function makeDue(service: TestService, schedule: string) {
  await service.sql('update schedule set next_run_at = now() where name = $1', [schedule]);
}

/**
 * A position behind the end of its topic, as after the topic was made anew; seen when partitions are next given out.
 */
export async function moveBehindTheEnd(service: TestService, consumer: string) {
  await service.sql('update inbox_position set next_offset = next_offset + 1000000 where consumer = $1', [consumer]);
}

/** Stops a process and lets it go on, in turns, so that every second has a pause of most of a second. */
export function stutter(process_: ServiceProcess) {
  return repeatedly(350, async () => {
    process_.signal('SIGSTOP');
    await sleep(700);
    process_.signal('SIGCONT');
  });
}

/** Takes every lease from its owner as if another relay had died with it. */
export async function stealLeases(service: TestService) {
  await service.sql(`update outbox_lease set owner = 'stranger/' || shard, expires_at = '-infinity'`);
}

/** Copies of an event that waits, each with an id of its own. */
export async function fillOutbox(service: TestService, count: number) {
  await service.sql(
    `insert into outbox (event_id, shard, topic, aggregatetype, aggregateid, version, type, state, headers, payload, bytes)
     select gen_random_uuid(), o.shard, o.topic, o.aggregatetype, o.aggregateid, o.version, o.type, o.state, o.headers, o.payload, o.bytes
     from (select * from outbox order by seq limit 1) o, generate_series(1, $1)`,
    [count],
  );
}

/** Starts a process again and again, as a supervisor does with one that crashes. */
export async function crashLoop(process_: ServiceProcess, times: number) {
  for (let time = 0; time < times; time += 1) {
    await process_.end('SIGKILL');
    process_.start();
    while (
      !(await fetch(process_.metricsUrl).then(
        (answer) => answer.ok,
        () => false,
      ))
    )
      await sleep(200);
    // the scrape has to see each start
    await sleep(2_500);
  }
}
