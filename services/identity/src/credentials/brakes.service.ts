import { Injectable } from '@nestjs/common';
import { Database, Every } from '@quen/chassis';

/** What is counted, of which so many failures are free. */
export interface Brake {
  readonly key: string;
  readonly free: number;
}

/**
 * Failures at proving who one is, counted by name, address or client and answered with a wait, for all processes
 * together.
 */
@Injectable()
export class BrakesService {
  constructor(private readonly database: Database) {}

  /** Seconds that are still to be waited; 0 when none are. */
  async wait({ key }: Brake): Promise<number> {
    const rows = await this.database.transaction((tx) =>
      tx.query<{ seconds: number }[]>(
        'select ceil(extract(epoch from blocked_until - clock_timestamp()))::int as seconds from sign_in_attempt where key = $1 and blocked_until > clock_timestamp()',
        [key],
      ),
    );
    return rows[0]?.seconds ?? 0;
  }

  /**
   * Counts a failure. From the last free one on, each doubles the wait: 30 s up to 15 min. In an hour as many are
   * forgotten as are free,
   * bit by bit, so that what an office mistypes in a day does not add up. Nothing is counted while waiting.
   * @returns whether there was nothing to wait for
   */
  async count({ key, free }: Brake): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      await tx.query(
        `insert into sign_in_attempt (key, attempts, last_at, blocked_until) values ($1, 0, clock_timestamp(), '-infinity') on conflict (key) do nothing`,
        [key],
      );
      const counted = await tx.query<unknown[]>(
        `with present as (
           select key, 1 + greatest(0, attempts - $2 * extract(epoch from clock_timestamp() - last_at) / 3600) as attempts
           from sign_in_attempt where key = $1 and blocked_until <= clock_timestamp() for update
         ), counted as (
           update sign_in_attempt set attempts = present.attempts, last_at = clock_timestamp(), blocked_until = case
             when round(present.attempts) < $2 then '-infinity' else clock_timestamp() + make_interval(secs => least(900, 30 * power(2, least(round(present.attempts) - $2, 10)))) end
           from present where sign_in_attempt.key = present.key returning 1
         ) select 1 from counted`,
        [key, free],
      );
      return counted.length > 0;
    });
  }

  /** Forgets what was counted: whoever it was proved to be the right one. */
  async forgive({ key }: Brake): Promise<void> {
    await this.database.transaction((tx) => tx.query('delete from sign_in_attempt where key = $1', [key]));
  }

  /** Forgets what no longer counts. */
  @Every('PT1H', 'sign-in-attempts')
  async forgetOld(): Promise<void> {
    await this.database.transaction((tx) =>
      tx.query(`delete from sign_in_attempt where last_at < now() - interval '1 day'`),
    );
  }
}
