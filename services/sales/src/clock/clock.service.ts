import { Injectable } from '@nestjs/common';
import type { Transaction } from '@quen/messaging';
import { SalesConfig } from '../sales.config.js';

/** A moment as the database tells it. */
export interface Moment {
  at: Date;
  /** The firm's civil day. */
  today: string;
}

/** The time of a use case: the database's, so that all processes agree, and the day where the firm is. */
@Injectable()
export class Clock {
  constructor(private readonly config: SalesConfig) {}

  /** When the transaction began. */
  async now(tx: Transaction): Promise<Moment> {
    const [row]: Moment[] = await tx.query(`select now() as at, ((now() at time zone $1)::date)::text as today`, [this.config.TIME_ZONE]);
    if (!row) throw new Error('The database does not tell the time');
    return row;
  }
}
