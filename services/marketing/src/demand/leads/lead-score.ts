import type { LeadSource, Reason } from '@quen/events';

/** What a lead is scored by. */
export interface ScoreFacts {
  readonly category: string;
  readonly rank: string | null;
  readonly lifecycle: string | null;
  readonly hasPhone: boolean;
  readonly marketingConsent: boolean;
  readonly industryKnown: boolean;
  readonly openSevereComplaints: number;
  readonly source: LeadSource;
  readonly interest: string | null;
  /** Answers to campaigns in the last 90 days. */
  readonly recentResponses: number;
  /** Last sign that the customer wants something. */
  readonly lastIntentAt: Date;
}

export interface LeadScore {
  /** 0 to 100: up to about 60 for fit, up to 50 for intent. */
  readonly score: number;
  /** What the score is made of; the weights add up to it before it is cut to 0 … 100. */
  readonly reasons: Reason[];
}

/** Days after which a sign of intent counts half. */
export const intentHalfLifeDays = 14;

const rankPoints: Record<string, number> = { bronze: 5, silver: 10, gold: 15, diamond: 20 };
const lifecyclePoints: Record<string, number> = {
  prospect: 3,
  'first-time': 6,
  repeat: 10,
  frequent: 12,
  loyal: 12,
  'won-back': 6,
  dormant: 4,
  lost: 0,
};
const sourcePoints: Record<LeadSource, number> = {
  request: 30,
  form: 26,
  call: 26,
  campaign: 22,
  presentation: 20,
  seminar: 18,
  import: 8,
};

/**
 * Scores a lead by how well the customer fits and how much was shown to be wanted; intent fades, halving every {@link
 * intentHalfLifeDays} days.
 */
export function scoreLead(facts: ScoreFacts, asOf: Date): LeadScore {
  const reasons: Reason[] = [];
  const add = (code: string, text: string, weight: number): void => {
    if (weight !== 0) reasons.push({ code, text, weight });
  };
  add('category', `Customer category ${facts.category}`, facts.category === 'consumer' ? 8 : 15);
  add('rank', `Rank ${facts.rank}`, rankPoints[facts.rank ?? ''] ?? 0);
  add('lifecycle', `Life cycle ${facts.lifecycle}`, lifecyclePoints[facts.lifecycle ?? ''] ?? 0);
  add('reachable', 'Has a phone number', facts.hasPhone ? 5 : 0);
  add('consent', 'Consented to marketing', facts.marketingConsent ? 5 : 0);
  add('industry', 'Industry or field is known', facts.industryKnown ? 3 : 0);
  add(
    'open_complaint',
    `Open severe complaints: ${facts.openSevereComplaints}`,
    facts.openSevereComplaints > 0 ? -20 : 0,
  );

  const intent: [string, string, number][] = [
    ['source', `Came by ${facts.source}`, sourcePoints[facts.source]],
    ['interest', 'Said what is wanted', facts.interest ? 10 : 0],
    ['responses', `Answers in 90 days: ${facts.recentResponses}`, Math.min(10, facts.recentResponses * 5)],
  ];
  const days = Math.max(0, (asOf.getTime() - facts.lastIntentAt.getTime()) / 86_400_000);
  const left = 0.5 ** (days / intentHalfLifeDays);
  const fresh = intent.reduce((sum, [, , weight]) => sum + weight, 0);
  intent.forEach(([code, text, weight]) => add(code, text, weight));
  add('decay', `Last sign of intent ${Math.floor(days)} days ago`, Math.round(fresh * left) - fresh);

  const total = reasons.reduce((sum, reason) => sum + reason.weight, 0);
  return { score: Math.max(0, Math.min(100, total)), reasons };
}
