import { Injectable } from '@nestjs/common';
import { erasedSql, findReferred } from '@quen/chassis';
import { CustomerState } from '@quen/events';
import type { Transaction } from '@quen/messaging';
import { Customer } from './customer.entity.js';

export { Customer };
export { addressesOn, normalAddress, normalEmail } from './address.js';

/** What marketing knows of customers: a replica of what other services publish. */
@Injectable()
export class CustomersService {
  /**
   * Customers, other than one, whose mails go to this mailbox and who consented to them, whatever branch they belong
   * to.
   */
  async othersMailedAt(tx: Transaction, mailbox: string, except: string): Promise<string[]> {
    const rows: { id: string }[] = await tx.query(
      "select id from customer where emails[1] = $1 and id <> $2 and merged_into is null and 'email' = any(marketing_channels) order by id",
      [mailbox, except],
    );
    return rows.map(({ id }) => id);
  }

  /**
   * One customer inside the caller's reach; an erased one, of whom nothing is known, is in the reach of whoever reaches
   * everything. @throws Problem not_known_here_yet
   */
  async get(tx: Transaction, id: string): Promise<Customer> {
    const found = await tx.findOneBy(Customer, { id });
    if (found) return found;
    const [row]: { erased: boolean }[] = await tx.query(
      `select quen_scope() = 'all' and ${erasedSql(CustomerState, '$1::uuid')} as erased`,
      [id],
    );
    return row?.erased ? Customer.erased(id) : findReferred(tx, Customer, id);
  }
}
