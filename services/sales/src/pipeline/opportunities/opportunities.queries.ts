import { rows, type ShownAs } from '@quen/chassis';
import type { Transaction } from '@quen/messaging';
import type { OpportunityLineView, StayView } from './opportunities.dto.js';

/** The product lines with the products' names. */
export function lineViews(tx: Transaction, opportunityId: string): Promise<ShownAs<OpportunityLineView>[]> {
  return rows(
    tx,
    `select l.line, l.product_id, p.code as product_code, p.name as product_name, trim_scale(l.quantity)::text as quantity, l.unit_price, l.amount
     from opportunity_line l join product p on p.id = l.product_id where l.opportunity_id = $1 order by l.line`,
    [opportunityId],
  );
}

/** The stays in stages, the open one up to now. */
export function stayViews(tx: Transaction, opportunityId: string): Promise<StayView[]> {
  return rows(
    tx,
    `select stage, reason, entered_at, left_at, round(extract(epoch from coalesce(left_at, now()) - entered_at) / 3600, 2)::float8 as hours
     from opportunity_stay where opportunity_id = $1 order by entered_at, id`,
    [opportunityId],
  );
}

/** Counts that guards speak of. */
export interface OpportunityCounts {
  lines: number;
  contactRoles: string[];
  contacts: number;
  quotes: number;
  issuedQuotes: number;
  acceptedQuotes: number;
}

/** Counts that guards speak of, in one read. */
export async function countsFor(tx: Transaction, opportunityId: string): Promise<OpportunityCounts> {
  const [row] = await rows<OpportunityCounts>(
    tx,
    `select (select count(*)::int from opportunity_line where opportunity_id = $1) as lines,
            (select count(*)::int from opportunity_contact where opportunity_id = $1) as contacts,
            array(select distinct role from opportunity_contact where opportunity_id = $1) as contact_roles,
            (select count(*)::int from quote where opportunity_id = $1) as quotes,
            (select count(*)::int from quote where opportunity_id = $1 and status in ('issued', 'accepted', 'refused', 'superseded')) as issued_quotes,
            (select count(*)::int from quote where opportunity_id = $1 and status = 'accepted') as accepted_quotes`,
    [opportunityId],
  );
  return row!;
}

/** Ends the stay in the present stage and begins the next one; `reason` of an end or a new beginning. */
export async function enterStage(
  tx: Transaction,
  opportunityId: string,
  stage: string,
  by: string,
  reason?: string,
): Promise<void> {
  await tx.query('update opportunity_stay set left_at = now() where opportunity_id = $1 and left_at is null', [
    opportunityId,
  ]);
  await tx.query('insert into opportunity_stay (opportunity_id, stage, by_id, reason) values ($1, $2, $3, $4)', [
    opportunityId,
    stage,
    by,
    reason ?? null,
  ]);
}

/** Codes of the stages that an opportunity was in, the last one first. */
export async function stagesOf(tx: Transaction, opportunityId: string): Promise<string[]> {
  const found = await rows<{ stage: string }>(
    tx,
    'select stage from opportunity_stay where opportunity_id = $1 order by id desc',
    [opportunityId],
  );
  return found.map((row) => row.stage);
}

/**
 * The code of an order or contract in force that came of an opportunity. For a reach of everything: the documents may
 * have other owners by now.
 */
export async function saleOf(tx: Transaction, opportunityId: string): Promise<string | undefined> {
  const [sale] = await rows<{ code: string }>(
    tx,
    `select code from sales_order where opportunity_id = $1 and status in ('confirmed', 'closed')
     union all select code from contract where opportunity_id = $1 and status <> 'draft' limit 1`,
    [opportunityId],
  );
  return sale?.code;
}
