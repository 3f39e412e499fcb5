import { Column, Entity, PrimaryColumn } from 'typeorm';
import { build, CustomerInsightState, Money, type CustomerRank } from '@quen/events';
import { basisOf } from '../models/models.service.js';

/** What is calculated of one customer. Money in the reporting currency, as decimal text. */
@Entity('insight')
export class Insight {
  @PrimaryColumn({ name: 'customer_id', type: 'uuid' }) customerId!: string;
  /** Rises with each fact and each calculation for another reason; what is published of the customer carries it. */
  @Column({ type: 'bigint', transformer: { from: Number, to: (value: number) => value } }) version!: number;
  /** Version of the customer's record that code, name and owner are of; -1 while it is unknown. */
  @Column({ name: 'source_version', type: 'bigint', select: false }) sourceVersion!: string;
  @Column({ name: 'customer_code', type: 'text', nullable: true }) customerCode!: string | null;
  @Column({ name: 'display_name', type: 'text', nullable: true }) displayName!: string | null;
  @Column({ name: 'branch_id', type: 'uuid', nullable: true }) branchId!: string | null;
  @Column({ name: 'owner_id', type: 'uuid', nullable: true }) ownerId!: string | null;
  @Column({ type: 'int' }) orders!: number;
  @Column({ type: 'numeric' }) revenue!: string;
  @Column({ type: 'numeric' }) cost!: string;
  @Column({ type: 'numeric' }) paid!: string;
  @Column({ name: 'serve_cost', type: 'numeric' }) serveCost!: string;
  @Column({ type: 'numeric', insert: false, update: false }) profit!: string;
  @Column({ type: 'int' }) messages!: number;
  @Column({ type: 'int' }) cases!: number;
  @Column({ name: 'open_complaints', type: 'int' }) openComplaints!: number;
  @Column({ name: 'first_order_on', type: 'date', nullable: true }) firstOrderOn!: string | null;
  @Column({ name: 'last_order_on', type: 'date', nullable: true }) lastOrderOn!: string | null;
  /** Days with a purchase: something was kept and more than nothing paid for it. */
  @Column({ type: 'int' }) purchases!: number;
  @Column({ name: 'purchase_revenue', type: 'numeric' }) purchaseRevenue!: string;
  @Column({ name: 'first_purchase_on', type: 'date', nullable: true }) firstPurchaseOn!: string | null;
  @Column({ name: 'last_purchase_on', type: 'date', nullable: true }) lastPurchaseOn!: string | null;
  @Column({ name: 'first_purchase_revenue', type: 'numeric' }) firstPurchaseRevenue!: string;
  /** Of the cost to serve, what was work for the customer. */
  @Column({ name: 'service_cost', type: 'numeric' }) serviceCost!: string;
  /** Civil day for which age and recency were counted: the store's, the same for every customer. */
  @Column({ name: 'as_of', type: 'date', nullable: true }) asOf!: string | null;
  /** The event that changed this last. */
  @Column({ name: 'because_of', type: 'uuid', nullable: true }) becauseOf!: string | null;
  /** When the latest of its facts occurred, whenever it was read. */
  @Column({ name: 'last_fact_at', type: 'timestamptz', nullable: true }) lastFactAt!: Date | null;
  @Column({ name: 'calculated_at', type: 'timestamptz', nullable: true }) calculatedAt!: Date | null;
  @Column({ type: 'text' }) rank!: CustomerRank;
  @Column({ name: 'recency_score', type: 'smallint' }) recencyScore!: number;
  @Column({ name: 'frequency_score', type: 'smallint' }) frequencyScore!: number;
  @Column({ name: 'value_score', type: 'smallint' }) valueScore!: number;
  @Column({ name: 'lifetime_value', type: 'numeric' }) lifetimeValue!: string;
  @Column({ name: 'alive_probability', type: 'double precision', nullable: true }) aliveProbability!: number | null;
  @Column({ name: 'purchase_probability', type: 'double precision', nullable: true }) purchaseProbability!:
    number | null;
  @Column({ name: 'orders_next_year', type: 'double precision', nullable: true }) ordersNextYear!: number | null;
  @Column({ name: 'expected_order_value', type: 'numeric', nullable: true }) expectedOrderValue!: string | null;
  @Column({ name: 'margin_rate', type: 'double precision', nullable: true }) marginRate!: number | null;
  @Column({ name: 'serve_cost_per_year', type: 'numeric', nullable: true }) serveCostPerYear!: string | null;
  @Column({ name: 'model_version', type: 'int', nullable: true }) modelVersion!: number | null;
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
