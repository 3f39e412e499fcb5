import type { Purchases } from './purchase-days.service.js';

/** What an insight is calculated from; money as decimal text in the reporting currency. */
export interface Sums extends Purchases {
  customerId: string;
  orders: number;
  revenue: string;
  cost: string;
  paid: string;
  /**
   * Of the cost to serve, what was work for the customer. Messages are the firm's own choice, and tell nothing of what
   * the customer will ask for.
   */
  serviceCost: string;
  firstOrderOn: string | null;
  lastOrderOn: string | null;
}
