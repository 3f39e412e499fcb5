import { civilDay, startOfDay } from '@quen/chassis';
import { alwaysHas, type EventDeclaration } from '@quen/events';
import type { Received } from '@quen/messaging';

/** An event that tells of one customer. */
export interface CustomerEvent {
  customerId: string;
}

/** Whether it is a fact that tells of one customer. */
export const tellsOfCustomer = (declaration: EventDeclaration): boolean =>
  !declaration.state && alwaysHas(declaration, 'customerId');

/** One entry of a timeline, as it is stored. */
export interface TimelineEntry {
  customer_id: string;
  /** When it happened in the customer's world; an imported order lies on its own day. */
  at: string;
  event_id: string;
  service: string;
  kind: string;
  /** The aggregate that the event belongs to. */
  subject_id: string;
  actor: string | null;
  occurred_at: string;
  data: Record<string, unknown>;
}

/** Fields that hold the civil day on which something happened. */
const days = ['orderedOn', 'deliveredOn', 'issuedOn', 'receivedOn', 'returnedOn'];
const envelope = new Set(['customerId', 'eventId', 'aggregateId', 'aggregateVersion', 'occurredAt']);

/** The entry of an event, in the firm's zone. Long lists (the lines of an order) are kept as their length. */
export function entryOf(event: Received<CustomerEvent>, zone: string): TimelineEntry {
  const [, service = '', kind = ''] = /^crm\.([a-z]+)\.(.+)\.v\d+$/.exec(event.type) ?? [];
  const fields = event.data as unknown as Record<string, unknown>;
  const day = days.map((name) => fields[name]).find((value) => typeof value === 'string') as string | undefined;
  const occurred = event.occurredAt.toISOString();
  return {
    customer_id: event.data.customerId,
    event_id: event.id,
    service,
    kind,
    subject_id: event.aggregateId,
    actor: event.actor ?? null,
    occurred_at: occurred,
    at: day !== undefined && day < civilDay(event.occurredAt, zone) ? startOfDay(day, zone).toISOString() : occurred,
    data: Object.fromEntries(
      Object.entries(fields)
        .filter(([name]) => !envelope.has(name))
        .map(([name, value]) =>
          Array.isArray(value) && value.some((each) => typeof each === 'object')
            ? [`${name}Count`, value.length]
            : [name, value],
        ),
    ),
  };
}
