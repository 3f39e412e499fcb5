import { randomUUID } from 'node:crypto';
import {
  BranchState,
  build,
  CaseOpened,
  CaseSolved,
  CaseState,
  CustomerInsightState,
  CustomerState,
  GoodsReturned,
  LeadRouted,
  MessageSent,
  Money,
  OrderConfirmed,
  OrderLine,
  PaymentReceived,
  Reason,
  StaffState,
  type Fields,
} from '@quen/events';

/** Fields that a test cares for; the builder gives the rest valid values. */
export type With<T> = Partial<Fields<T>>;

/** A person as the customers service would publish them: no phone, no consent, one e-mail address of their own. */
export function aCustomer(fields: With<CustomerState> = {}): CustomerState {
  const customerId = fields.customerId ?? randomUUID();
  return build(CustomerState, {
    customerId,
    version: 1,
    code: `KH-${customerId.slice(-8)}`,
    kind: 'person',
    category: 'consumer',
    lifecycle: 'prospect',
    displayName: 'Trần Thị Thu Hà',
    phones: [],
    emails: [`${customerId}@mail.example`],
    source: 'seminar',
    language: 'vi',
    branchId: randomUUID(),
    consents: [],
    registeredAt: '2026-10-01T02:00:00.000Z',
    ...fields,
  });
}

/** What analytics would publish of a customer who has bought three times. */
export function anInsight(customerId: string, fields: With<CustomerInsightState> = {}): CustomerInsightState {
  return build(CustomerInsightState, {
    customerId,
    version: 1,
    rank: 'gold',
    orders: 3,
    revenue: Money.of(30_000_000),
    paid: Money.of(30_000_000),
    profit: Money.of(9_000_000),
    lifetimeValue: Money.of(41_000_000),
    recencyScore: 5,
    frequencyScore: 3,
    valueScore: 4,
    openComplaints: 0,
    calculatedAt: '2026-11-01T00:00:00.000Z',
    ...fields,
  });
}

/** A severe complaint as support would publish it while it is open. */
export function aCase(customerId: string, fields: With<CaseState> = {}): CaseState {
  return build(CaseState, {
    caseId: randomUUID(),
    version: 1,
    code: 'CS-000001',
    customerId,
    kind: 'complaint',
    severity: 'high',
    category: 'leak',
    status: 'open',
    branchId: randomUUID(),
    openedAt: '2026-11-01T00:00:00.000Z',
    ...fields,
  });
}

/** The fact that this case was opened, by a call. */
export function opening(
  { caseId, code, customerId, kind, severity, category, branchId }: CaseState,
  fields: With<CaseOpened> = {},
): CaseOpened {
  return build(CaseOpened, {
    caseId,
    code,
    customerId,
    kind,
    severity,
    category,
    branchId,
    channel: 'call',
    ...fields,
  });
}

/** The fact that this case was solved, within an hour and a half of the deadline's clock. */
export function solution({ caseId, customerId, kind, severity }: CaseState, fields: With<CaseSolved> = {}): CaseSolved {
  return build(CaseSolved, { caseId, customerId, kind, severity, workingMinutes: 90, ...fields });
}

/** A line of an order over so many đồng, three fifths of which the goods cost. */
export function aLine(amount: number, fields: With<OrderLine> = {}): OrderLine {
  return build(OrderLine, {
    line: 1,
    productId: randomUUID(),
    productCode: 'RO-10',
    quantity: '1',
    amount: Money.of(amount),
    cost: Money.of(amount * 0.6),
    ...fields,
  });
}

/** A confirmed order of one line over so many đồng. */
export function anOrder(customerId: string, amount: number, fields: With<OrderConfirmed> = {}): OrderConfirmed {
  const orderId = fields.orderId ?? randomUUID();
  return build(OrderConfirmed, {
    orderId,
    orderCode: `DH-${orderId.slice(-8)}`,
    customerId,
    orderedOn: '2026-11-01',
    lines: [aLine(amount)],
    total: Money.of(amount),
    branchId: randomUUID(),
    origin: 'entry',
    ...fields,
  });
}

/** Money in đồng that came for an order. */
export function aPayment(
  { orderId, customerId }: Pick<OrderConfirmed, 'orderId' | 'customerId'>,
  amount: number,
  fields: With<PaymentReceived> = {},
): PaymentReceived {
  return build(PaymentReceived, {
    orderId,
    paymentId: randomUUID(),
    customerId,
    amount: Money.of(amount),
    receivedOn: '2026-11-05',
    method: 'cash',
    ...fields,
  });
}

/** Goods of an order that came back, for which so many đồng are credited. */
export function aReturn(
  { orderId, customerId }: Pick<OrderConfirmed, 'orderId' | 'customerId'>,
  amount: number,
  fields: With<GoodsReturned> = {},
): GoodsReturned {
  return build(GoodsReturned, {
    orderId,
    returnId: randomUUID(),
    customerId,
    returnedOn: '2026-11-05',
    lines: [aLine(amount)],
    credited: Money.of(amount),
    origin: 'entry',
    ...fields,
  });
}

/** A lead of a customer as marketing would route it to a branch. */
export function aRoutedLead(fields: With<LeadRouted> & { customerId: string; branchId: string }): LeadRouted {
  return build(LeadRouted, {
    leadId: randomUUID(),
    campaignId: randomUUID(),
    source: 'seminar',
    channel: 'branch',
    channelCode: 'K-HN',
    interest: 'Máy lọc nước cho văn phòng',
    score: 72,
    expectedMargin: Money.of(1_200_000),
    reasons: [build(Reason, { code: 'area', text: 'Cùng khu vực', weight: 10 })],
    ...fields,
  });
}

/** A mail of a campaign that went out to a customer. */
export function aMessage(customerId: string, fields: With<MessageSent> = {}): MessageSent {
  return build(MessageSent, {
    messageId: randomUUID(),
    campaignId: randomUUID(),
    customerId,
    channel: 'email',
    cost: Money.of(350),
    ...fields,
  });
}

/** A seller as identity would publish them. */
export function aMemberOfStaff(fields: With<StaffState> = {}): StaffState {
  return build(StaffState, {
    staffId: randomUUID(),
    version: 1,
    displayName: 'Nguyễn Văn Bình',
    branchId: randomUUID(),
    email: 'binh@quen.example',
    roles: ['seller'],
    active: true,
    ...fields,
  });
}

/** A branch as identity would publish it, below its parent where one is given. */
export function aBranch(code: string, fields: With<BranchState> = {}, parent?: BranchState): BranchState {
  const branchId = fields.branchId ?? randomUUID();
  return build(BranchState, {
    branchId,
    version: 1,
    code,
    name: code,
    path: parent ? `${parent.path}.${branchId}` : branchId,
    parentId: parent?.branchId,
    active: true,
    ...fields,
  });
}
