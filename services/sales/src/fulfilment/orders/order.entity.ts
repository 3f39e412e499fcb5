import { Column, CreateDateColumn, Entity, PrimaryColumn, UpdateDateColumn, VersionColumn } from 'typeorm';
import { DecimalColumn } from '@quen/chassis';
import {
  build,
  exceeds,
  GoodsDelivered,
  GoodsReturned,
  InvoiceIssued,
  minus,
  Money,
  OrderConfirmed,
  OrderState,
  PaymentReceived,
  plus,
  type OrderLine as PublishedLine,
} from '@quen/events';
import { newId } from '@quen/messaging';
import { balanceOf, deliveredState, returnableOn, type Movement } from './order-arithmetic.value.js';
import { OrderedLine } from './order-line.entity.js';
import {
  amountNotPositive,
  deliveryBeyondOrdered,
  dueBeforeIssue,
  invoiceBeyondTotal,
  lineTwice,
  lineUnknown,
  nothingToDeliver,
  orderNotConfirmed,
  orderNotDraft,
  orderWithoutLines,
  otherCurrency,
  paymentBeyondDue,
  returnBeforeDelivery,
  returnBeyondDelivered,
  returnBeyondTotal,
} from './order.problems.js';

export const orderStatuses = ['draft', 'confirmed', 'cancelled', 'closed'] as const;
export type OrderStatus = (typeof orderStatuses)[number];

/** A quantity of one line. */
export interface LinePart {
  line: number;
  quantity: string;
}

/** A part of a line that comes back; what it credits and cost where that is told, else its share of the line. */
export interface ReturnPart extends LinePart {
  amount?: Money;
  cost?: Money;
}

/** What is told of an order of the past. */
export interface PastOrder {
  code: string;
  customerId: string;
  orderedOn: string;
  branchId: string;
  ownerId: string | null;
  currency: string;
  lines: Pick<OrderedLine, 'productId' | 'productCode' | 'productCategory' | 'quantity' | 'amount' | 'cost'>[];
}

/** An order with its lines. */
export interface WholeOrder {
  order: Order;
  lines: OrderedLine[];
}

/**
 * An order. What happens to it is added as facts (deliveries, invoices, payments, returns), each a row of its own;
 * the order only keeps their sums. It is closed once all is delivered and nothing is due.
 */
@Entity('sales_order')
export class Order {
  @PrimaryColumn({ type: 'uuid' }) id!: string;
  @Column({ type: 'text' }) code!: string;
  @Column({ type: 'uuid' }) customerId!: string;
  @Column({ type: 'date' }) orderedOn!: string;
  @Column({ type: 'text' }) status!: OrderStatus;
  @Column({ type: 'text' }) origin!: 'entry' | 'import';
  @Column({ type: 'uuid', nullable: true }) quoteId!: string | null;
  @Column({ type: 'uuid', nullable: true }) contractId!: string | null;
  @Column({ type: 'uuid', nullable: true }) opportunityId!: string | null;
  @Column({ type: 'uuid', nullable: true }) leadId!: string | null;
  @Column({ type: 'uuid', nullable: true }) campaignId!: string | null;
  @Column({ type: 'uuid' }) branchId!: string;
  @Column({ type: 'uuid', nullable: true }) ownerId!: string | null;
  @Column({ type: 'text', nullable: true }) paymentTerms!: string | null;
  @Column({ type: 'text', nullable: true }) deliveryTerms!: string | null;
  @Column({ type: 'char', length: 3 }) currency!: string;
  @DecimalColumn() total!: string;
  @DecimalColumn() invoiced!: string;
  @DecimalColumn() paid!: string;
  @DecimalColumn() credited!: string;
  @Column({ type: 'text' }) delivered!: 'none' | 'part' | 'full';
  @Column({ type: 'timestamptz', nullable: true }) confirmedAt!: Date | null;
  @VersionColumn() version!: number;
  @CreateDateColumn({ type: 'timestamptz' }) createdAt!: Date;
  @UpdateDateColumn({ type: 'timestamptz' }) updatedAt!: Date;

  /** An order of the past: it counts as delivered and paid on its own day. */
  static ofPast(
    { lines: sold, ...told }: PastOrder,
    at: Date,
  ): WholeOrder & { confirmed: OrderConfirmed; payment?: PaymentReceived } {
    const total = Money.sum(
      sold.map((line) => Money.of(line.amount, told.currency)),
      told.currency,
    ).amount;
    const order: Order = Object.assign(new Order(), {
      ...told,
      id: newId(),
      status: 'draft',
      origin: 'import',
      quoteId: null,
      contractId: null,
      opportunityId: null,
      leadId: null,
      campaignId: null,
      paymentTerms: null,
      deliveryTerms: null,
      total,
      invoiced: '0',
      paid: '0',
      credited: '0',
      delivered: 'none',
      confirmedAt: null,
      version: 1,
    } satisfies Partial<Order>);
    const lines = sold.map((line, index) =>
      Object.assign(new OrderedLine(), {
        ...line,
        orderId: order.id,
        line: index + 1,
        delivered: line.quantity,
        returned: '0',
      }),
    );
    const confirmed = order.confirm(lines, at);
    order.delivered = deliveredState(lines);
    const payment = exceeds(total, '0') ? order.pay(order.balance(), order.orderedOn, 'import', 'import') : undefined;
    order.closeWhenDone();
    return { order, lines, confirmed, ...(payment && { payment }) };
  }

  money(amount: string): Money {
    return Money.of(amount, this.currency);
  }

  /** What is still due; negative when the firm owes the customer. */
  balance(): Money {
    return balanceOf(this.money(this.total), this.money(this.credited), this.money(this.paid));
  }

  /** @throws Problem order_not_draft, order_without_lines */
  confirm(lines: readonly OrderedLine[], at: Date): OrderConfirmed {
    this.mustBeDraft();
    if (!lines.length) throw orderWithoutLines();
    this.status = 'confirmed';
    this.confirmedAt = at;
    return build(OrderConfirmed, {
      orderId: this.id,
      orderCode: this.code,
      customerId: this.customerId,
      orderedOn: this.orderedOn,
      lines: lines.map((line) => line.published(this.currency)),
      total: this.money(this.total),
      branchId: this.branchId,
      ownerId: this.ownerId,
      opportunityId: this.opportunityId,
      contractId: this.contractId,
      leadId: this.leadId,
      campaignId: this.campaignId,
      origin: this.origin,
    });
  }

  /** Gives up a draft; a confirmed order is a fact that only new facts correct. @throws Problem order_not_draft */
  cancel(): void {
    this.mustBeDraft();
    this.status = 'cancelled';
  }

  /**
   * Hands over parts of lines, or all that is open when `parts` is left out. @throws Problem delivery_beyond_ordered
   * and others
   */
  deliver(lines: readonly OrderedLine[], parts: readonly LinePart[] | undefined, deliveredOn: string): GoodsDelivered {
    this.mustBeConfirmed();
    const wanted =
      parts ??
      lines.map((line) => ({ line: line.line, quantity: line.open() })).filter((part) => exceeds(part.quantity, '0'));
    if (!wanted.length) throw nothingToDeliver({ code: this.code });
    const delivered = this.eachLine(lines, wanted, (line, quantity) => {
      const open = line.open();
      if (exceeds(quantity, open)) throw deliveryBeyondOrdered({ line: line.line, open, quantity });
      const part = line.part(this.currency, line.delivered, quantity);
      line.delivered = plus(line.delivered, quantity);
      return part;
    });
    this.delivered = deliveredState(lines);
    this.closeWhenDone();
    return build(GoodsDelivered, {
      orderId: this.id,
      deliveryId: newId(),
      customerId: this.customerId,
      deliveredOn,
      lines: delivered,
      ...this.sale(),
    });
  }

  /**
   * Demands payment of `amount`, or of all that was not invoiced yet. @throws Problem invoice_beyond_total and others
   */
  invoice(code: string, amount: Money | undefined, issuedOn: string, dueOn: string): InvoiceIssued {
    this.mustBeConfirmed();
    const open = this.money(minus(minus(this.total, this.credited), this.invoiced));
    const wanted = this.positive(amount ?? open, () =>
      invoiceBeyondTotal({ open: open.amount, currency: this.currency, code: this.code }),
    );
    if (wanted.compareTo(open) > 0)
      throw invoiceBeyondTotal({ open: open.amount, currency: this.currency, code: this.code });
    if (dueOn < issuedOn) throw dueBeforeIssue();
    this.invoiced = plus(this.invoiced, wanted.amount);
    return build(InvoiceIssued, {
      orderId: this.id,
      invoiceId: newId(),
      customerId: this.customerId,
      invoiceCode: code,
      amount: wanted,
      issuedOn,
      dueOn,
      ...this.sale(),
    });
  }

  /**
   * Takes money, at most what is due: what a customer pays beyond that belongs to another order. @throws Problem
   * payment_beyond_due and others
   */
  pay(amount: Money, receivedOn: string, method: string, origin?: 'import'): PaymentReceived {
    this.mustBeConfirmed();
    const due = this.balance();
    const paid = this.positive(amount, () => amountNotPositive());
    if (paid.compareTo(due) > 0) throw paymentBeyondDue({ open: due.amount, currency: this.currency, code: this.code });
    this.paid = plus(this.paid, paid.amount);
    this.closeWhenDone();
    return build(PaymentReceived, {
      orderId: this.id,
      paymentId: newId(),
      customerId: this.customerId,
      amount: paid,
      receivedOn,
      method,
      ...(origin && { origin }),
      ...this.sale(),
    });
  }

  /**
   * Takes goods back and credits their share of the line, or what is told of them; nothing changes where that cannot be.
   * Of an order of the past that came back in the past, the money counts as paid back.
   * @param movements what went and came back so far, by day
   * @throws Problem return_beyond_delivered, return_before_delivery, return_beyond_total and others
   */
  takeBack(
    lines: readonly OrderedLine[],
    parts: readonly ReturnPart[],
    returnedOn: string,
    reason: string | null | undefined,
    movements: readonly Movement[],
    origin: 'entry' | 'import' = 'entry',
  ): GoodsReturned {
    this.mustBeConfirmed();
    const returned = this.eachLine(lines, parts, (line, quantity, { amount, cost }) => {
      const open = minus(line.delivered, line.returned);
      if (exceeds(quantity, open)) throw returnBeyondDelivered({ line: line.line, open, quantity });
      if (exceeds(quantity, returnableOn(movements, line.line, returnedOn)))
        throw returnBeforeDelivery({ line: line.line, quantity, day: returnedOn });
      const part = line.part(this.currency, line.returned, quantity);
      return Object.assign(part, amount && { amount }, cost && { cost });
    });
    const credited = Money.sum(
      returned.map((part) => part.amount),
      this.currency,
    );
    if (exceeds(plus(this.credited, credited.amount), this.total))
      throw returnBeyondTotal({
        code: this.code,
        total: this.total,
        credited: this.credited,
        amount: credited.amount,
        currency: this.currency,
      });
    for (const { line: number, quantity } of returned) {
      const line = lines.find((each) => each.line === number);
      if (line) line.returned = plus(line.returned, quantity);
    }
    this.credited = plus(this.credited, credited.amount);
    const refunded = this.money(this.origin === 'import' ? credited.amount : '0');
    if (origin === 'import') this.paid = minus(this.paid, refunded.amount);
    this.closeWhenDone();
    return build(GoodsReturned, {
      orderId: this.id,
      returnId: newId(),
      customerId: this.customerId,
      returnedOn,
      lines: returned,
      credited,
      reason,
      origin,
      ...(origin === 'import' && { refunded }),
      ...this.sale(),
    });
  }

  state(): OrderState {
    return build(OrderState, {
      orderId: this.id,
      version: this.version,
      code: this.code,
      customerId: this.customerId,
      orderedOn: this.orderedOn,
      status: this.status,
      total: this.money(this.total),
      paid: this.money(this.paid),
      returned: this.money(this.credited),
      delivered: this.delivered,
      branchId: this.branchId,
      ownerId: this.ownerId,
    });
  }

  /** What every fact says of the order that it belongs to. */
  private sale(): {
    branchId: string;
    ownerId: string | null;
    campaignId: string | null;
    orderOrigin: 'entry' | 'import';
  } {
    return { branchId: this.branchId, ownerId: this.ownerId, campaignId: this.campaignId, orderOrigin: this.origin };
  }

  private eachLine<P extends LinePart>(
    lines: readonly OrderedLine[],
    parts: readonly P[],
    take: (line: OrderedLine, quantity: string, part: P) => PublishedLine,
  ): PublishedLine[] {
    const seen = new Set<number>();
    return parts.map((part) => {
      const line = lines.find((each) => each.line === part.line);
      if (!line) throw lineUnknown({ code: this.code, line: part.line });
      if (seen.has(part.line)) throw lineTwice({ line: part.line });
      seen.add(part.line);
      return take(line, part.quantity, part);
    });
  }

  private positive(amount: Money, problem: () => Error): Money {
    if (amount.currency !== this.currency) throw otherCurrency({ currency: this.currency });
    if (amount.compareTo(Money.zero(this.currency)) <= 0) throw problem();
    return Money.of(amount.amount, amount.currency);
  }

  private closeWhenDone(): void {
    if (
      this.status === 'confirmed' &&
      this.delivered === 'full' &&
      this.balance().compareTo(Money.zero(this.currency)) <= 0
    )
      this.status = 'closed';
  }

  private mustBeDraft(): void {
    if (this.status !== 'draft') throw orderNotDraft({ code: this.code, status: this.status });
  }

  private mustBeConfirmed(): void {
    if (this.status !== 'confirmed' && this.status !== 'closed')
      throw orderNotConfirmed({ code: this.code, status: this.status });
  }
}
