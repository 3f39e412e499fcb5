import type { LifecycleStage } from '@quen/events';

/** What a stage follows from; the fields are those of the insight. */
export interface Purchases {
  orders: number;
  /** Days with a purchase that was kept; where it is told, it counts instead of the orders. */
  purchases?: number | undefined;
  firstOrderOn?: string | undefined;
  lastOrderOn?: string | undefined;
  /** 1 after a year without an order. */
  recencyScore: number;
}

/**
 * A stage, and the day after which an order moves it on: that of the last order when facts gave it, otherwise that on
 * which it was said.
 */
export interface Stage {
  lifecycle: LifecycleStage;
  lifecycleSince: string | null;
}

const [frequentFrom, loyalFrom, loyalDays] = [5, 10, 365];

/**
 * The stage by the purchases alone: repeat from the second on, frequent from the 5th, loyal from the 10th when the
 * first is a year before the last,
 * dormant after a year without any.
 */
export function stageOf({
  orders,
  purchases = orders,
  firstOrderOn,
  lastOrderOn,
  recencyScore,
}: Purchases): LifecycleStage {
  if (purchases <= 0) return 'prospect';
  if (recencyScore === 1) return 'dormant';
  if (purchases < 2) return 'first-time';
  if (purchases < frequentFrom) return 'repeat';
  const days = firstOrderOn && lastOrderOn ? (Date.parse(lastOrderOn) - Date.parse(firstOrderOn)) / 86_400_000 : 0;
  return purchases >= loyalFrom && days >= loyalDays ? 'loyal' : 'frequent';
}

/**
 * The stage after the one at hand. Who was dormant or lost and orders again is won back until the next order. Lost is
 * said by people and stays until an order:
 * no fact tells that somebody will not come again.
 */
export function stageAfter(now: Stage, purchases: Purchases): Stage {
  const lastOrderOn = purchases.lastOrderOn ?? null;
  const ordered = lastOrderOn !== null && (now.lifecycleSince === null || lastOrderOn > now.lifecycleSince);
  const lifecycle = nextOf(now.lifecycle, ordered, stageOf(purchases));
  return lifecycle === now.lifecycle ? now : { lifecycle, lifecycleSince: lastOrderOn };
}

function nextOf(now: LifecycleStage, ordered: boolean, byPurchases: LifecycleStage): LifecycleStage {
  if (now === 'lost') return ordered && byPurchases !== 'prospect' ? 'won-back' : 'lost';
  if (byPurchases === 'dormant' || byPurchases === 'prospect') return byPurchases;
  if (now === 'dormant') return ordered ? 'won-back' : byPurchases;
  return now === 'won-back' && !ordered ? 'won-back' : byPurchases;
}

/** What a file says of the stage: only that somebody is lost; the rest follows from the orders. */
export function stageSaid(stage: LifecycleStage | undefined): 'lost' | undefined {
  return stage === 'lost' ? stage : undefined;
}
