import type { DataSource } from 'typeorm';
import { begunAt, type Transaction } from '@quen/messaging';
import { civilDay, defaultZone } from './civil-day.js';

/** The time of a use case: the database's, so that all processes agree, and the day where the firm is. */
export interface Moment {
  /** When the transaction began; SQL `now()` says the same. */
  readonly at: Date;
  /** The firm's civil day, `YYYY-MM-DD`; SQL `quen_today()` says the same. */
  readonly today: string;
  /** The firm's IANA zone (`TIME_ZONE`); SQL `quen_zone()` says the same. */
  readonly zone: string;
}

const zones = new WeakMap<DataSource, string>();
const moments = new WeakMap<Transaction, Moment>();

/** Notes where the firm is whose database this is. */
export function noteZone(dataSource: DataSource, zone: string): void {
  zones.set(dataSource, zone);
}

/**
 * The moment of a transaction, which came with the statement that opened it. It is the time for all that the use case
 * stores or decides, and stays the same until its end.
 */
export function momentOf(tx: Transaction): Moment {
  let moment = moments.get(tx);
  if (!moment) {
    const at = begunAt(tx);
    const zone = zones.get(tx.connection) ?? defaultZone;
    moment = { at, today: civilDay(at, zone), zone };
    moments.set(tx, moment);
  }
  return moment;
}
