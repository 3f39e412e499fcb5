import type { CaseKind, CaseSeverity, CustomerRank } from '@quen/events';

const severityPoints: Readonly<Record<string, number>> & Record<CaseSeverity, number> = {
  low: 0,
  normal: 20,
  high: 50,
  critical: 100,
};
/** Of a rank that this version does not know yet nothing follows. */
const rankPoints: Readonly<Record<string, number>> & Record<CustomerRank, number> = {
  standard: 0,
  bronze: 10,
  silver: 20,
  gold: 35,
  diamond: 50,
};
const complaintPoints = 15;

/** One reason for a place in the queue. */
export interface PriorityPart {
  code: 'severity' | 'rank' | 'complaint';
  value: string;
  points: number;
}

/** What a case's place in the queue rests on: its severity, the customer's value, and whether it is a complaint. */
export function priorityOf(
  severity: CaseSeverity,
  rank: CustomerRank,
  kind: CaseKind,
): { points: number; parts: PriorityPart[] } {
  const parts: PriorityPart[] = [
    { code: 'severity', value: severity, points: severityPoints[severity] ?? 0 },
    { code: 'rank', value: rank, points: rankPoints[rank] ?? 0 },
    ...(kind === 'complaint' ? [{ code: 'complaint' as const, value: kind, points: complaintPoints }] : []),
  ];
  return { points: parts.reduce((sum, part) => sum + part.points, 0), parts };
}

/**
 * The same points as an SQL expression over columns, for the statement that moves a customer's open cases when the rank
 * changes.
 */
export function pointsSql(severity: string, rank: string, kind: string): string {
  const cases = (column: string, points: Record<string, number>): string =>
    `case ${column} ${Object.entries(points)
      .map(([value, each]) => `when '${value}' then ${each}`)
      .join(' ')} else 0 end`;
  return `${cases(severity, severityPoints)} + ${cases(rank, rankPoints)} + ${cases(kind, { complaint: complaintPoints })}`;
}
