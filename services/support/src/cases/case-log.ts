import { rows } from '@quen/chassis';
import { context, type Transaction } from '@quen/messaging';
import type { Case } from './case.entity.js';
import type { CaseLogEntry } from './cases.dto.js';

/** What an entry of the log is about. */
export type CaseLogKind =
  | 'opened'
  | 'assigned'
  | 'answered'
  | 'noted'
  | 'worked'
  | 'customer-wrote'
  | 'changed'
  | 'solved'
  | 'reopened'
  | 'closed'
  | 'rated'
  | 'breached';

/**
 * Adds an entry with the status and the clock as they are now. Entries are never changed: deadlines are worked out of
 * them.
 */
export async function log(
  tx: Transaction,
  of: Case,
  kind: CaseLogKind,
  at: Date,
  text?: string,
  data: object = {},
  minutes?: number,
): Promise<void> {
  const { actor, actorName } = actorOf();
  await tx.query(
    'insert into case_log (case_id, at, kind, actor, actor_name, status, running, text, data, minutes) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)',
    [of.id, at, kind, actor, actorName, of.status, of.running, text ?? null, JSON.stringify(data), minutes ?? null],
  );
}

/** The log of a case from its beginning. */
export function logOf(tx: Transaction, caseId: string): Promise<CaseLogEntry[]> {
  return rows<CaseLogEntry>(
    tx,
    'select n, at, kind, actor_name, status, running, text, minutes from case_log where case_id = $1 order by n',
    [caseId],
  );
}

function actorOf(): { actor: string | null; actorName: string | null } {
  const { actor } = context.get();
  return /^[0-9a-f-]{36}$/i.test(actor ?? '')
    ? { actor: actor ?? null, actorName: null }
    : { actor: null, actorName: actor ?? null };
}
