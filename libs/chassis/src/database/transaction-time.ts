import { begunAt, type Transaction } from '@quen/messaging';

/** When the transaction began, by the database's clock. */
export function transactionTime(tx: Transaction): Promise<Date> {
  return Promise.resolve(begunAt(tx));
}
