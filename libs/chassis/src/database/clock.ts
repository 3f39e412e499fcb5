import { Injectable } from '@nestjs/common';
import type { Transaction } from '@quen/messaging';
import { ServiceConfig } from '../config/service.config.js';
import { civilDay } from '../time/civil-day.js';
import { momentOf, type Moment } from '../time/moment.js';

/** The time of a use case: the database's, so that all processes agree, and the day where the firm is. */
@Injectable()
export class Clock {
  constructor(private readonly config: ServiceConfig) {}

  /** The firm's IANA zone. */
  get zone(): string {
    return this.config.TIME_ZONE;
  }

  /** When the transaction began. */
  now(tx: Transaction): Promise<Moment> {
    return Promise.resolve(momentOf(tx));
  }

  /** The firm's civil day that an instant lies in, as SQL `quen_day` tells it. */
  dayOf(at: Date): string {
    return civilDay(at, this.zone);
  }
}
