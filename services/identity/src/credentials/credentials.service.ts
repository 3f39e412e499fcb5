import { Injectable } from '@nestjs/common';
import { Database, Every } from '@quen/chassis';
import { defineProblem, type Transaction } from '@quen/messaging';
import { hashPassword, verifyPassword } from './password.js';
import { acceptablePassword } from './password.rules.js';

/** Why a sign-in did not succeed. */
export type SignInRefusal = 'wrong' | 'throttled' | 'change_required' | 'weak';

/** A signed-in member of staff, or why not. */
export type SignInOutcome = { staffId: string } | { refused: SignInRefusal };

export const passwordWrong = defineProblem('unprocessable', 'password_wrong', {
  en: 'The present password is wrong.',
  vi: 'Mật khẩu hiện tại không đúng.',
});
export const passwordWeak = defineProblem('unprocessable', 'password_weak', {
  en: 'The password must have 10 to 200 characters and differ from the present one and from the sign-in name.',
  vi: 'Mật khẩu phải có từ 10 đến 200 ký tự, khác mật khẩu hiện tại và khác tên đăng nhập.',
});
export const tooManyAttempts = defineProblem('too_many', 'too_many_attempts', {
  en: 'Too many wrong attempts. Try again in a few minutes.',
  vi: 'Đã sai quá nhiều lần. Hãy thử lại sau ít phút.',
});

/** Wrong attempts that are free before waiting begins. */
const free = { name: 5, address: 50 };

/** Passwords of staff: signing in, setting, changing; attempts are counted and slowed down. */
@Injectable()
export class CredentialsService {
  constructor(private readonly database: Database) {}

  /**
   * Checks the password of the member of staff whose sign-in name was given; nobody when the name is unknown or no longer active.
   * A password that an administrator set has to be replaced by `newPassword` in the same step.
   */
  async signIn(staffId: string | undefined, name: string, password: string, address: string, newPassword?: string): Promise<SignInOutcome> {
    if (!(await this.attempt([`name:${name}`, free.name], [`address:${address}`, free.address]))) return { refused: 'throttled' };
    const stored = staffId === undefined ? undefined : await this.stored(staffId);
    const right = await verifyPassword(stored?.password_hash ?? null, password.slice(0, 200));
    if (!right || staffId === undefined || !stored) return { refused: 'wrong' };
    await this.forgive(`name:${name}`);
    if (!stored.temporary) return { staffId };
    if (newPassword === undefined) return { refused: 'change_required' };
    if (newPassword === password || !acceptablePassword(newPassword, name)) return { refused: 'weak' };
    const hash = await hashPassword(newPassword);
    await this.database.transaction((tx) => this.store(tx, staffId, hash, false));
    return { staffId };
  }

  /** An administrator sets a password that its owner must change at the next sign-in. Ends the owner's sessions. */
  async setTemporary(tx: Transaction, staffId: string, loginName: string, password: string): Promise<void> {
    if (!acceptablePassword(password, loginName)) throw passwordWeak();
    await this.store(tx, staffId, await hashPassword(password), true);
    await this.endSessions(tx, staffId);
  }

  /** Staff replace their own password. Ends their sessions everywhere. */
  async change(staffId: string, loginName: string, present: string, next: string): Promise<void> {
    if (!(await this.attempt([`name:${loginName}`, free.name]))) throw tooManyAttempts();
    const stored = await this.stored(staffId);
    if (!(await verifyPassword(stored?.password_hash ?? null, present))) throw passwordWrong();
    if (next === present || !acceptablePassword(next, loginName)) throw passwordWeak();
    await this.forgive(`name:${loginName}`);
    const hash = await hashPassword(next);
    await this.database.transaction(async (tx) => {
      await this.store(tx, staffId, hash, false);
      await this.endSessions(tx, staffId);
    });
  }

  /** Ends every session, grant and refresh token. Access tokens under way live on for their ten minutes at most. */
  async endSessions(tx: Transaction, staffId: string): Promise<void> {
    await tx.query('delete from issuer_record where account_id = $1', [staffId]);
  }

  /** Forgets attempts that no longer count. */
  @Every('PT1H', 'sign-in-attempts')
  async forgetOldAttempts(): Promise<void> {
    await this.database.transaction((tx) => tx.query(`delete from sign_in_attempt where last_at < now() - interval '1 day'`));
  }

  /**
   * Counts an attempt before the password is looked at, so that many at once cannot slip through.
   * From the last free one on, each doubles the wait: 30 s up to 15 min. Nothing is counted while waiting.
   */
  private attempt(...keys: [key: string, free: number][]): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      for (const [key, allowed] of keys) {
        const counted = await tx.query<unknown[]>(
          `insert into sign_in_attempt as a (key, attempts, last_at, blocked_until) values ($1, 1, now(), now())
           on conflict (key) do update set
             attempts = case when a.last_at < now() - interval '1 hour' then 1 else a.attempts + 1 end,
             last_at = now(),
             blocked_until = case when a.last_at < now() - interval '1 hour' or a.attempts + 1 < $2 then now()
               else now() + make_interval(secs => least(900, 30 * power(2, least(a.attempts + 1 - $2, 10)))) end
             where a.blocked_until <= now()
           returning 1`,
          [key, allowed],
        );
        if (counted.length === 0) return false;
      }
      return true;
    });
  }

  private async forgive(key: string): Promise<void> {
    await this.database.transaction((tx) => tx.query('delete from sign_in_attempt where key = $1', [key]));
  }

  private stored(staffId: string): Promise<{ password_hash: string; temporary: boolean } | undefined> {
    return this.database.transaction(async (tx) => {
      const rows = await tx.query<{ password_hash: string; temporary: boolean }[]>('select password_hash, temporary from credential where staff_id = $1', [staffId]);
      return rows[0];
    });
  }

  private async store(tx: Transaction, staffId: string, hash: string, temporary: boolean): Promise<void> {
    await tx.query(
      `insert into credential (staff_id, password_hash, temporary) values ($1, $2, $3)
       on conflict (staff_id) do update set password_hash = excluded.password_hash, temporary = excluded.temporary, changed_at = now()`,
      [staffId, hash, temporary],
    );
  }
}
