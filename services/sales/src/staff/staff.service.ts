import { Injectable } from '@nestjs/common';
import { notKnownHereYet, type Principal } from '@quen/chassis';
import { defineProblem, type Transaction } from '@quen/messaging';

export const staffUnknown = defineProblem('unprocessable', 'staff_unknown', { en: 'There is no active member of staff {id}.', vi: 'Không có nhân viên đang làm việc nào có mã {id}.' });

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
   * @throws Problem not_known_here_yet, staff_unknown for somebody who has left
   */
  async ownership(tx: Transaction, caller: Principal, customer: { branchId: string; ownerId: string | null }, named?: string): Promise<Ownership> {
    if (named && named !== caller.subject) return this.assignment(tx, named);
    if (caller.scope === 'own' || named || !customer.ownerId) return { ownerId: caller.subject, branchId: caller.branchId ?? customer.branchId };
    return { ownerId: customer.ownerId, branchId: customer.branchId };
  }

  /** A named member of staff with the branch. @throws Problem not_known_here_yet, staff_unknown for somebody who has left */
  async assignment(tx: Transaction, id: string): Promise<Ownership> {
    const [found]: { branchId: string; active: boolean }[] = await tx.query('select branch_id as "branchId", active from staff where id = $1', [id]);
    if (!found) throw notKnownHereYet({ what: 'member of staff', id });
    if (!found.active) throw staffUnknown({ id });
    return { ownerId: id, branchId: found.branchId };
  }

  /** Name of a member of staff, also of one who has left. */
  async nameOf(tx: Transaction, id: string | null): Promise<string | null> {
    const [found]: { name: string }[] = id ? await tx.query('select display_name as name from staff where id = $1', [id]) : [];
    return found?.name ?? null;
  }
}
