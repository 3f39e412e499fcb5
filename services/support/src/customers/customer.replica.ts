import { sharedReplica } from '@quen/chassis';
import { CustomerInsightState, CustomerState } from '@quen/events';
import { CasesService } from '../cases/cases.service.js';
import { Customer } from './customer.entity.js';

const group = 'crm.support.customer-replica';

export const customerReplica = sharedReplica(
  CustomerState,
  Customer,
  (state) => ({
    code: state?.code,
    displayName: state?.displayName,
    branchId: state?.branchId,
    language: state?.language ?? 'vi',
    mergedInto: state?.mergedInto,
  }),
  { group, receivedAt: 'customerReceivedAt' },
);

/** Moves a customer's cases in the queue when its value changes. */
export const customerValueReplica = sharedReplica(
  CustomerInsightState,
  Customer,
  (state) => ({
    rank: state?.rank ?? 'standard',
    lifetimeValue: state?.lifetimeValue.amount ?? '0',
    rankedAt: state?.calculatedAt,
  }),
  {
    group,
    version: 'insightVersion',
    receivedAt: 'receivedAt',
    watch: ['rank'],
    after: (touched, tx, get) =>
      get(CasesService).rank(
        tx,
        touched.map(({ id, now }) => ({ id, rank: now?.rank ?? 'standard' })),
      ),
  },
);
