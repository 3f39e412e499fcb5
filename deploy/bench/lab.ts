import { deadLetterTopic, topicSpec } from '@quen/events';
import { inTransaction, newId } from '@quen/messaging';
import {
  CounterState,
  counterStateTopic,
  CounterStepped,
  counterTopic,
} from '@quen/messaging/internal/testing/declarations.js';
import { Lab, steppedRecord, type Lab as BenchLab } from '@quen/messaging/internal/testing/lab.js';
import type { Engines } from './engines.js';

export type { BenchLab };

/** Aggregates that the events belong to, and with them keys on the wire. */
const aggregates = 1_000;

/** Makes a fact as long as those of the services are: some 650 bytes with headers. */
const note = 'Khách hỏi giá máy lọc nước, hẹn gọi lại chiều thứ Sáu. '.repeat(2).slice(0, 40);

/** A database and topics of their own on the run's engines. */
export async function openLab(engines: Engines, partitions: number) {
  process.env.DATABASE_URL = engines.databaseUrl;
  process.env.KAFKA_BROKERS = engines.brokers;
  const lab = await Lab.open(engines.brokers, false);
  await lab.kafka.createTopics(
    [counterTopic, counterStateTopic, deadLetterTopic('lab')].map((topic) => topicSpec(topic, { partitions })),
  );
  return lab;
}

/**
 * Keeps events as the outbox holds them, published the usual way, to fill it from as often as wanted.
 * @param states every other one is the aggregate's state
 * @returns bytes of an event on average, with its headers
 */
export async function keepEvents(lab: BenchLab, events: number, states: boolean): Promise<{ bytes: number }> {
  const ids = Array.from({ length: aggregates }, newId);
  const outgoing = lab.events();
  for (let start = 0; start < events; start += 1_000) {
    await inTransaction(lab.db, (tx) =>
      outgoing.publishAll(
        tx,
        Array.from({ length: Math.min(1_000, events - start) }, (_, index) => {
          const n = start + index;
          const counterId = ids[(states ? n >> 1 : n) % aggregates] as string;
          const version = Math.floor(n / aggregates) + 1;
          const message =
            states && n % 2 === 1
              ? Object.assign(new CounterState(), { counterId, version, value: n })
              : Object.assign(new CounterStepped(), { counterId, step: version, note });
          return { aggregate: { version }, messages: [message] };
        }),
      ),
    );
  }
  await lab.db.query('drop table if exists outbox_kept');
  await lab.db.query('create table outbox_kept as select * from outbox order by seq');
  await lab.db.query('truncate outbox');
  const [{ bytes }] = await lab.db.query('select avg(bytes)::float8 as bytes from outbox_kept');
  return { bytes };
}

/** Fills the outbox with what was kept, each time under the same numbers. */
export async function fillOutbox(lab: BenchLab) {
  const columns = 'event_id, shard, topic, aggregatetype, aggregateid, version, type, state, headers, payload, bytes';
  await lab.db.query('truncate outbox, outbox_sent_state restart identity');
  await lab.db.query(`insert into outbox (${columns}) select ${columns} from outbox_kept order by seq`);
  await lab.db.query('analyze outbox');
}

/** Writes facts to their topic as a relay does. */
export async function writeFacts(lab: BenchLab, events: number) {
  const ids = Array.from({ length: aggregates }, newId);
  for (let start = 0; start < events; start += 10_000) {
    await lab.write(
      Array.from({ length: Math.min(10_000, events - start) }, (_, index) => {
        const n = start + index;
        const record = steppedRecord(ids[n % aggregates] as string, Math.floor(n / aggregates) + 1);
        return { ...record, value: (record.value as string).replace('"note":"test"', `"note":"${note}"`) };
      }),
    );
  }
}

/** Lets a consumer begin anew. */
export async function forgetConsumed(lab: BenchLab) {
  await lab.db.query('truncate inbox, inbox_position, effect restart identity');
}
