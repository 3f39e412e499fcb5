import fc from 'fast-check';

/**
 * What somebody does with one customer and one order. n: 1 to 4, what the command makes of it; twice: sent twice at
 * once under one key
 */
export type Command = {
  do:
    | 'correct'
    | 'correctStale'
    | 'order'
    | 'confirm'
    | 'cancel'
    | 'pay'
    | 'payTooMuch'
    | 'deliver'
    | 'giveBack'
    | 'stale';
  n: number;
  twice: boolean;
};

/** Any sequence of commands, sensible or not. */
export const sequences: fc.Arbitrary<Command[]> = fc.array(
  fc.record({
    do: fc.oneof(
      {
        weight: 3,
        arbitrary: fc.constantFrom('correct' as const, 'order' as const, 'confirm' as const),
      },
      {
        weight: 3,
        arbitrary: fc.constantFrom('pay' as const, 'deliver' as const, 'giveBack' as const),
      },
      {
        weight: 1,
        arbitrary: fc.constantFrom('correctStale' as const, 'cancel' as const, 'payTooMuch' as const, 'stale' as const),
      },
    ),
    n: fc.integer({ min: 1, max: 4 }),
    twice: fc.boolean(),
  }),
  { minLength: 3, maxLength: 12 },
);

/** Pieces of an order's only line, and what one of them costs in đồng. */
export const pieces = 4;
const price = 50_000;

/** What must finally be true of one customer, worked out in memory. */
export class Model {
  customerId = '';
  /** Of the customer, as last answered. */
  version = 1;
  displayName = '';
  corrections = 0;
  orderId = '';
  orderVersion = 0;
  status: 'none' | 'draft' | 'confirmed' | 'cancelled' | 'closed' = 'none';
  paid = 0;
  payments = 0;
  delivered = 0;
  deliveries = 0;
  returned = 0;
  returns = 0;

  get total() {
    return pieces * price;
  }
  get credited() {
    return this.returned * price;
  }
  get due() {
    return this.total - this.credited - this.paid;
  }
  /** What the customer's stage follows to: an order of which something was kept makes a buyer. */
  get stage() {
    return this.confirmed && this.returned < pieces ? 'first-time' : 'prospect';
  }
  /**
   * Versions beyond those that were written: a stage moves with the order and back with its whole return, unless both
   * arrive at once.
   */
  get moves() {
    return !this.confirmed ? [0] : this.returned < pieces ? [1] : [0, 2];
  }
  get written() {
    return 1 + this.corrections;
  }
  get confirmed() {
    return this.status === 'confirmed' || this.status === 'closed';
  }

  /**
   * What a command asks of an order, and what it then changes; without a change it must be refused.
   * @returns undefined: there is no order yet
   */
  request({ do: what, n }: Command): { path: string; body?: object; change?: () => void } | undefined {
    if (this.status === 'none') return undefined;
    const path = `/v1/orders/${this.orderId}`;
    switch (what) {
      case 'confirm':
        return {
          path: `${path}/confirm`,
          ...when(this.status === 'draft', () => {
            this.status = 'confirmed';
          }),
        };
      case 'cancel':
        return {
          path: `${path}/cancel`,
          ...when(this.status === 'draft', () => {
            this.status = 'cancelled';
          }),
        };
      case 'pay': {
        const amount = Math.max(Math.floor((this.due * n) / 4), 1);
        return {
          path: `${path}/payments`,
          body: paymentOf(amount),
          ...when(this.confirmed && this.due >= amount, () => {
            this.paid += amount;
            this.payments++;
          }),
        };
      }
      case 'payTooMuch':
        return { path: `${path}/payments`, body: paymentOf(Math.max(this.due, 0) + n) };
      case 'deliver':
        return {
          path: `${path}/deliveries`,
          body: partOf(n),
          ...when(this.confirmed && this.delivered + n <= pieces, () => {
            this.delivered += n;
            this.deliveries++;
          }),
        };
      case 'giveBack':
        return {
          path: `${path}/returns`,
          body: partOf(n),
          ...when(this.confirmed && this.returned + n <= this.delivered, () => {
            this.returned += n;
            this.returns++;
          }),
        };
      default:
        return undefined;
    }
  }

  /** After each change of the order: it is closed when all is delivered and nothing is due. */
  changed(version: number) {
    this.orderVersion = version;
    if (this.status === 'confirmed' && this.delivered === pieces && this.due <= 0) this.status = 'closed';
  }
}

function when(allowed: boolean, change: () => void) {
  return allowed ? { change } : {};
}

function paymentOf(amount: number) {
  return { amount: { amount: String(amount), currency: 'VND' }, method: 'cash' };
}

function partOf(quantity: number) {
  return { lines: [{ line: 1, quantity: String(quantity) }] };
}
