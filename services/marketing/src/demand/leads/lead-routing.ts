import { Decimal } from 'decimal.js';
import type { Reason } from '@quen/events';

/** A sales channel with what is known of it at the moment of routing. */
export interface ChannelCandidate {
  readonly id: string;
  readonly code: string;
  readonly branchId: string;
  /** Empty: serves everywhere. */
  readonly provinces: readonly string[];
  readonly capacityPerDay: number;
  /** Of its amounts. */
  readonly currency: string;
  readonly routedToday: number;
  readonly costPerLead: string;
  readonly expectedOrderValue: string;
  readonly expectedConversion: number;
  readonly expectedMarginRate: number;
  /** Leads of customers of the same category that were decided. */
  readonly won: number;
  readonly lost: number;
  /** What the won ones were worth whose amount is in the channel's currency, and how many these are. */
  readonly wonAmount: string;
  readonly valued: number;
  /** The customer's branch is the channel's, or lies below it. */
  readonly sameBranch: boolean;
  /** This lead was with the channel before and came back. */
  readonly declined: boolean;
}

export interface LeadToRoute {
  readonly score: number;
  readonly province: string | null;
}

/** A channel with what it is expected to earn from the lead; the weights of the reasons add up to the margin. */
export interface Route {
  readonly channel: ChannelCandidate;
  readonly expectedMargin: string;
  readonly reasons: Reason[];
}

/** Why a channel is no candidate. */
export interface Exclusion {
  readonly channel: ChannelCandidate;
  readonly reason: 'declined' | 'no_capacity' | 'province_not_served' | 'other_currency';
}

/** How many decided leads weigh as much as the expectation that the channel began with. */
const priorWeight = 20;

/**
 * Orders channels by the margin that they are expected to earn from a lead: probability of an order × its value ×
 * margin rate, less the cost of
 * the lead. The probability begins at the channel's expectation and moves to what its decided leads of this category
 * show; it rises and falls with the
 * lead's score, with nearness and with how full the channel's day already is. Only margins in one currency are
 * compared: that of most channels, of those that
 * can take the lead.
 */
export function rankChannels(
  lead: LeadToRoute,
  channels: readonly ChannelCandidate[],
): { routes: Route[]; excluded: Exclusion[] } {
  const excluded: Exclusion[] = [];
  const routes: Route[] = [];
  for (const channel of channels) {
    const reason = exclusion(lead, channel);
    if (reason) excluded.push({ channel, reason });
    else routes.push(valued(lead, channel));
  }
  const compared = commonCurrency(channels, routes);
  const comparable = routes.filter(({ channel }) => channel.currency === compared);
  for (const { channel } of routes)
    if (channel.currency !== compared) excluded.push({ channel, reason: 'other_currency' });
  comparable.sort(
    (a, b) => new Decimal(b.expectedMargin).comparedTo(a.expectedMargin) || (a.channel.code < b.channel.code ? -1 : 1),
  );
  return { routes: comparable, excluded };
}

/** The currency of most channels, among those of the routes. */
function commonCurrency(channels: readonly ChannelCandidate[], routes: readonly Route[]): string | undefined {
  const count = (currency: string): number => channels.filter((channel) => channel.currency === currency).length;
  return [...new Set(routes.map(({ channel }) => channel.currency))].sort(
    (a, b) => count(b) - count(a) || (a < b ? -1 : 1),
  )[0];
}

function exclusion(lead: LeadToRoute, channel: ChannelCandidate): Exclusion['reason'] | undefined {
  if (channel.declined) return 'declined';
  if (channel.routedToday >= channel.capacityPerDay) return 'no_capacity';
  if (
    channel.provinces.length > 0 &&
    (!lead.province || !channel.provinces.includes(lead.province)) &&
    !channel.sameBranch
  )
    return 'province_not_served';
  return undefined;
}

function valued(lead: LeadToRoute, channel: ChannelCandidate): Route {
  const decided = channel.won + channel.lost;
  const conversion = (channel.won + priorWeight * channel.expectedConversion) / (decided + priorWeight);
  const value = new Decimal(channel.wonAmount)
    .plus(new Decimal(channel.expectedOrderValue).times(priorWeight))
    .dividedBy(channel.valued + priorWeight);
  const near = channel.sameBranch ? 1.1 : channel.provinces.length > 0 ? 1 : 0.85;
  const load = 1 - (0.2 * channel.routedToday) / Math.max(1, channel.capacityPerDay);

  const reasons: Reason[] = [];
  let margin = new Decimal(0);
  const step = (code: string, text: string, next: Decimal): void => {
    const rounded = next.toDecimalPlaces(0, Decimal.ROUND_HALF_UP);
    const weight = rounded.minus(margin).toNumber();
    if (weight !== 0 || code === 'expected') reasons.push({ code, text, weight });
    margin = rounded;
  };
  const earned = (probability: number, order: Decimal): Decimal =>
    order.times(probability).times(channel.expectedMarginRate);
  const likely = Math.min(0.95, conversion * (0.5 + lead.score / 100));
  step(
    'expected',
    `${percent(channel.expectedConversion)} of leads expected to order, margin ${percent(channel.expectedMarginRate)}`,
    earned(channel.expectedConversion, new Decimal(channel.expectedOrderValue)),
  );
  step(
    'experience',
    `${channel.won} won and ${channel.lost} lost with customers of this kind`,
    earned(conversion, value),
  );
  step('score', `Lead score ${lead.score}`, earned(likely, value));
  step(
    'nearness',
    channel.sameBranch
      ? 'Customer belongs to this branch'
      : channel.provinces.length > 0
        ? `Serves ${lead.province}`
        : 'Serves every province, from afar',
    earned(likely, value).times(near),
  );
  step(
    'capacity',
    `${channel.routedToday} of ${channel.capacityPerDay} leads taken today`,
    earned(likely, value).times(near).times(load),
  );
  step('cost', 'Cost of the lead', earned(likely, value).times(near).times(load).minus(channel.costPerLead));
  return { channel, expectedMargin: margin.toFixed(), reasons };
}

function percent(share: number): string {
  return `${new Decimal(share).times(100).toDecimalPlaces(1).toFixed()} %`;
}
