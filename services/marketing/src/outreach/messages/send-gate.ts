import { minuteOfDay } from '@quen/chassis';

/** Why the gate refuses for good; each becomes a fact `message-refused`. */
export type Refusal =
  | 'customer_unknown'
  | 'customer_erased'
  | 'customer_merged'
  | 'no_consent'
  | 'suppressed'
  | 'no_address'
  | 'open_complaint'
  | 'daily_cap';

/** What the gate looks at, read at the moment of sending. */
export interface GateFacts {
  /** False when no state of the customer has been received yet. */
  readonly known: boolean;
  readonly erased: boolean;
  readonly mergedInto: string | null;
  /** Channels on which the customer consented to marketing. */
  readonly marketingChannels: readonly string[];
  readonly channel: string;
  readonly address: string | null;
  /** The customer or the address is on the suppression list of the channel. */
  readonly suppressed: boolean;
  /** Severe complaints that are open, or whose solution was rated badly a short while ago. */
  readonly blockingComplaints: number;
  /** Messages sent on this channel to this customer or address in the last 24 hours. */
  readonly sentLastDay: number;
}

/** A span of the day in minutes from midnight; it may pass over midnight. */
export interface QuietHours {
  readonly from: number;
  readonly to: number;
}

/** The installation's limits for one channel. */
export interface SendPolicy {
  readonly dailyCap: number;
  readonly quietHours: QuietHours | null;
  readonly timeZone: string;
}

export type GateDecision =
  | { readonly kind: 'send'; readonly address: string }
  | { readonly kind: 'refuse'; readonly reason: Refusal }
  | { readonly kind: 'wait'; readonly until: Date };

/**
 * Whether one message may go out now. What the customer wants comes before what the firm's limits say, so that the
 * reason given is the one
 * that would still hold tomorrow; quiet hours only postpone.
 */
export function decide(facts: GateFacts, policy: SendPolicy, now: Date): GateDecision {
  const reason = refusal(facts, policy);
  if (reason) return { kind: 'refuse', reason };
  const until = policy.quietHours && endOfQuiet(policy.quietHours, policy.timeZone, now);
  return until ? { kind: 'wait', until } : { kind: 'send', address: facts.address! };
}

function refusal(facts: GateFacts, policy: SendPolicy): Refusal | undefined {
  if (facts.erased) return 'customer_erased';
  if (!facts.known) return 'customer_unknown';
  if (facts.mergedInto) return 'customer_merged';
  if (!facts.marketingChannels.includes(facts.channel)) return 'no_consent';
  if (facts.suppressed) return 'suppressed';
  if (!facts.address) return 'no_address';
  if (facts.blockingComplaints > 0) return 'open_complaint';
  if (facts.sentLastDay >= policy.dailyCap) return 'daily_cap';
  return undefined;
}

/** Reads `21:00-07:00`; an empty text means no quiet hours. */
export function parseQuietHours(text: string): QuietHours | null {
  const [, h1, m1, h2, m2] = /^(\d{2}):(\d{2})-(\d{2}):(\d{2})$/.exec(text) ?? [];
  if (h1 === undefined) return null;
  const from = Number(h1) * 60 + Number(m1);
  const to = Number(h2) * 60 + Number(m2);
  return from === to ? null : { from, to };
}

/** When the quiet span that `now` lies in ends; undefined outside of it. */
export function endOfQuiet(quiet: QuietHours, timeZone: string, now: Date): Date | undefined {
  const minute = minuteOfDay(now, timeZone);
  const inside =
    quiet.from < quiet.to ? minute >= quiet.from && minute < quiet.to : minute >= quiet.from || minute < quiet.to;
  if (!inside) return undefined;
  const left = (quiet.to - minute + 1440) % 1440;
  return new Date(Math.floor(now.getTime() / 60_000) * 60_000 + left * 60_000);
}
