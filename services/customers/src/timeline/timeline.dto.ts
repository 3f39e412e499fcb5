/** Something that happened with a customer. */
export class TimelineEntryView {
  /** Id of the event. */
  id!: string;
  /** When it happened; an entry from a firm's history lies on its own day. */
  at!: Date;
  /**
   * Whose event it is.
   * @example 'sales'
   */
  service!: string;
  /** @example 'order-confirmed' */
  kind!: string;
  /** In the language of Accept-Language. */
  text!: string;
  /** The record that the event belongs to: an order, a case. */
  subjectId!: string;
  /** Who did it; null for the system. */
  actor!: string | null;
  /** When the event was published. */
  occurredAt!: Date;
  /** Fields of the event; of sales that the caller may not read only ids, codes and days. */
  data!: Record<string, unknown>;
}
