import { randomUUID } from 'node:crypto';
import { CustomerState, customerStateTopic, eventOf } from '@quen/events';
import { bucketOf } from '@quen/messaging';
import type { TestService } from '@quen/testing';

/** As many shards as an outbox has. */
const shards = 16;

/**
 * Erases a customer as its owner would: the record goes, and in the same transaction a tombstone of the next version
 * into the outbox.
 * @param version of the tombstone
 */
export async function eraseCustomer(customers: TestService, customerId: string, version: number) {
  const { type } = eventOf(CustomerState);
  const id = randomUUID();
  const headers = {
    ce_specversion: '1.0',
    ce_id: id,
    ce_source: '/crm/customers',
    ce_type: type,
    ce_subject: customerId,
    ce_dataschema: `${type}.json`,
    'content-type': 'application/json',
    ce_sequence: String(version),
    ce_dataclass: 'basic',
    ce_correlationid: id,
    ce_time: new Date().toISOString(),
  };
  await customers.sql(
    `
    with gone as (delete from customer where id = $1)
    insert into outbox (event_id, shard, topic, aggregatetype, aggregateid, version, type, state, headers, payload, bytes)
    values ($2, $3, $4, 'customer', $1::text, $5, $6, true, $7, null, 200)`,
    [customerId, id, bucketOf(customerId, shards), customerStateTopic.name, version, type, JSON.stringify(headers)],
  );
}
