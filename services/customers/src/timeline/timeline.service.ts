import { choice, Clock, Database, defineList, find, instant, page, text, type Page, type ParsedList } from '@quen/chassis';
import type { Received, Transaction } from '@quen/messaging';
import { Injectable } from '@nestjs/common';
import { Customer } from '../customers/customers.service.js';
import { entryOf, type CustomerEvent } from './timeline-entry.js';
import { TimelineRow } from './timeline-row.entity.js';

export const timelineList = defineList({
  entity: TimelineRow,
  fields: { at: instant(), service: choice(['customers', 'marketing', 'sales', 'support', 'analytics']), kind: text(), subjectId: text(), actor: text() },
  sort: ['at'],
  defaultSort: '-at',
});

/** What every service did with a customer, in order. */
@Injectable()
export class TimelineService {
  constructor(private readonly database: Database, private readonly clock: Clock) {}

  /** One insert for the whole batch. An event that is there already stays as it is. */
  async enter(tx: Transaction, events: Received<CustomerEvent>[]): Promise<void> {
    await tx.query(
      `insert into timeline_entry select * from jsonb_populate_recordset(null::timeline_entry, $1::jsonb) on conflict do nothing`,
      [JSON.stringify(events.map((event) => entryOf(event, this.clock.zone)))],
    );
  }

  /** One page: a range of the primary key (customer, time, event), whatever the length of the timeline. @throws Problem not_found */
  async of(customerId: string, query: ParsedList): Promise<Page<TimelineRow>> {
    return this.database.read(async (tx) => {
      await find(tx, Customer, customerId);
      return page(tx, timelineList, query, { where: 'customer_id = $1', params: [customerId] });
    });
  }
}
