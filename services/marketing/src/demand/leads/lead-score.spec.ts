import { scoreLead, type ScoreFacts } from './lead-score.js';

const now = new Date('2026-03-31T00:00:00Z');
const facts: ScoreFacts = {
  category: 'consumer',
  rank: 'silver',
  lifecycle: 'repeat',
  hasPhone: true,
  marketingConsent: true,
  industryKnown: false,
  openSevereComplaints: 0,
  source: 'campaign',
  interest: 'Máy lọc nước',
  recentResponses: 1,
  lastIntentAt: now,
};
const daysAgo = (days: number): Date => new Date(now.getTime() - days * 86_400_000);

describe('lead score', () => {
  it('adds fit and intent, and says why', () => {
    const { score, reasons } = scoreLead(facts, now);
    expect(score).toBe(8 + 10 + 10 + 5 + 5 + 22 + 10 + 5);
    expect(reasons.map((reason) => reason.code)).toEqual([
      'category',
      'rank',
      'lifecycle',
      'reachable',
      'consent',
      'source',
      'interest',
      'responses',
    ]);
  });

  it('weights add up to the score', () => {
    for (const change of [{}, { lastIntentAt: daysAgo(9) }, { rank: null, interest: null }]) {
      const { score, reasons } = scoreLead({ ...facts, ...change }, now);
      expect(reasons.reduce((sum, reason) => sum + reason.weight, 0)).toBe(score);
    }
  });

  it('halves intent in 14 days and forgets it in the end', () => {
    expect(scoreLead({ ...facts, lastIntentAt: daysAgo(14) }, now).score).toBe(38 + Math.round(37 / 2));
    expect(scoreLead({ ...facts, lastIntentAt: daysAgo(365) }, now).score).toBe(38);
  });

  it('counts a request above an import', () => {
    expect(scoreLead({ ...facts, source: 'request' }, now).score).toBeGreaterThan(
      scoreLead({ ...facts, source: 'import' }, now).score,
    );
  });

  it('takes points for an open severe complaint and never leaves 0 … 100', () => {
    expect(scoreLead({ ...facts, openSevereComplaints: 1 }, now).score).toBe(scoreLead(facts, now).score - 20);
    const least = {
      ...facts,
      category: 'consumer',
      rank: null,
      lifecycle: 'lost',
      hasPhone: false,
      marketingConsent: false,
      openSevereComplaints: 3,
      interest: null,
      recentResponses: 0,
      source: 'import' as const,
    };
    expect(scoreLead(least, now).score).toBe(0);
    expect(
      scoreLead(
        {
          ...facts,
          category: 'commercial-oem',
          rank: 'diamond',
          lifecycle: 'loyal',
          industryKnown: true,
          source: 'request',
          recentResponses: 5,
        },
        now,
      ).score,
    ).toBe(100);
  });
});
