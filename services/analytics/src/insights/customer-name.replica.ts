import { sharedReplica } from '@quen/chassis';
import { CustomerState } from '@quen/events';
import { Insight } from './insight.entity.js';

/**
 * Who a customer is, for lists and for whose branch may see them. An erased customer's figures stay without a name; a
 * change of the name changes neither version nor published state of the insight.
 */
export const customerNameReplica = sharedReplica(
  CustomerState,
  Insight,
  (state) => ({
    customerCode: state?.code,
    displayName: state?.displayName,
    branchId: state?.branchId,
    ownerId: state?.ownerId,
  }),
  {
    group: 'crm.analytics.customer-names',
    version: 'sourceVersion',
    keepWhile: 'last_fact_at is not null or open_complaints <> 0',
  },
);
