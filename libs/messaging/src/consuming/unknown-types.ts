import type { Logger } from 'pino';
import type { MessagingMetrics } from '../metrics.js';
import type { Place } from './positions.js';

/** A faulty producer must not make time series without end. */
const mostTypes = 100;

/** Counts the events that a group passed over because it does not know their type. It logs each type once. */
export class UnknownTypes {
  private readonly seen = new Set<string>();

  constructor(
    private readonly metrics: MessagingMetrics,
    private readonly logger?: Logger,
  ) {}

  /** One record was passed over. */
  passed({ consumer, topic }: Pick<Place, 'consumer' | 'topic'>, type: string): void {
    const known = `${consumer} ${topic} ${type}`;
    const fits = this.seen.has(known) || this.seen.size < mostTypes;
    this.metrics.unknownEvents.inc({ consumergroup: consumer, topic, type: fits ? type : 'other' });
    if (!fits || this.seen.has(known)) return;
    this.seen.add(known);
    this.logger?.warn(
      { group: consumer, topic, type },
      'records of a type that this version does not know are passed over',
    );
  }
}
