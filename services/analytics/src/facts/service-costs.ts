import { Decimal } from 'decimal.js';
import { caseChannels, type CaseChannel } from '@quen/events';

/**
 * Channels of `COST_PER_CONTACT`; `other` stands for those that it does not name, and for contacts of which no channel
 * is known.
 */
export const costedChannels = [...caseChannels, 'other'] as const;

/**
 * What serving costs, in the reporting currency: minutes where they are logged, a contact by its channel where nobody
 * logs any.
 */
export class ServiceCosts {
  private readonly byChannel: ReadonlyMap<string, Decimal>;

  /**
   * `perContact`: `call=15000,email=8000,other=10000`; a channel that is not named and has no `other` costs nothing.
   */
  constructor(
    private readonly perMinute: number,
    perContact: string,
  ) {
    this.byChannel = new Map(
      perContact
        .split(',')
        .filter(Boolean)
        .map((each) => each.split('=') as [string, string])
        .map(([channel, cost]) => [channel, new Decimal(cost)]),
    );
  }

  /** Minutes of work. */
  work(minutes: number): Decimal {
    return new Decimal(this.perMinute).times(minutes);
  }

  /** A customer who comes once, by whatever channel. */
  contact(channel: CaseChannel | undefined): Decimal {
    return this.byChannel.get(channel ?? 'other') ?? this.byChannel.get('other') ?? new Decimal(0);
  }
}
