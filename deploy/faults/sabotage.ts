import { topics } from '@quen/events';
import type { ScannedRecord } from '@quen/testing';
import type { FaultStack } from './stack.js';

/*
 * What a control does to a stack so that the judge must find something: it takes a safety away, or makes sure that the
 * fault
 * which the safety is for really happens.
 */

/** Every fifth event never reaches the outbox, as with services that send to the broker without one. */
export async function leakOutboxes(stack: FaultStack) {
  for (const service of stack.all) {
    await service.sql(`
      create function leak() returns trigger language plpgsql as $$ begin return case when new.seq % 5 = 0 then null else new end; end $$;
      create trigger leak before insert on outbox for each row execute function leak()`);
  }
}

/** Answers before the disk has it: a crash of Postgres loses what it acknowledged last. */
export async function acknowledgeTooEarly(stack: FaultStack) {
  for (const setting of ['synchronous_commit = off', `wal_writer_delay = '10s'`, `wal_writer_flush_after = '1GB'`])
    await stack.services.customers.sql(`alter system set ${setting}`);
  await stack.services.customers.sql('select pg_reload_conf()');
}

/** Sends every record of the orders once more, as a relay does whose acknowledgement was lost. */
export async function repeatOrders(stack: FaultStack) {
  await repeat(stack, 'crm.sales.order.v1', (records) => records);
}

/**
 * Sends the last state but one of each customer's insight once more, as a relay does that was frozen before it sent
 * them and has no lease.
 */
export async function repeatOldInsights(stack: FaultStack) {
  await repeat(stack, 'crm.analytics.customer-insight.state.v1', (records) =>
    [...Map.groupBy(records, ({ key }) => key).values()].flatMap((states) => states.slice(-2, -1)),
  );
}

/**
 * Has sales send what its next release may: a field more in every fact, and behind each payment an event of a new type.
 * @param how closedToo: a list on which code decides has a value more, which
 * no release may
 * @returns has it send what it sends today
 */
export async function sellFromTomorrow(
  stack: FaultStack,
  { newType, closedToo }: { newType: string; closedToo: boolean },
): Promise<() => Promise<unknown>> {
  const { sales } = stack.services;
  await sales.sql(`
    create function tomorrow() returns trigger language plpgsql as $$ begin
      if not new.state and new.payload is not null then
        new.payload := new.payload || '{"tomorrow": {"desk": "K7"}}';
        ${closedToo ? `if new.payload ? 'origin' then new.payload := new.payload || '{"origin": "exchange"}'; end if;` : ''}
      end if;
      return new;
    end $$;
    create trigger tomorrow before insert on outbox for each row execute function tomorrow();
    create function also() returns trigger language plpgsql as $$ declare other uuid := gen_random_uuid(); begin
      insert into outbox (event_id, shard, topic, aggregatetype, aggregateid, version, type, state, headers, payload, bytes)
        values (other, new.shard, new.topic, new.aggregatetype, new.aggregateid, new.version, '${newType}', false,
          new.headers || jsonb_build_object('ce_id', other, 'ce_type', '${newType}'), new.payload || jsonb_build_object('eventId', other), new.bytes);
      return new;
    end $$;
    create trigger also after insert on outbox for each row when (new.type = 'crm.sales.payment-received.v1') execute function also()`);
  return () => sales.sql('drop function tomorrow, also cascade');
}

async function repeat(stack: FaultStack, topicName: string, which: (records: ScannedRecord[]) => ScannedRecord[]) {
  const topic = topics().find(({ name }) => name === topicName);
  if (!topic) throw new Error(`${topicName} is published by nobody`);
  const records: ScannedRecord[] = [];
  const { bus } = stack.services.customers;
  await bus.scan([topic.name], (record) => records.push(record));
  for (const { key, value, headers } of which(records)) await bus.sendRaw(topic, key, value, headers);
}
