/** An event as a reaction sees it: the payload and what the envelope says. */
export interface Received<T> {
  /** Id of the event; a duplicate on the wire carries the same. */
  readonly id: string;
  /** CloudEvents type, e.g. `crm.sales.opportunity-won.v1`. */
  readonly type: string;
  /** The payload; null when a state was erased. */
  readonly data: T;
  readonly aggregateId: string;
  /** Version of the aggregate after this event; a replica refuses what is older than it has. */
  readonly version: number;
  /** Clock of the producer's database. */
  readonly occurredAt: Date;
  /** Topic without the installation's namespace. */
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly correlationId: string | undefined;
  readonly causationId: string | undefined;
  readonly traceparent: string | undefined;
  readonly actor: string | undefined;
  readonly branch: string | undefined;
}

/**
 * The event with the highest version of each aggregate. A replica takes these of a batch, since a multi-row upsert may
 * touch each row once. The last event will not do: a relay that lost its lease in the middle of a send may put an older
 * state behind a newer one.
 */
export function newestOfEach<T>(events: readonly Received<T>[]): Received<T>[] {
  const newest = new Map<string, Received<T>>();
  for (const event of events) {
    if ((newest.get(event.aggregateId)?.version ?? -1) <= event.version) newest.set(event.aggregateId, event);
  }
  return [...newest.values()];
}
