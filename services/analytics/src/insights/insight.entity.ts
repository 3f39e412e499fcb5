import { Column, Entity, PrimaryColumn } from 'typeorm';
import { build, CustomerInsightState, Money, type CustomerRank } from '@quen/events';
import { basisOf } from '../models/models.service.js';

/** What is calculated of one customer. Money in the reporting currency, as decimal text. */
@Entity('insight')
export class Insight {
  @PrimaryColumn({ type: 'uuid' }) customerId!: string;
  /** Rises with each fact and each calculation for another reason; what is published of the customer carries it. */
  @Column({ type: 'bigint', transformer: { from: Number, to: (value: number) => value } }) version!: number;
  /** Version of the customer's record that code, name and owner are of; -1 while it is unknown. */
  @Column({ type: 'bigint', select: false }) sourceVersion!: string;
  @Column({ type: 'text', nullable: true }) customerCode!: string | null;
  @Column({ type: 'text', nullable: true }) displayName!: string | null;
  @Column({ type: 'uuid', nullable: true }) branchId!: string | null;
  @Column({ type: 'uuid', nullable: true }) ownerId!: string | null;
  @Column({ type: 'int' }) orders!: number;
  @Column({ type: 'numeric' }) revenue!: string;
  @Column({ type: 'numeric' }) cost!: string;
  @Column({ type: 'numeric' }) paid!: string;
  @Column({ type: 'numeric' }) serveCost!: string;
  @Column({ type: 'numeric', insert: false, update: false }) profit!: string;
  @Column({ type: 'int' }) messages!: number;
  @Column({ type: 'int' }) cases!: number;
  @Column({ type: 'int' }) openComplaints!: number;
  @Column({ type: 'date', nullable: true }) firstOrderOn!: string | null;
  @Column({ type: 'date', nullable: true }) lastOrderOn!: string | null;
  /** Days with a purchase: something was kept and more than nothing paid for it. */
  @Column({ type: 'int' }) purchases!: number;
  @Column({ type: 'numeric' }) purchaseRevenue!: string;
  @Column({ type: 'date', nullable: true }) firstPurchaseOn!: string | null;
  @Column({ type: 'date', nullable: true }) lastPurchaseOn!: string | null;
  @Column({ type: 'numeric' }) firstPurchaseRevenue!: string;
  /** Of the cost to serve, what was work for the customer. */
  @Column({ type: 'numeric' }) serviceCost!: string;
  /** Civil day for which age and recency were counted: the store's, the same for every customer. */
  @Column({ type: 'date', nullable: true }) asOf!: string | null;
  /** The event that changed this last. */
  @Column({ type: 'uuid', nullable: true }) becauseOf!: string | null;
  /** When the latest of its facts occurred, whenever it was read. */
  @Column({ type: 'timestamptz', nullable: true }) lastFactAt!: Date | null;
  @Column({ type: 'timestamptz', nullable: true }) calculatedAt!: Date | null;
  @Column({ type: 'text' }) rank!: CustomerRank;
  @Column({ type: 'smallint' }) recencyScore!: number;
  @Column({ type: 'smallint' }) frequencyScore!: number;
  @Column({ type: 'smallint' }) valueScore!: number;
  @Column({ type: 'numeric' }) lifetimeValue!: string;
  @Column({ type: 'double precision', nullable: true }) aliveProbability!: number | null;
  @Column({ type: 'double precision', nullable: true }) purchaseProbability!: number | null;
  @Column({ type: 'double precision', nullable: true }) ordersNextYear!: number | null;
  @Column({ type: 'numeric', nullable: true }) expectedOrderValue!: string | null;
  @Column({ type: 'double precision', nullable: true }) marginRate!: number | null;
  @Column({ type: 'numeric', nullable: true }) serveCostPerYear!: string | null;
  @Column({ type: 'int', nullable: true }) modelVersion!: number | null;
}

/** What others learn of an insight. */
export type PublicInsight = Pick<
  Insight,
  | 'customerId'
  | 'version'
  | 'rank'
  | 'lastOrderOn'
  | 'firstOrderOn'
  | 'orders'
  | 'purchases'
  | 'revenue'
  | 'cost'
  | 'serveCost'
  | 'paid'
  | 'profit'
  | 'lifetimeValue'
  | 'recencyScore'
  | 'frequencyScore'
  | 'valueScore'
  | 'aliveProbability'
  | 'purchaseProbability'
  | 'ordersNextYear'
  | 'expectedOrderValue'
  | 'marginRate'
  | 'serveCostPerYear'
  | 'modelVersion'
  | 'asOf'
  | 'openComplaints'
  | 'calculatedAt'
>;

/** The public state of an insight. */
export function insightState(insight: PublicInsight, currency: string): CustomerInsightState {
  const money = (amount: string | null): Money | undefined =>
    amount === null ? undefined : Money.of(amount, currency);
  return build(CustomerInsightState, {
    customerId: insight.customerId,
    version: insight.version,
    rank: insight.rank,
    lastOrderOn: insight.lastOrderOn,
    firstOrderOn: insight.firstOrderOn,
    orders: insight.orders,
    purchases: insight.purchases,
    revenue: Money.of(insight.revenue, currency),
    cost: money(insight.cost),
    serveCost: money(insight.serveCost),
    paid: Money.of(insight.paid, currency),
    profit: Money.of(insight.profit, currency),
    lifetimeValue: Money.of(insight.lifetimeValue, currency),
    aliveProbability: insight.aliveProbability,
    purchaseProbability: insight.purchaseProbability,
    ordersNextYear: insight.ordersNextYear,
    expectedOrderValue: money(insight.expectedOrderValue),
    marginRate: insight.marginRate,
    serveCostPerYear: money(insight.serveCostPerYear),
    modelVersion: insight.modelVersion,
    modelBasis: insight.modelVersion === null ? undefined : basisOf(insight.modelVersion),
    asOf: insight.asOf,
    recencyScore: insight.recencyScore,
    frequencyScore: insight.frequencyScore,
    valueScore: insight.valueScore,
    openComplaints: Math.max(0, insight.openComplaints),
    calculatedAt: (insight.calculatedAt ?? new Date(0)).toISOString(),
  });
}
