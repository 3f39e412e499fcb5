import { Injectable } from '@nestjs/common';
import type { Transaction } from '@quen/messaging';

/** Members of staff, of whom marketing asks whose mailbox it is. */
@Injectable()
export class StaffService {
  /** Whether a mailbox, as kept, is that of an active member of staff. */
  async owns(tx: Transaction, mailbox: string): Promise<boolean> {
    const found: object[] = await tx.query('select 1 from staff where email = $1 and active limit 1', [mailbox]);
    return found.length > 0;
  }
}
