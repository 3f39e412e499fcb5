import type { CaseKind, CaseSeverity, CustomerRank } from '@quen/events';

const severityPoints: Record<CaseSeverity, number> = { low: 0, normal: 20, high: 50, critical: 100 };
const rankPoints: Record<CustomerRank, number> = { standard: 0, bronze: 10, silver: 20, gold: 35, diamond: 50 };
const complaintPoints = 15;

/** One reason for a place in the queue. */
export interface PriorityPart { code: 'severity' | 'rank' | 'complaint'; value: string; points: number }

/** What a case's place in the queue rests on: its severity, the customer's value, and whether it is a complaint. */
export function priorityOf(severity: CaseSeverity, rank: CustomerRank, kind: CaseKind): { points: number; parts: PriorityPart[] } {
  const parts: PriorityPart[] = [
    { code: 'severity', value: severity, points: severityPoints[severity] },
    { code: 'rank', value: rank, points: rankPoints[rank] },
    ...(kind === 'complaint' ? [{ code: 'complaint' as const, value: kind, points: complaintPoints }] : []),
  ];
  return { points: parts.reduce((sum, part) => sum + part.points, 0), parts };
}

/** The points of ranks as SQL, for the statement that moves a customer's open cases when the rank changes. */
export const rankPointsSql = `case rank ${Object.entries(rankPoints).map(([rank, points]) => `when '${rank}' then ${points}`).join(' ')} else 0 end`;
/** The points of everything else about a case as SQL. */
export const casePointsSql = `case severity ${Object.entries(severityPoints).map(([severity, points]) => `when '${severity}' then ${points}`).join(' ')} else 0 end + case kind when 'complaint' then ${complaintPoints} else 0 end`;
