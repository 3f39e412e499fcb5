import type { StateSource } from '@quen/chassis';
import { build, SegmentMembershipState } from '@quen/events';
import type { MembershipChange } from './membership.queries.js';

const membershipId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Who is in which segment, also who no longer is, as it is published. */
export const membershipStates: StateSource = {
  state: SegmentMembershipState,
  count: async (tx) => {
    const [row] = await tx.query<{ count: number }[]>('select count(*)::int as count from segment_membership');
    return row?.count ?? 0;
  },
  read: async (tx, { after, id, limit }) => {
    if (id !== undefined && !membershipId.test(id)) return [];
    const rows = await tx.query<MembershipChange[]>(
      `select segment_id as "segmentId", customer_id as "customerId", member, version::int as version from segment_membership
       where ($1::text is null or (segment_id, customer_id) > (split_part($1, '.', 1)::uuid, split_part($1, '.', 2)::uuid))
         and ($2::text is null or (segment_id = split_part($2, '.', 1)::uuid and customer_id = split_part($2, '.', 2)::uuid))
       order by segment_id, customer_id limit $3 for share`,
      [after ?? null, id ?? null, limit],
    );
    return rows.map(membershipState);
  },
};

/** The public state of one membership. */
export function membershipState({ segmentId, customerId, member, version }: MembershipChange): SegmentMembershipState {
  return build(SegmentMembershipState, {
    membershipId: `${segmentId}.${customerId}`,
    version,
    segmentId,
    customerId,
    member,
  });
}
