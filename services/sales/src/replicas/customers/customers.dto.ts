import { Type } from 'class-transformer';
import { IsIn } from 'class-validator';
import { customerRanks, Money, type CustomerRank } from '@quen/events';

/** Who the customer is. */
export class OverviewCustomer {
  id!: string;
  code!: string;
  displayName!: string;
  kind!: string;
  category!: string;
  lifecycle!: string;
  branchId!: string;
  ownerId!: string | null;
  ownerName!: string | null;
  /**
   * Form of address, representative, phones, emails, industry, needs, language, preferred channel, address and the
   * like.
   */
  profile!: Record<string, unknown>;
  /** When sales heard of it last. */
  receivedAt!: Date;
}

/** What analytics says of the customer. */
export class OverviewInsight {
  @IsIn(customerRanks) rank!: CustomerRank;
  lifetimeValue!: Money;
  revenue!: Money;
  profit!: Money;
  orders!: number;
  firstOrderOn!: string | null;
  lastOrderOn!: string | null;
  openComplaints!: number;
  calculatedAt!: string;
  /** When sales heard of it last. */
  receivedAt!: Date;
}

/** A past order with the terms it was on. */
export class OverviewOrder {
  id!: string;
  code!: string;
  orderedOn!: string;
  status!: string;
  total!: Money;
  balance!: Money;
  delivered!: string;
  paymentTerms!: string | null;
  deliveryTerms!: string | null;
  /** Products, the dearest first. */
  products!: string[];
}

/** A product that the customer has bought. */
export class OverviewProduct {
  productId!: string;
  code!: string;
  name!: string;
  /** Less what came back. */
  quantity!: string;
  /** Per unit, at the last purchase. */
  lastUnitPrice!: Money;
  lastOrderedOn!: string;
}

/** An opportunity under way. */
export class OverviewOpportunity {
  id!: string;
  name!: string;
  stage!: string;
  probability!: number;
  amount!: Money | null;
  expectedCloseOn!: string | null;
  ownerId!: string;
  ownerName!: string | null;
}

/** A case that support has open. */
export class OverviewCase {
  id!: string;
  code!: string;
  kind!: string;
  severity!: string;
  category!: string;
  status!: string;
  openedAt!: string;
  solutionDueAt!: string | null;
}

/** All that a seller should see before speaking to a customer. */
export class CustomerOverview {
  customer!: OverviewCustomer;
  /** Null until analytics has said anything. */
  insight!: OverviewInsight | null;
  /** Sum of what is due on all orders within the caller's reach. */
  due!: Money;
  /** The last ten orders. */
  @Type(() => OverviewOrder) orders!: OverviewOrder[];
  /** The ten products bought for the most money. */
  @Type(() => OverviewProduct) products!: OverviewProduct[];
  @Type(() => OverviewOpportunity) openOpportunities!: OverviewOpportunity[];
  @Type(() => OverviewCase) openCases!: OverviewCase[];
}
