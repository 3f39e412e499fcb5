import { erasedSql, Params, type Touched } from '@quen/chassis';
import { CustomerState } from '@quen/events';
import type { Transaction } from '@quen/messaging';
import { segmentFields } from './segment-fields.js';
import type { Segment } from './segment.entity.js';

/** A change of one membership. */
export interface MembershipChange {
  segmentId: string;
  customerId: string;
  member: boolean;
  version: number;
}

/** Whether the customer `c` was erased. */
const erased = erasedSql(CustomerState, 'c.id', 'c.version');

type EvaluatedSegment = Pick<Segment, 'id' | 'rule' | 'branchId'>;

/** Segments that one statement evaluates at most, which bounds its size and the time to plan it. */
const segmentsAStatement = 50;

const changeColumns = 'segment_id as "segmentId", customer_id as "customerId", member, version::int as version';

/** The condition that a row of the customer replica belongs to a segment. */
export function membershipSql(segment: { rule: Segment['rule']; branchId: string | null }, params: Params): string {
  const rule = params.append(segmentFields.stored(segment.rule ?? { combinator: 'and', rules: [] }).predicate());
  const branch =
    segment.branchId === null
      ? 'true'
      : `exists (select 1 from branch mine join branch root on root.id = ${params.add(segment.branchId, 'uuid')}
    where mine.id = branch_id and (mine.path = root.path or mine.path like root.path || '.%'))`;
  return `(version >= 0 and merged_into is null and (${rule}) and ${branch})`;
}

/**
 * Evaluates rule segments for some customers, or for all when `touched` is undefined, in a few statements whatever
 * their number;
 * writes who came and who left, with history, and returns it.
 */
export async function evaluate(
  tx: Transaction,
  segments: readonly EvaluatedSegment[],
  touched?: readonly Touched[],
): Promise<MembershipChange[]> {
  const changes: MembershipChange[] = [];
  for (let from = 0; from < segments.length; from += segmentsAStatement) {
    const params = new Params();
    const subject = touched
      ? `select c.*, t.because_of from customer c join jsonb_to_recordset(${params.add(JSON.stringify(touched.map(row)), 'jsonb')}) as t (customer_id uuid, because_of uuid) on t.customer_id = c.id`
      : 'select c.*, null::uuid as because_of from customer c';
    const verdicts = segments
      .slice(from, from + segmentsAStatement)
      .map(
        (segment) =>
          `select ${params.add(segment.id, 'uuid')} as segment_id, id as customer_id, ${membershipSql(segment, params)} as member, because_of from subject`,
      );
    changes.push(
      ...(await write(tx, `subject as (${subject}), verdict as (${verdicts.join(' union all ')})`, params.values)),
    );
  }
  return changes;
}

/** Takes customers who were erased or merged off the static lists, and those of whom there is no row off all. */
export function leaveLists(tx: Transaction, touched: readonly Touched[]): Promise<MembershipChange[]> {
  return write(
    tx,
    `verdict as (
    select m.segment_id, m.customer_id, false as member, t.because_of
    from jsonb_to_recordset($1::jsonb) as t (customer_id uuid, because_of uuid)
    join segment_membership m on m.customer_id = t.customer_id and m.member
    join segment s on s.id = m.segment_id
    left join customer c on c.id = t.customer_id
    where c.id is null or s.kind = 'static' and (c.merged_into is not null or ${erased}))`,
    [JSON.stringify(touched.map(row))],
  );
}

/**
 * Adds customers to a static list and takes others off; ids outside the caller's reach are passed over, like those of
 * erased customers.
 */
export function changeList(
  tx: Transaction,
  segmentId: string,
  add: readonly string[],
  remove: readonly string[],
): Promise<MembershipChange[]> {
  return write(
    tx,
    `verdict as (
    select $1::uuid as segment_id, c.id as customer_id, c.id = any($2::uuid[]) as member, null::uuid as because_of
    from customer c where (c.id = any($2::uuid[]) and not ${erased} and c.merged_into is null) or c.id = any($3::uuid[]))`,
    [segmentId, add, remove],
  );
}

async function write(tx: Transaction, verdicts: string, params: readonly unknown[]): Promise<MembershipChange[]> {
  return tx.query(
    `
    with ${verdicts},
    changed as (
      insert into segment_membership as m (segment_id, customer_id, member)
      select v.segment_id, v.customer_id, v.member from verdict v
      where v.member or exists (select 1 from segment_membership x where x.segment_id = v.segment_id and x.customer_id = v.customer_id and x.member)
      order by 1, 2
      on conflict (segment_id, customer_id) do update set member = excluded.member, version = m.version + 1, since = now()
      where m.member <> excluded.member
      returning m.segment_id, m.customer_id, m.member, m.version),
    logged as (
      insert into segment_membership_change (segment_id, customer_id, member, because_of)
      select c.segment_id, c.customer_id, c.member, v.because_of from changed c join verdict v using (segment_id, customer_id))
    select ${changeColumns} from changed`,
    [...params],
  );
}

function row(touched: Touched): object {
  return { customer_id: touched.id, because_of: touched.becauseOf };
}
