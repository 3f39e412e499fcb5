import { Injectable } from '@nestjs/common';
import type { StaffState } from '@quen/events';
import { newestOfEach, type Received, type Transaction } from '@quen/messaging';
import { normalEmail } from '../../audience/customers/customers.service.js';

/** Members of staff, of whom marketing knows the mailbox and whether they are still there. */
@Injectable()
export class StaffService {
  /** Takes states of staff; an older version never overwrites a newer one, who was erased leaves an empty row. */
  async take(tx: Transaction, events: Received<StaffState | null>[]): Promise<void> {
    const rows = newestOfEach(events).map(({ aggregateId, version, data }) => ({
      id: aggregateId,
      version,
      email: data?.email === undefined ? null : normalEmail(data.email),
      active: data?.active ?? false,
    }));
    await tx.query(
      `
      insert into staff (id, version, email, active) select id, version, email, active from jsonb_to_recordset($1::jsonb) as r (id uuid, version bigint, email text, active boolean) order by id
      on conflict (id) do update set version = excluded.version, email = excluded.email, active = excluded.active where staff.version < excluded.version`,
      [JSON.stringify(rows)],
    );
  }

  /** Whether a mailbox, as kept, is that of an active member of staff. */
  async owns(tx: Transaction, mailbox: string): Promise<boolean> {
    const found: object[] = await tx.query('select 1 from staff where email = $1 and active limit 1', [mailbox]);
    return found.length > 0;
  }
}
