import { Injectable } from '@nestjs/common';
import { Database, find, lock, momentOf, page, type Page, type ParsedList, type Principal } from '@quen/chassis';
import { defineProblem, Events, newId, type Transaction } from '@quen/messaging';
import { BranchesService } from '../branches/branches.service.js';
import { CredentialsService } from '../credentials/credentials.service.js';
import { DepartmentsService } from '../departments/departments.service.js';
import type { ChangePassword, ChangeStaff, ReportAbsence, TakeOnStaff } from './staff.dto.js';
import { Staff } from './staff.entity.js';
import { staffList } from './staff.list.js';

export const loginNameTaken = defineProblem('conflict', 'login_name_taken', {
  en: 'Another member of staff signs in as {loginName}.',
  vi: 'Tên đăng nhập {loginName} đã có người dùng.',
});
export const staffCodeTaken = defineProblem('conflict', 'staff_code_taken', {
  en: 'Another member of staff has the number {code}.',
  vi: 'Mã nhân viên {code} đã có người dùng.',
});
export const lastAdministrator = defineProblem('conflict', 'last_administrator', {
  en: 'The last active administrator must stay one.',
  vi: 'Phải còn ít nhất một quản trị viên đang hoạt động.',
});
export const substituteUnknown = defineProblem('unprocessable', 'substitute_unknown', {
  en: 'Whoever stands in must be an active member of staff.',
  vi: 'Người làm thay phải là nhân viên đang hoạt động.',
});
export const notOwnPassword = defineProblem('forbidden', 'not_own_password', {
  en: "Only one's own password can be changed here.",
  vi: 'Chỉ được đổi mật khẩu của chính mình.',
});

/** Sign-in names do not tell case, width or composition of letters apart. */
export const normalLoginName = (name: string): string => name.trim().normalize('NFKC').toLowerCase().slice(0, 200);

/** The people who work for the firm. */
@Injectable()
export class StaffService {
  constructor(
    private readonly database: Database,
    private readonly events: Events,
    private readonly branches: BranchesService,
    private readonly departments: DepartmentsService,
    private readonly credentials: CredentialsService,
  ) {}

  takeOn(body: TakeOnStaff): Promise<Staff> {
    return this.database.transaction(async (tx) => {
      const loginName = normalLoginName(body.loginName ?? body.email ?? '');
      await this.mustBeFree(tx, undefined, loginName, body.code);
      await this.branches.mustBeOpen(tx, body.branchId);
      if (body.departmentId) await this.departments.inUse(tx, body.departmentId);
      const { staff, event } = Staff.join(newId(), { ...body, loginName });
      return this.save(tx, staff, event);
    });
  }

  list(query: ParsedList): Promise<Page<Staff>> {
    return this.database.read((tx) => page(tx, staffList, query));
  }

  get(id: string): Promise<Staff> {
    return this.database.read((tx) => find(tx, Staff, id));
  }

  change(id: string, version: number, body: ChangeStaff): Promise<Staff> {
    return this.database.transaction(async (tx) => {
      const staff = await lock(tx, Staff, id, version);
      const loginName = body.loginName === undefined ? undefined : normalLoginName(body.loginName);
      await this.mustBeFree(tx, id, loginName, body.code);
      if (body.branchId && body.branchId !== staff.branchId) await this.branches.mustBeOpen(tx, body.branchId);
      if (body.departmentId && body.departmentId !== staff.departmentId)
        await this.departments.inUse(tx, body.departmentId);
      if (body.roles && !body.roles.includes('administrator')) await this.keepAnAdministrator(tx, staff);
      staff.change({ ...body, ...(loginName === undefined ? {} : { loginName }) });
      return this.save(tx, staff);
    });
  }

  reportAbsence(id: string, version: number, body: ReportAbsence): Promise<Staff> {
    return this.database.transaction(async (tx) => {
      const staff = await lock(tx, Staff, id, version);
      const event = staff.goAway(body.from, body.until ?? null, body.substituteId ?? null);
      if (body.substituteId && !(await tx.existsBy(Staff, { id: body.substituteId, active: true })))
        throw substituteUnknown();
      return this.save(tx, staff, event);
    });
  }

  endAbsence(id: string, version: number): Promise<Staff> {
    return this.database.transaction(async (tx) => {
      const staff = await lock(tx, Staff, id, version);
      staff.comeBack();
      return this.save(tx, staff);
    });
  }

  /** Leaving ends every session; access tokens under way live on for ten minutes at most. */
  deactivate(id: string, version: number): Promise<Staff> {
    return this.database.transaction(async (tx) => {
      const staff = await lock(tx, Staff, id, version);
      await this.keepAnAdministrator(tx, staff);
      const event = staff.leave(momentOf(tx).at);
      await this.credentials.endSessions(tx, id);
      return this.save(tx, staff, event);
    });
  }

  reactivate(id: string, version: number): Promise<Staff> {
    return this.database.transaction(async (tx) => {
      const staff = await lock(tx, Staff, id, version);
      await this.branches.mustBeOpen(tx, staff.branchId);
      return this.save(tx, staff, staff.rejoin());
    });
  }

  /** An administrator's password for someone, good for one sign-in. */
  setPassword(id: string, password: string): Promise<void> {
    return this.database.transaction(async (tx) => {
      const staff = await find(tx, Staff, id);
      await this.credentials.setTemporary(tx, id, staff.loginName, password);
    });
  }

  async changePassword(user: Principal, id: string, body: ChangePassword): Promise<void> {
    if (user.subject !== id) throw notOwnPassword();
    const staff = await this.get(id);
    await this.credentials.change(id, staff.loginName, body.present, body.next);
  }

  /** Who signs in with this name; nobody when unknown or no longer active. */
  async activeByLoginName(loginName: string): Promise<string | undefined> {
    const staff = await this.database.elevated((tx) => tx.findOneBy(Staff, { loginName, active: true }));
    return staff?.id;
  }

  /** What tokens say of an active member of staff. */
  tokenSubject(
    id: string,
  ): Promise<{ id: string; name: string; roles: string[]; branch: string; department?: string } | undefined> {
    return this.database.elevated(async (tx) => {
      const staff = await tx.findOneBy(Staff, { id, active: true });
      if (!staff) return undefined;
      const department = await this.departments.codeOf(tx, staff.departmentId);
      return {
        id,
        name: staff.displayName,
        roles: staff.roles,
        branch: staff.branchId,
        ...(department ? { department } : {}),
      };
    });
  }

  private async save(tx: Transaction, staff: Staff, ...facts: object[]): Promise<Staff> {
    await tx.save(staff);
    await this.events.publish(tx, staff, ...facts, staff.state(await this.departments.codeOf(tx, staff.departmentId)));
    return staff;
  }

  private async mustBeFree(
    tx: Transaction,
    id: string | undefined,
    loginName: string | undefined,
    code: string | null | undefined,
  ): Promise<void> {
    const taken = await tx.query<{ login: boolean }[]>(
      'select login_name is not distinct from $2 as login from staff where id is distinct from $1 and (login_name = $2 or code = $3)',
      [id ?? null, loginName ?? null, code ?? null],
    );
    if (taken.some((row) => row.login)) throw loginNameTaken({ loginName: loginName ?? null });
    if (taken.length > 0) throw staffCodeTaken({ code: code ?? null });
  }

  private async keepAnAdministrator(tx: Transaction, staff: Staff): Promise<void> {
    if (!staff.active || !staff.roles.includes('administrator')) return;
    // One at a time, or the last two could go together.
    await tx.query(`select pg_advisory_xact_lock(hashtextextended(current_schema() || '.administrators', 0))`);
    const [row] = await tx.query<{ others: boolean }[]>(
      `select exists (select from staff where active and 'administrator' = any(roles) and id <> $1) as others`,
      [staff.id],
    );
    if (!row?.others) throw lastAdministrator();
  }
}
