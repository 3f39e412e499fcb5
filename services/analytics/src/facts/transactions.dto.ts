import { Money } from '@quen/events';

/** Profit of one order line or return. */
export class TransactionView {
  /** @format uuid */
  eventId!: string;
  line!: number;
  kind!: 'sale' | 'return';
  /** @format uuid */
  orderId!: string;
  orderCode!: string | null;
  occurredOn!: string;
  productCode!: string;
  quantity!: string;
  revenue!: Money;
  cost!: Money;
  profit!: Money;
}
