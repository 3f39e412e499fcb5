import { replica, sharedReplica, type Get } from '@quen/chassis';
import { CaseState, CustomerInsightState, CustomerState } from '@quen/events';
import type { Transaction } from '@quen/messaging';
import { SegmentsService } from '../segments/segments.service.js';
import { SuppressionsService } from '../suppressions/suppressions.service.js';
import { normalEmail } from './address.js';
import { Customer } from './customer.entity.js';
import { marketingChannels } from './marketing-channels.js';
import { countSevereComplaints } from './open-complaints.queries.js';
import { SupportCase } from './support-case.entity.js';

/**
 * The customers, and in the same transaction the segments that a change moves a customer into or out of, and what their
 * suppressions cover.
 */
const group = 'crm.marketing.customer-replica';
const before = (tx: Transaction, get: Get): Promise<void> => get(SegmentsService).beginUpkeep(tx);

export const customerReplica = sharedReplica(
  CustomerState,
  Customer,
  (state, firm) => ({
    code: state?.code,
    kind: state?.kind,
    category: state?.category,
    lifecycle: state?.lifecycle,
    displayName: state?.displayName,
    familyName: state?.familyName,
    middleName: state?.middleName,
    givenName: state?.givenName,
    title: state?.title,
    representative: state?.representative,
    emails: state?.emails.map(normalEmail) ?? [],
    phones: state?.phones.map((phone) => phone.e164) ?? [],
    province: state?.address?.province,
    industry: state?.industry,
    field: state?.field,
    size: state?.size,
    birthDate: state?.birthDate,
    sex: state?.sex,
    source: state?.source,
    language: state?.language,
    preferredChannel: state?.preferredChannel,
    branchId: state?.branchId,
    ownerId: state?.ownerId,
    department: state?.department,
    registeredOn: state && firm.dayOf(new Date(state.registeredAt)),
    mergedInto: state?.mergedInto,
    marketingChannels: marketingChannels(state?.consents ?? []),
  }),
  {
    group,
    receivedAt: 'receivedAt',
    keepWhile: 'open_severe_complaints <> 0',
    before,
    after: async (touched, tx, get) => {
      await get(SuppressionsService).follow(tx, touched);
      await get(SegmentsService).evaluateTouched(tx, touched);
    },
  },
);

/** Insights, which may come before the customer's own record. */
export const insightReplica = sharedReplica(
  CustomerInsightState,
  Customer,
  (state) => ({
    rank: state?.rank,
    orders: state?.orders ?? 0,
    revenue: state?.revenue.amount ?? '0',
    profit: state?.profit.amount ?? '0',
    lifetimeValue: state?.lifetimeValue.amount ?? '0',
    firstOrderOn: state?.firstOrderOn,
    lastOrderOn: state?.lastOrderOn,
    recencyScore: state?.recencyScore ?? 0,
    frequencyScore: state?.frequencyScore ?? 0,
    valueScore: state?.valueScore ?? 0,
    openComplaints: state?.openComplaints ?? 0,
  }),
  {
    group,
    version: 'insightVersion',
    receivedAt: 'insightReceivedAt',
    keepWhile: 'open_severe_complaints <> 0',
    before,
    after: (touched, tx, get) => get(SegmentsService).evaluateTouched(tx, touched),
  },
);

export const supportCaseReplica = replica(
  CaseState,
  SupportCase,
  ({ customerId, kind, severity, status, solvedAt, rating }) => ({
    customerId,
    kind,
    severity,
    status,
    solvedAt,
    rating,
  }),
  {
    group,
    watch: ['customerId'],
    before,
    derive: (taken, tx) => countSevereComplaints(tx, taken),
    after: (touched, tx, get) => get(SegmentsService).evaluateTouched(tx, touched),
  },
);
