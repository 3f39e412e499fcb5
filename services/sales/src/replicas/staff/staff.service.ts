import { Injectable } from '@nestjs/common';
import { notKnownHereYet, rows, type Principal } from '@quen/chassis';
import { defineProblem, type Transaction } from '@quen/messaging';

export const staffUnknown = defineProblem('unprocessable', 'staff_unknown', {
  en: 'There is no active member of staff {id} within your reach.',
  vi: 'Không có nhân viên đang làm việc nào có mã {id} trong phạm vi của bạn.',
});

/** Who a record belongs to. */
export interface Ownership {
  ownerId: string;
  branchId: string;
}

/** Members of staff as sales knows them from the replica. */
@Injectable()
export class StaffService {
  /**
   * Who a new record belongs to: the one who was named, else the seller who enters it, else the customer's own seller.
   * That the caller may give it to somebody is decided by row-level security when it is written.
   * @throws Problem not_known_here_yet, staff_unknown for somebody who has left or is out of the caller's reach
   */
  async ownership(
    tx: Transaction,
    caller: Principal,
    customer: { branchId: string; ownerId: string | null },
    named?: string,
  ): Promise<Ownership> {
    if (named && named !== caller.subject) return this.assignment(tx, named);
    if (caller.scope === 'own' || named || !customer.ownerId)
      return { ownerId: caller.subject, branchId: caller.branchId ?? customer.branchId };
    return { ownerId: customer.ownerId, branchId: customer.branchId };
  }

  /**
   * A named member of staff, still there and within the caller's reach, with the branch. @throws Problem
   * not_known_here_yet, staff_unknown
   */
  async assignment(tx: Transaction, id: string): Promise<Ownership> {
    const [found] = await rows<{ branchId: string; fits: boolean }>(
      tx,
      `select branch_id, active and (quen_scope() = 'all' or branch_id = any(quen_branches())) as fits from staff where id = $1`,
      [id],
    );
    if (!found) throw notKnownHereYet({ what: 'member of staff', id });
    if (!found.fits) throw staffUnknown({ id });
    return { ownerId: id, branchId: found.branchId };
  }

  /** Whether a member of staff of this branch has to do with records of that one: it is the same, or lies below. */
  async serves(tx: Transaction, staffBranch: string, recordBranch: string): Promise<boolean> {
    if (staffBranch === recordBranch) return true;
    const found = await rows<object>(
      tx,
      `select 1 from branch above join branch below on starts_with(below.path, above.path || '.') where above.id = $1 and below.id = $2`,
      [staffBranch, recordBranch],
    );
    return found.length > 0;
  }

  /** Name of a member of staff, also of one who has left. */
  async nameOf(tx: Transaction, id: string | null): Promise<string | null> {
    const [found] = id
      ? await rows<{ name: string }>(tx, 'select display_name as name from staff where id = $1', [id])
      : [];
    return found?.name ?? null;
  }
}
