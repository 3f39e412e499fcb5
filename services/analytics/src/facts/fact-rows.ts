import { Decimal } from 'decimal.js';
import {
  CaseOpened,
  CaseRated,
  CaseReopened,
  CaseSolved,
  GoodsReturned,
  OrderConfirmed,
  PaymentReceived,
  type MessageRefused,
  type MessageSent,
  type Money,
  type OrderLine,
  type ResponseReceived,
} from '@quen/events';
import { defineProblem, type Received } from '@quen/messaging';
import type { InsightChange } from '../insights/insights.service.js';
import type { ServiceCosts } from './service-costs.js';

/** The events that the store is made of. */
export type Fact =
  | OrderConfirmed
  | GoodsReturned
  | PaymentReceived
  | MessageSent
  | MessageRefused
  | ResponseReceived
  | CaseOpened
  | CaseSolved
  | CaseReopened
  | CaseRated;

/** The fact tables. */
export type FactTable = 'sales_fact' | 'payment_fact' | 'market_fact' | 'service_fact';

/** A row of a fact table, by column. */
export type FactRow = Record<string, string | number | null>;

/** What one event adds to the store and to its customer's insight. */
export interface Effect {
  table: FactTable;
  facts: FactRow[];
  /** Money that was paid back with it; a row of nothing where it is said that nothing was. */
  payments?: FactRow[];
  changes: InsightChange[];
}

const foreignCurrency = defineProblem('unprocessable', 'currency_without_rate', {
  en: 'Amounts in {currency} cannot be added to those in {reporting}.',
  vi: 'Không thể cộng số tiền bằng {currency} với số tiền bằng {reporting}.',
});

/**
 * Turns events into rows and changes of insights. Only reads the event, so the same topic gives the same rows again.
 */
export class FactRows {
  /** `reporting`: currency of every sum; `costs`: what service costs, in that currency. */
  constructor(
    private readonly reporting: string,
    private readonly costs: ServiceCosts,
  ) {}

  /** @throws Problem currency_without_rate */
  of({ data, ...event }: Received<Fact>): Effect {
    if (data instanceof OrderConfirmed) return this.ordered({ ...event, data });
    if (data instanceof GoodsReturned) return this.returned({ ...event, data });
    if (data instanceof PaymentReceived) return this.paid({ ...event, data });
    if (data instanceof CaseOpened) return this.served('opened', { ...event, data });
    if (data instanceof CaseSolved) return this.served('solved', { ...event, data });
    if (data instanceof CaseReopened) return this.served('reopened', { ...event, data });
    if (data instanceof CaseRated) return this.served('rated', { ...event, data });
    return this.marketed({ ...event, data });
  }

  private ordered({ data, ...event }: Received<OrderConfirmed>): Effect {
    const { orderId, orderCode, customerId, orderedOn, branchId, ownerId, campaignId, origin } = data;
    const common = { orderId, orderCode, customerId, occurredOn: orderedOn, branchId, ownerId, campaignId, origin };
    const [revenue, cost] = [this.total(data.lines, 'amount'), this.total(data.lines, 'cost')];
    const paid = origin === 'import' ? revenue : '0';
    return {
      table: 'sales_fact',
      facts: data.lines.map((line) => this.salesFact(event, common, line, 'sale')),
      changes: [
        {
          ...this.change(event, customerId),
          orders: 1,
          revenue,
          cost,
          paid,
          firstOrderOn: orderedOn,
          lastOrderOn: orderedOn,
        },
      ],
    };
  }

  private returned({ data, ...event }: Received<GoodsReturned>): Effect {
    const { orderId, customerId, returnedOn, branchId, ownerId, campaignId, origin, refunded } = data;
    const common = { orderId, customerId, occurredOn: returnedOn, branchId, ownerId, campaignId, origin };
    const [revenue, cost] = [this.total(data.lines, 'amount', -1), this.total(data.lines, 'cost', -1)];
    // A return of an imported history that does not say what was paid back is older than the field: all of it was.
    const paid = refunded ? this.amount(refunded).negated().toFixed() : origin === 'import' ? revenue : '0';
    return {
      table: 'sales_fact',
      facts: data.lines.map((line) => this.salesFact(event, common, line, 'return')),
      payments: refunded
        ? [this.paymentFact(event, data, { on: returnedOn, amount: paid, method: 'refund', origin })]
        : [],
      changes: [{ ...this.change(event, customerId), revenue, cost, paid }],
    };
  }

  /**
   * What an imported order was paid is in its customer's sums since it was confirmed; here it is only kept as the cash
   * that it was.
   */
  private paid({ data, ...event }: Received<PaymentReceived>): Effect {
    const amount = this.amount(data.amount).toFixed();
    return {
      table: 'payment_fact',
      facts: [
        this.paymentFact(event, data, {
          paymentId: data.paymentId,
          on: data.receivedOn,
          amount,
          method: data.method,
          origin: data.origin,
        }),
      ],
      changes: data.origin === 'import' ? [] : [{ ...this.change(event, data.customerId), paid: amount }],
    };
  }

  private marketed({ data, ...event }: Received<MessageSent | MessageRefused | ResponseReceived>): Effect {
    const cost = 'cost' in data ? this.amount(data.cost).toFixed() : '0';
    const kind = 'cost' in data ? 'message-sent' : 'reason' in data ? 'message-refused' : 'response-received';
    const { messageId, campaignId, customerId } = data;
    return {
      table: 'market_fact',
      facts: [
        row(event, {
          kind,
          message_id: messageId,
          campaign_id: campaignId,
          customer_id: customerId,
          cost,
          channel: 'channel' in data ? data.channel : data.via,
          reason: 'reason' in data ? data.reason : undefined,
        }),
      ],
      // A refusal reached nobody: it is a fact of the market but changes no customer.
      changes:
        kind === 'message-refused'
          ? []
          : [{ ...this.change(event, customerId), serveCost: cost, messages: kind === 'message-sent' ? 1 : 0 }],
    };
  }

  /** How many complaints are open is no sum of these: a case changes its kind. The states of cases tell it. */
  private served(
    kind: 'opened' | 'solved' | 'reopened' | 'rated',
    { data, ...event }: Received<CaseOpened | CaseSolved | CaseReopened | CaseRated>,
  ): Effect {
    const cost = this.serviceCost(data).toFixed();
    return {
      table: 'service_fact',
      facts: [
        row(event, {
          kind,
          case_id: data.caseId,
          customer_id: data.customerId,
          cost,
          working_minutes: 'workingMinutes' in data ? data.workingMinutes : undefined,
          worked_minutes: 'workedMinutes' in data ? data.workedMinutes : undefined,
          channel: 'channel' in data ? data.channel : undefined,
          case_kind: 'kind' in data ? data.kind : undefined,
          severity: 'severity' in data ? data.severity : undefined,
          category: 'category' in data ? data.category : undefined,
          rating: 'rating' in data ? data.rating : undefined,
        }),
      ],
      changes: [{ ...this.change(event, data.customerId), serveCost: cost, cases: kind === 'opened' ? 1 : 0 }],
    };
  }

  /**
   * A customer who comes costs a contact of the channel; a solution that tells of the minutes worked since then puts
   * their cost in its place.
   */
  private serviceCost(data: CaseOpened | CaseSolved | CaseReopened | CaseRated): Decimal {
    if (data instanceof CaseOpened || data instanceof CaseReopened) return this.costs.contact(data.channel);
    if (data instanceof CaseSolved && data.workedMinutes !== undefined)
      return this.costs.work(data.workedMinutes).minus(this.costs.contact(data.channel));
    return new Decimal(0);
  }

  private salesFact(
    event: Stamp,
    order: {
      orderId: string;
      orderCode?: string;
      customerId: string;
      occurredOn: string;
      branchId?: string;
      ownerId?: string;
      campaignId?: string;
      origin: string;
    },
    line: OrderLine,
    kind: 'sale' | 'return',
  ): FactRow {
    const sign = kind === 'sale' ? 1 : -1;
    return row(event, {
      line: line.line,
      kind,
      order_id: order.orderId,
      order_code: order.orderCode,
      customer_id: order.customerId,
      occurred_on: order.occurredOn,
      product_id: line.productId,
      product_code: line.productCode,
      product_category: line.productCategory,
      quantity: new Decimal(line.quantity).times(sign).toFixed(),
      revenue: this.total([line], 'amount', sign),
      cost: this.total([line], 'cost', sign),
      currency: this.reporting,
      branch_id: order.branchId,
      owner_id: order.ownerId,
      campaign_id: order.campaignId,
      origin: order.origin,
    });
  }

  private paymentFact(
    event: Stamp,
    sale: Pick<GoodsReturned, 'orderId' | 'customerId' | 'branchId' | 'ownerId' | 'campaignId'>,
    money: { paymentId?: string; on: string; amount: string; method: string; origin?: string },
  ): FactRow {
    return row(event, {
      payment_id: money.paymentId,
      order_id: sale.orderId,
      customer_id: sale.customerId,
      received_on: money.on,
      amount: money.amount,
      currency: this.reporting,
      method: money.method,
      branch_id: sale.branchId,
      owner_id: sale.ownerId,
      campaign_id: sale.campaignId,
      origin: money.origin ?? 'entry',
    });
  }

  private change(event: Stamp, customerId: string): InsightChange {
    return { customerId, facts: 1, becauseOf: event.id, occurredAt: event.occurredAt.toISOString() };
  }

  private total(lines: OrderLine[], field: 'amount' | 'cost', sign: 1 | -1 = 1): string {
    return Decimal.sum(...lines.map((line) => this.amount(line[field])))
      .times(sign)
      .toFixed();
  }

  private amount(money: Money): Decimal {
    if (money.currency !== this.reporting)
      throw foreignCurrency({ currency: money.currency, reporting: this.reporting });
    return new Decimal(money.amount);
  }
}

type Stamp = Pick<Received<unknown>, 'id' | 'occurredAt'>;

function row(event: Stamp, columns: Record<string, string | number | null | undefined>): FactRow {
  const filled = Object.fromEntries(Object.entries(columns).map(([name, value]) => [name, value ?? null]));
  return { event_id: event.id, ...filled, occurred_at: event.occurredAt.toISOString() };
}
