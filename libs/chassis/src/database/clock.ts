import { Injectable } from '@nestjs/common';
import type { Transaction } from '@quen/messaging';
import { ServiceConfig } from '../config/service.config.js';
import { civilDay } from '../time/civil-day.js';
import { transactionTime } from './transaction-time.js';

/** A moment as the database tells it. */
export interface Moment {
  at: Date;
  /** The firm's civil day, `YYYY-MM-DD`. */
  today: string;
  /** The firm's IANA zone. */
  zone: string;
}

/** The time of a use case: the database's, so that all processes agree, and the day where the firm is. */
@Injectable()
export class Clock {
  constructor(private readonly config: ServiceConfig) {}

  /** The firm's IANA zone. */
  get zone(): string {
    return this.config.TIME_ZONE;
  }

  /** When the transaction began. */
  async now(tx: Transaction): Promise<Moment> {
    const at = await transactionTime(tx);
    return { at, today: this.dayOf(at), zone: this.zone };
  }

  /** The firm's civil day that an instant lies in, as SQL `quen_day` tells it. */
  dayOf(at: Date): string {
    return civilDay(at, this.zone);
  }
}
