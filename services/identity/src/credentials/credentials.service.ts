import { Injectable } from '@nestjs/common';
import { Database } from '@quen/chassis';
import { defineProblem, type Transaction } from '@quen/messaging';
import { BrakesService, type Brake } from './brakes.service.js';
import { hashPassword, verifyPassword } from './password.js';
import { passwordFault as faultOf, type PasswordFault } from './password.rules.js';

/** Why a sign-in did not succeed. */
export type SignInRefusal = 'wrong' | 'throttled' | 'change_required' | PasswordFault;

/** A signed-in member of staff, or why not, and for how long no attempt is heard. */
export type SignInOutcome = { staffId: string } | { refused: SignInRefusal; seconds?: number };

export const passwordWrong = defineProblem('unprocessable', 'password_wrong', {
  en: 'The present password is wrong.',
  vi: 'Mật khẩu hiện tại không đúng.',
});
export const passwordWeak = defineProblem('unprocessable', 'password_weak', {
  en: 'The password must have 10 to 200 characters and differ from the present one and from the sign-in name.',
  vi: 'Mật khẩu phải có từ 10 đến 200 ký tự, khác mật khẩu hiện tại và khác tên đăng nhập.',
});
export const passwordCommon = defineProblem('unprocessable', 'password_common', {
  en: 'This password is among the first that are guessed: common words, dates, names or runs of keys. Choose a longer or less usual one.',
  vi: 'Mật khẩu này dễ bị đoán: từ thông dụng, ngày tháng, tên hoặc dãy phím. Hãy chọn mật khẩu dài hơn hoặc khác thường hơn.',
});
export const tooManyAttempts = defineProblem('too_many', 'too_many_attempts', {
  en: 'Too many wrong attempts. Try again in a few minutes.',
  vi: 'Đã sai quá nhiều lần. Hãy thử lại sau ít phút.',
});

const nameBrake = (name: string): Brake => ({ key: `name:${name}`, free: 5 });
const addressBrake = (address: string): Brake => ({ key: `address:${address}`, free: 50 });

/** Passwords of staff: signing in, setting, changing; guessing is slowed down. */
@Injectable()
export class CredentialsService {
  private readonly turns = new Map<string, Promise<unknown>>();

  constructor(
    private readonly database: Database,
    private readonly brakes: BrakesService,
  ) {}

  /**
   * Checks the password of the member of staff whose sign-in name was given; nobody when the name is unknown or no
   * longer active.
   * A password that an administrator set has to be replaced by `newPassword` in the same step.
   * Only failures count, by name and by address, for an office signs in from one. Attempts for one name are taken in
   * turn, so that many at once cannot
   * slip through; what was under way when the address was stopped is refused, right or wrong.
   */
  signIn(
    staffId: string | undefined,
    name: string,
    password: string,
    address: string,
    newPassword?: string,
  ): Promise<SignInOutcome> {
    return this.inTurn(name, () => this.attempt(staffId, name, password, address, newPassword));
  }

  private async attempt(
    staffId: string | undefined,
    name: string,
    password: string,
    address: string,
    newPassword?: string,
  ): Promise<SignInOutcome> {
    const [byName, byAddress] = [nameBrake(name), addressBrake(address)];
    const seconds = await this.secondsToWait(byName, byAddress);
    if (seconds) return { refused: 'throttled', seconds };
    const stored = staffId === undefined ? undefined : await this.stored(staffId);
    const right = await verifyPassword(stored?.password_hash ?? null, password.slice(0, 200));
    const heard = right
      ? !(await this.brakes.wait(byAddress))
      : (await this.brakes.count(byAddress)) && (await this.brakes.count(byName));
    if (!heard) return { refused: 'throttled', seconds: await this.secondsToWait(byName, byAddress) };
    if (!right || staffId === undefined || !stored) return { refused: 'wrong' };
    await this.brakes.forgive(byName);
    if (!stored.temporary) return { staffId };
    if (newPassword === undefined) return { refused: 'change_required' };
    const refused = newPassword === password ? 'weak' : faultOf(newPassword, name);
    if (refused) return { refused };
    const hash = await hashPassword(newPassword);
    await this.database.elevated((tx) => this.store(tx, staffId, hash, false));
    return { staffId };
  }

  /** An administrator sets a password that its owner must change at the next sign-in. Ends the owner's sessions. */
  async setTemporary(tx: Transaction, staffId: string, loginName: string, password: string): Promise<void> {
    refuseFault(faultOf(password, loginName));
    await this.store(tx, staffId, await hashPassword(password), true);
    await this.endSessions(tx, staffId);
  }

  /** Staff replace their own password. Ends their sessions everywhere. */
  change(staffId: string, loginName: string, present: string, next: string): Promise<void> {
    const brake = nameBrake(loginName);
    return this.inTurn(loginName, async () => {
      const seconds = await this.brakes.wait(brake);
      if (seconds) throw tooManyAttempts({ seconds });
      const stored = await this.stored(staffId);
      if (!(await verifyPassword(stored?.password_hash ?? null, present))) {
        await this.brakes.count(brake);
        throw passwordWrong();
      }
      await this.brakes.forgive(brake);
      refuseFault(next === present ? 'weak' : faultOf(next, loginName));
      const hash = await hashPassword(next);
      await this.database.transaction(async (tx) => {
        await this.store(tx, staffId, hash, false);
        await this.endSessions(tx, staffId);
      });
    });
  }

  /** Ends every session, grant and refresh token. Access tokens under way live on for their ten minutes at most. */
  async endSessions(tx: Transaction, staffId: string): Promise<void> {
    await tx.query('delete from issuer_record where account_id = $1', [staffId]);
  }

  /** Runs what is done for a name after all that was begun for it before, in this process. */
  private async inTurn<T>(name: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.turns.get(name) ?? Promise.resolve()).then(work, work);
    this.turns.set(name, turn);
    try {
      return await turn;
    } finally {
      if (this.turns.get(name) === turn) this.turns.delete(name);
    }
  }

  private async secondsToWait(...brakes: Brake[]): Promise<number> {
    return Math.max(...(await Promise.all(brakes.map((brake) => this.brakes.wait(brake)))));
  }

  private stored(staffId: string): Promise<{ password_hash: string; temporary: boolean } | undefined> {
    return this.database.elevated(async (tx) => {
      const rows = await tx.query<{ password_hash: string; temporary: boolean }[]>(
        'select password_hash, temporary from credential where staff_id = $1',
        [staffId],
      );
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

/** @throws Problem password_weak or password_common */
function refuseFault(fault: PasswordFault | undefined): void {
  if (fault) throw fault === 'weak' ? passwordWeak() : passwordCommon();
}
