import { Injectable } from '@nestjs/common';
import { notKnownHereYet, rows } from '@quen/chassis';
import type { Transaction } from '@quen/messaging';

/** What sales needs of a customer to do business. */
export interface KnownCustomer {
  id: string;
  code: string;
  displayName: string;
  category: string;
  branchId: string;
  ownerId: string | null;
  /** From analytics; null until the first insight arrives. */
  rank: string | null;
}

const columns = `c.id, c.code, c.display_name, c.category, c.branch_id, c.owner_id, i.rank`;

/** Customers as sales knows them from the replica, with ids and codes of merged records leading to the survivor. */
@Injectable()
export class CustomersService {
  /** The customer, or the one that it was merged into. @throws Problem not_known_here_yet */
  async require(tx: Transaction, id: string): Promise<KnownCustomer> {
    const found = await this.find(tx, id);
    if (!found) throw notKnownHereYet({ what: 'customer', id });
    return found;
  }

  /** The customer, or the one that it was merged into, inside the caller's reach. */
  async find(tx: Transaction, id: string): Promise<KnownCustomer | undefined> {
    const [found] = await rows<KnownCustomer>(
      tx,
      `with recursive chain as (
         select id, merged_into, 0 as hop from customer where id = $1
         union all select next.id, next.merged_into, hop + 1 from chain join customer next on next.id = chain.merged_into where hop < 20)
       select ${columns} from chain join customer c on c.id = chain.id left join insight i on i.customer_id = c.id order by hop desc limit 1`,
      [id],
    );
    return found;
  }

  /**
   * Customers by code as typed, whatever its case; a merged record's code leads to the survivor. The result is by code
   * in capitals.
   */
  async byCode(tx: Transaction, codes: readonly string[]): Promise<Map<string, KnownCustomer>> {
    const found = await rows<KnownCustomer & { asked: string }>(
      tx,
      `with recursive chain as (
         select code_key as asked, id, merged_into, 0 as hop from customer where code_key = any($1::text[])
         union all select asked, next.id, next.merged_into, hop + 1 from chain join customer next on next.id = chain.merged_into where hop < 20)
       select distinct on (asked) asked, ${columns} from chain join customer c on c.id = chain.id left join insight i on i.customer_id = c.id order by asked, hop desc`,
      [[...new Set(codes.map((code) => code.toUpperCase()))]],
    );
    return new Map(found.map(({ asked, ...customer }) => [asked, customer]));
  }

  /** Ids under which records of this customer may stand: its own and those merged into it. */
  async idsOf(tx: Transaction, survivorId: string): Promise<string[]> {
    const found = await rows<{ id: string }>(
      tx,
      `with recursive merged as (
         select id, 0 as hop from customer where id = $1
         union all select c.id, hop + 1 from merged join customer c on c.merged_into = merged.id where hop < 20)
       select id from merged`,
      [survivorId],
    );
    return found.map((row) => row.id);
  }
}
