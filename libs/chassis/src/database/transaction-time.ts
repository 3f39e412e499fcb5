import type { Transaction } from '@quen/messaging';

const times = new WeakMap<Transaction, Promise<Date>>();

/**
 * When the transaction began, by the database's clock: the time for whatever a use case stores or decides, as
 * processes' own clocks may be off.
 * Asked for once a transaction, however often it is called.
 */
export function transactionTime(tx: Transaction): Promise<Date> {
  const known = times.get(tx);
  if (known) return known;
  const asked = tx.query<{ at: Date }[]>('select now() as at').then(([row]) => row!.at);
  times.set(tx, asked);
  return asked;
}
