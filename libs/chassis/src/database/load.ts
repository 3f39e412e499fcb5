import type { EntityMetadata, ObjectLiteral } from 'typeorm';
import type { Transaction } from '@quen/messaging';
import { notFound, notKnownHereYet, staleVersion } from '../problems/problems.js';
import { scopePredicate } from './scope.js';

/**
 * Loads one aggregate for a change: locked until the transaction ends, inside the caller's scope.
 * @param version the version that the caller last saw (from If-Match); left out where there is none to compare
 * @throws Problem not_found when it is missing or outside the scope, stale_version when it has another version
 */
export async function lock<E extends ObjectLiteral>(
  tx: Transaction,
  entity: new () => E,
  id: string,
  version?: number,
): Promise<E> {
  const found = await load(tx, entity, id, true);
  if (version !== undefined && (found as { version?: number }).version !== version) {
    throw staleVersion({ currentVersion: Number((found as { version?: number }).version) });
  }
  return found;
}

/** Loads one aggregate inside the caller's scope. @throws Problem not_found when it is missing or outside the scope */
export async function find<E extends ObjectLiteral>(tx: Transaction, entity: new () => E, id: string): Promise<E> {
  return load(tx, entity, id, false);
}

/**
 * Finds the replica of a record of another service that a request refers to.
 * @throws Problem not_known_here_yet when it has not arrived, or lies outside the scope
 */
export async function findReferred<E extends ObjectLiteral>(
  tx: Transaction,
  entity: new () => E,
  id: string,
): Promise<E> {
  try {
    return await find(tx, entity, id);
  } catch (error) {
    throw notFound.is(error) ? notKnownHereYet(error.params) : error;
  }
}

async function load<E extends ObjectLiteral>(
  tx: Transaction,
  entity: new () => E,
  id: string,
  locked: boolean,
): Promise<E> {
  const metadata = tx.connection.getMetadata(entity);
  const [key] = metadata.primaryColumns;
  if (!key) throw new Error(`${metadata.name} has no primary key`);
  const query = tx.createQueryBuilder(entity, 'e').where(`e.${key.propertyName} = :id`, { id });
  const scope = scopePredicate(tx, metadata);
  if (scope) query.andWhere(scope.sql);
  if (locked) query.setLock('pessimistic_write');
  const found = await query.getOne();
  if (!found) throw notFound({ what: displayName(metadata), id });
  return found;
}

/** `QuoteLine` → `quote line`. */
function displayName(metadata: EntityMetadata): string {
  return metadata.targetName.replace(/(?<=.)[A-Z]/g, ' $&').toLowerCase();
}
