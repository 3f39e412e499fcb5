import pg from 'pg';
import type { EntityMetadata } from 'typeorm';
import { context, type Transaction } from '@quen/messaging';
import type { Predicate } from './predicate.js';

/**
 * Which rows a permission reaches: the caller's own, those of the caller's branch and the branches below it, or all.
 */
export type Scope = 'own' | 'branch' | 'all';

/** On whose behalf a transaction reads and writes. */
export interface Reach {
  readonly scope?: Scope;
  readonly subject?: string;
  readonly branchId?: string;
}

/** The service's own work: reactions, schedules, migrations. */
export const everything: Reach = { scope: 'all' };

const reaches = new WeakMap<Transaction, Reach>();

/** What the ambient caller reaches; nothing at all outside of a request and a job. */
export function callersReach(): Reach {
  const { scope, actor, branch } = context.get();
  return { scope: isScope(scope) ? scope : undefined, subject: actor, branchId: branch };
}

/** The reach of a transaction. */
export function reachOf(tx: Transaction): Reach {
  return reaches.get(tx) ?? {};
}

/** SQL that puts a reach into force until the transaction ends. */
export function reachSql(reach: Reach): string {
  const set = (name: string, value: string | undefined): string =>
    `set_config('quen.${name}', ${pg.escapeLiteral(value ?? '')}, true)`;
  return `select ${set('scope', reach.scope)}, ${set('subject', reach.subject)}, ${set('branch', reach.branchId)}`;
}

/** Notes the reach that {@link reachSql} put into force. */
export function noteReach(tx: Transaction, reach: Reach): void {
  reaches.set(tx, reach);
}

/** Puts a reach into force in a running transaction. */
export async function enterReach(tx: Transaction, reach: Reach): Promise<void> {
  await tx.query(reachSql(reach));
  noteReach(tx, reach);
}

/**
 * The condition that keeps an entity's rows inside the transaction's reach: `own` by `owner_id`, `branch` by
 * `branch_id`. It is undefined for the scope `all`, and for entities that belong to nobody (neither column). Without a
 * scope there are no rows. Row-level security says the same once more in the database.
 */
export function scopePredicate(tx: Transaction, metadata: EntityMetadata): Predicate | undefined {
  const has = (column: string): boolean => metadata.columns.some((each) => each.databaseName === column);
  const owned = has('owner_id');
  const branched = has('branch_id');
  if (!owned && !branched) return undefined;
  const nothing: Predicate = { sql: 'false', params: [] };
  switch (reachOf(tx).scope) {
    case 'all':
      return undefined;
    case 'branch':
      return branched ? { sql: 'branch_id = any(cast((select quen_branches()) as uuid[]))', params: [] } : nothing;
    case 'own':
      return owned ? { sql: 'owner_id = quen_subject()', params: [] } : nothing;
    case undefined:
      return nothing;
  }
}

function isScope(scope: string | undefined): scope is Scope {
  return scope === 'own' || scope === 'branch' || scope === 'all';
}
