import { Injectable } from '@nestjs/common';
import {
  choice,
  Database,
  defineList,
  find,
  instant,
  momentOf,
  page,
  Rights,
  text,
  type OwnedRow,
  type Page,
  type ParsedList,
  type Principal,
} from '@quen/chassis';
import { events } from '@quen/events';
import type { Received, Transaction } from '@quen/messaging';
import { Customer } from '../customers/customers.service.js';
import { withoutTerms } from './sales-terms.js';
import { entryOf, tellsOfCustomer, type CustomerEvent } from './timeline-entry.js';
import { TimelineRow } from './timeline-row.entity.js';

export const timelineList = defineList({
  entity: TimelineRow,
  fields: {
    at: instant(),
    service: choice([
      ...new Set(
        events()
          .filter(tellsOfCustomer)
          .map(({ topic }) => topic.service),
      ),
    ]),
    kind: text(),
    subjectId: text(),
    actor: text(),
  },
  sort: ['at'],
  defaultSort: '-at',
});

/** What every service did with a customer, in order. */
@Injectable()
export class TimelineService {
  constructor(
    private readonly database: Database,
    private readonly rights: Rights,
  ) {}

  /** One insert for the whole batch. An event that is there already stays as it is. */
  async enter(tx: Transaction, events: Received<CustomerEvent>[]): Promise<void> {
    await tx.query(
      `insert into timeline_entry select * from jsonb_populate_recordset(null::timeline_entry, $1::jsonb) on conflict do nothing`,
      [JSON.stringify(events.map((event) => entryOf(event, momentOf(tx).zone)))],
    );
  }

  /**
   * One page: a range of the primary key (customer, time, event), whatever the length of the timeline. Sales entries
   * say no more than sales would:
   * without the terms where their record is outside what the caller reaches there. @throws Problem not_found
   */
  async of(customerId: string, query: ParsedList, user: Principal): Promise<Page<TimelineRow>> {
    return this.database.read(async (tx) => {
      await find(tx, Customer, customerId);
      const found = await page(tx, timelineList, query, { where: 'customer_id = $1', params: [customerId] });
      const reaches = await this.rights.within(user, 'timeline', 'read-sales');
      const sources = reaches({}) ? new Map<string, OwnedRow>() : await this.sources(tx, customerId, found.data);
      return {
        ...found,
        data: found.data.map((row) =>
          row.service !== 'sales' || reaches(sourceOf(row, sources)) ? row : { ...row, data: withoutTerms(row.data) },
        ),
      };
    });
  }

  /** Owner and branch of the records that entries tell of, by the entries that opened them. */
  private async sources(tx: Transaction, customerId: string, rows: TimelineRow[]): Promise<Map<string, OwnedRow>> {
    const ids = [...new Set(rows.filter(({ service }) => service === 'sales').flatMap(recordsOf))];
    if (ids.length === 0) return new Map();
    const opened: { id: string; branchId: string; ownerId: string | null }[] = await tx.query(
      `select subject_id as id, data ->> 'branchId' as "branchId", data ->> 'ownerId' as "ownerId" from timeline_entry
       where customer_id = $1 and subject_id = any($2::text[]) and data ? 'branchId' order by at, event_id`,
      [customerId, ids],
    );
    return new Map(opened.map(({ id, ...row }) => [id, row]));
  }
}

/** The record of an entry, and the opportunity that it belongs to. */
function recordsOf({ subjectId, data }: TimelineRow): string[] {
  return [subjectId, ...(typeof data['opportunityId'] === 'string' ? [data['opportunityId']] : [])];
}

/**
 * Whose record an entry tells of: what the entry itself says, then its opening, then the opportunity's; else whoever
 * did it.
 */
function sourceOf(row: TimelineRow, sources: ReadonlyMap<string, OwnedRow>): OwnedRow {
  const source = recordsOf(row)
    .map((id) => sources.get(id))
    .find((found) => found !== undefined);
  const { ownerId, branchId } = row.data as OwnedRow;
  return { ownerId: ownerId ?? source?.ownerId ?? (source ? null : row.actor), branchId: branchId ?? source?.branchId };
}
