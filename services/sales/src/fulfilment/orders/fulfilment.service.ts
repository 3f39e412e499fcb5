import { Injectable } from '@nestjs/common';
import {
  Database,
  lock,
  momentOf,
  nextCode,
  rows,
  save,
  updateAll,
  type Numbering,
  type Principal,
  type ShownAs,
} from '@quen/chassis';
import type { OrderLine as PublishedLine } from '@quen/events';
import { Events, type Transaction } from '@quen/messaging';
import { dayOfOrder } from './order-day.js';
import { Delivery, DeliveryLine, GoodsReturn, GoodsReturnLine, Invoice, Payment } from './order-facts.entity.js';
import { OrderedLine } from './order-line.entity.js';
import { Order } from './order.entity.js';
import { paymentTwice } from './order.problems.js';
import type { DeliverOrder, InvoiceOrder, OrderDetail, PayOrder, ReturnGoods } from './orders.dto.js';
import { detailOf, linesOf, movementsOf } from './orders.queries.js';

const invoiceCodes: Numbering = { sequence: 'invoice_code', form: 'HDBR{yy}-{000000}' };

/**
 * What happens to a confirmed order. Each use case adds a row that is never changed and the sums on the order, under
 * the order's lock;
 * the database's own constraints stand behind the rules.
 */
@Injectable()
export class FulfilmentService {
  constructor(
    private readonly database: Database,
    private readonly events: Events,
  ) {}

  deliver(id: string, version: number, body: DeliverOrder, caller: Principal): Promise<ShownAs<OrderDetail>> {
    return this.database.transaction(async (tx) => {
      const order = await lock(tx, Order, id, version);
      const lines = await linesOf(tx, id);
      const { today } = momentOf(tx);
      const fact = order.deliver(lines, body.lines, dayOfOrder(order, body.deliveredOn, today));
      await tx.insert(Delivery, {
        id: fact.deliveryId,
        orderId: id,
        deliveredOn: fact.deliveredOn,
        note: body.note ?? null,
        byId: caller.subject,
      });
      await tx.insert(
        DeliveryLine,
        fact.lines.map((part) => ({ deliveryId: fact.deliveryId, ...amountsOf(part) })),
      );
      await updateAll(tx, OrderedLine, lines, ['delivered', 'returned']);
      return this.save(tx, order, fact);
    });
  }

  invoice(id: string, version: number, body: InvoiceOrder, caller: Principal): Promise<ShownAs<OrderDetail>> {
    return this.database.transaction(async (tx) => {
      const order = await lock(tx, Order, id, version);
      const { today } = momentOf(tx);
      const issuedOn = dayOfOrder(order, body.issuedOn, today);
      const fact = order.invoice(await nextCode(tx, invoiceCodes), body.amount, issuedOn, body.dueOn ?? issuedOn);
      await tx.insert(Invoice, {
        id: fact.invoiceId,
        code: fact.invoiceCode,
        orderId: id,
        amount: fact.amount.amount,
        issuedOn,
        dueOn: fact.dueOn,
        byId: caller.subject,
      });
      return this.save(tx, order, fact);
    });
  }

  /** @throws Problem payment_beyond_due, payment_twice, day_in_future */
  pay(id: string, version: number, body: PayOrder, caller: Principal): Promise<ShownAs<OrderDetail>> {
    return this.database.transaction(async (tx) => {
      const order = await lock(tx, Order, id, version);
      const { reference, method } = body;
      const referenceKey = reference === undefined ? null : keyOf(method, reference);
      if (reference && referenceKey) await this.mustBeNew(tx, method, reference, referenceKey);
      const fact = order.pay(body.amount, dayOfOrder(order, body.receivedOn, momentOf(tx).today), method);
      await tx.insert(Payment, {
        id: fact.paymentId,
        orderId: id,
        amount: fact.amount.amount,
        receivedOn: fact.receivedOn,
        method,
        reference: reference ?? null,
        referenceKey,
        byId: caller.subject,
      });
      return this.save(tx, order, fact);
    });
  }

  takeBack(id: string, version: number, body: ReturnGoods, caller: Principal): Promise<ShownAs<OrderDetail>> {
    return this.database.transaction(async (tx) => {
      const order = await lock(tx, Order, id, version);
      const lines = await linesOf(tx, id);
      const fact = order.takeBack(
        lines,
        body.lines,
        dayOfOrder(order, body.returnedOn, momentOf(tx).today),
        body.reason,
        await movementsOf(tx, [id]),
      );
      await tx.insert(GoodsReturn, {
        id: fact.returnId,
        orderId: id,
        returnedOn: fact.returnedOn,
        credited: fact.credited.amount,
        reason: body.reason ?? null,
        byId: caller.subject,
      });
      await tx.insert(
        GoodsReturnLine,
        fact.lines.map((part) => ({ returnId: fact.returnId, ...amountsOf(part) })),
      );
      await updateAll(tx, OrderedLine, lines, ['delivered', 'returned']);
      return this.save(tx, order, fact);
    });
  }

  /**
   * The same number of the same bank or till is the same money, whichever order it is booked on; a unique index says so
   * of two at once. @throws Problem payment_twice
   */
  private async mustBeNew(tx: Transaction, method: string, reference: string, key: string): Promise<void> {
    const [taken] = await rows<{ code: string }>(
      tx,
      'select o.code from payment p join sales_order o on o.id = p.order_id where p.reference_key = $1 or (p.method = $2 and p.reference = $3) limit 1',
      [key, method, reference],
    );
    if (taken) throw paymentTwice({ reference, method, code: taken.code });
  }

  private async save(tx: Transaction, order: Order, fact: object): Promise<ShownAs<OrderDetail>> {
    order.updatedAt = momentOf(tx).at;
    const saved = await save(tx, order);
    await this.events.publish(tx, saved, fact, saved.state());
    return detailOf(tx, saved);
  }
}

/** Reference and method as they are compared: without regard to case and blanks. */
function keyOf(method: string, reference: string): string {
  return [method, reference].map((part) => part.normalize('NFC').replace(/\s+/g, '').toUpperCase()).join(' ');
}

function amountsOf(part: PublishedLine): { line: number; quantity: string; amount: string; cost: string } {
  return { line: part.line, quantity: part.quantity, amount: part.amount.amount, cost: part.cost.amount };
}
