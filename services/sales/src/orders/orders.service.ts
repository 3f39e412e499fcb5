import { Injectable } from '@nestjs/common';
import { choice, Database, date, decimal, defineList, find, instant, lock, type Page, page, type ParsedList, type Principal, text, uuid } from '@quen/chassis';
import { Money } from '@quen/events';
import { defineProblem, Events, newId, type Transaction } from '@quen/messaging';
import { Clock } from '../clock/clock.service.js';
import { nextCode } from '../codes/codes.service.js';
import { ContractsService } from '../contracts/contracts.service.js';
import { CustomersService, type KnownCustomer } from '../customers/customers.service.js';
import { OpportunitiesService } from '../opportunities/opportunities.service.js';
import { PricesService } from '../prices/prices.service.js';
import { ProductsService } from '../products/products.service.js';
import { type AgreedLine, QuotesService } from '../quotes/quotes.service.js';
import { StaffService } from '../staff/staff.service.js';
import { OrderedLine } from './order-line.entity.js';
import { Order, orderStatuses } from './order.entity.js';
import { otherCurrency } from './order.problems.js';
import type { CreateOrder, OrderDetail, OrderLineBody } from './orders.dto.js';
import { detailOf, linesOf } from './orders.queries.js';
import { recordedDay } from './recorded-day.js';

export const orderNeedsCustomer = defineProblem('unprocessable', 'order_needs_customer', { en: 'Name a quote, a contract, an opportunity or a customer.', vi: 'Hãy nêu báo giá, hợp đồng, cơ hội hoặc khách hàng.' });
export const orderNeedsLines = defineProblem('unprocessable', 'order_needs_lines', { en: 'Without a quote or contract, name the lines.', vi: 'Không có báo giá hoặc hợp đồng thì phải nêu các dòng hàng.' });

export const orders = defineList({
  entity: Order,
  fields: {
    status: choice(orderStatuses), origin: choice(['entry', 'import']), delivered: choice(['none', 'part', 'full']), code: text(), customerId: uuid(), quoteId: uuid(), contractId: uuid(), opportunityId: uuid(),
    campaignId: uuid(), branchId: uuid(), ownerId: uuid(), orderedOn: date(), total: decimal(), paid: decimal(), balance: decimal({ sql: '(total - credited - paid)' }), updatedAt: instant(),
  },
  sort: ['orderedOn', 'updatedAt', 'code', 'total'], defaultSort: '-orderedOn', search: ['code'],
});

/** What an order takes over from where it comes from. */
interface Origin {
  customer: KnownCustomer;
  ownerId: string;
  branchId: string;
  currency: string;
  links: Partial<Pick<Order, 'quoteId' | 'contractId' | 'opportunityId' | 'leadId' | 'campaignId' | 'paymentTerms' | 'deliveryTerms'>>;
  lines?: AgreedLine[];
}

/** Orders up to their confirmation. */
@Injectable()
export class OrdersService {
  constructor(
    private readonly database: Database, private readonly events: Events, private readonly clock: Clock, private readonly products: ProductsService, private readonly prices: PricesService,
    private readonly customers: CustomersService, private readonly opportunities: OpportunitiesService, private readonly quotes: QuotesService, private readonly contracts: ContractsService,
    private readonly staff: StaffService,
  ) {}

  list(query: ParsedList): Promise<Page<Order>> {
    return this.database.read((tx) => page(tx, orders, query));
  }

  get(id: string): Promise<OrderDetail> {
    return this.database.read(async (tx) => detailOf(tx, await find(tx, Order, id)));
  }

  /** @throws Problem day_in_future, order_needs_lines */
  create(body: CreateOrder, caller: Principal): Promise<OrderDetail> {
    return this.database.transaction(async (tx) => {
      const { today } = await this.clock.now(tx);
      const origin = await this.originOf(tx, body, caller);
      const orderedOn = recordedDay(body.orderedOn, today);
      const agreed = body.lines ? await this.priced(tx, body.lines, origin, orderedOn) : origin.lines;
      if (!agreed) throw orderNeedsLines();
      const order = Object.assign(new Order(), {
        id: newId(), code: await nextCode(tx, 'order', today), customerId: origin.customer.id, orderedOn, status: 'draft', origin: 'entry', quoteId: null, contractId: null, opportunityId: null, leadId: null,
        campaignId: null, ownerId: origin.ownerId, branchId: origin.branchId, currency: origin.currency, total: Money.sum(agreed.map((line) => line.amount), origin.currency).amount, invoiced: '0', paid: '0',
        credited: '0', delivered: 'none', confirmedAt: null, ...origin.links, paymentTerms: body.paymentTerms ?? origin.links.paymentTerms ?? null, deliveryTerms: body.deliveryTerms ?? origin.links.deliveryTerms ?? null,
      });
      const saved = await tx.save(order);
      await tx.insert(OrderedLine, await this.linesFor(tx, saved.id, origin.currency, agreed));
      await this.events.publish(tx, saved, saved.state());
      return detailOf(tx, saved);
    });
  }

  /** Confirms a draft: from now on it is part of the transaction history. */
  confirm(id: string, version: number): Promise<OrderDetail> {
    return this.database.transaction(async (tx) => {
      const order = await lock(tx, Order, id, version);
      const confirmed = order.confirm(await linesOf(tx, id), (await this.clock.now(tx)).at);
      const saved = await tx.save(order);
      await this.events.publish(tx, saved, confirmed, saved.state());
      return detailOf(tx, saved);
    });
  }

  /** Gives up a draft. @throws Problem order_not_draft */
  cancel(id: string, version: number): Promise<OrderDetail> {
    return this.database.transaction(async (tx) => {
      const order = await lock(tx, Order, id, version);
      order.cancel();
      const saved = await tx.save(order);
      await this.events.publish(tx, saved, saved.state());
      return detailOf(tx, saved);
    });
  }

  private async originOf(tx: Transaction, body: CreateOrder, caller: Principal): Promise<Origin> {
    const contract = body.contractId ? await this.contracts.inForce(tx, body.contractId) : undefined;
    const agreed = contract?.agreed ?? (body.quoteId ? await this.quotes.accepted(tx, body.quoteId) : undefined);
    if (agreed) {
      const { quote } = agreed;
      const { opportunityId, leadId, campaignId, paymentTerms, deliveryTerms } = quote;
      // A contract may be called off in several orders; a quote by itself becomes one order.
      const links = { quoteId: contract ? null : quote.id, contractId: contract?.contract.id ?? null, opportunityId, leadId, campaignId, paymentTerms, deliveryTerms };
      return { customer: await this.customers.require(tx, quote.customerId), ownerId: quote.ownerId, branchId: quote.branchId, currency: quote.currency, links, lines: this.quotes.agreedLines(agreed) };
    }
    const opportunity = body.opportunityId ? await this.opportunities.of(tx, body.opportunityId) : undefined;
    const customerId = opportunity?.customerId ?? body.customerId;
    if (!customerId) throw orderNeedsCustomer();
    const customer = await this.customers.require(tx, customerId);
    const { ownerId, branchId } = opportunity ?? await this.staff.ownership(tx, caller, customer, body.ownerId);
    const links = { opportunityId: opportunity?.id ?? null, leadId: opportunity?.leadId ?? null, campaignId: opportunity?.campaignId ?? null };
    return { customer, ownerId, branchId, currency: opportunity?.currency ?? 'VND', links };
  }

  private async priced(tx: Transaction, lines: readonly OrderLineBody[], { customer, branchId, currency }: Origin, on: string): Promise<AgreedLine[]> {
    if (lines.some((line) => line.amount && line.amount.currency !== currency)) throw otherCurrency({ currency });
    const open = lines.filter((line) => !line.amount);
    const prices = await this.prices.price(tx, open, { on, currency, customerCategory: customer.category, customerRank: customer.rank, branchId });
    const known = new Map(prices.map((price, index) => [open[index], price.unitPrice.times(price.quantity)]));
    return lines.map((line) => ({ productId: line.productId, quantity: line.quantity, amount: known.get(line) ?? Money.of(line.amount?.amount ?? '0', currency) }));
  }

  private async linesFor(tx: Transaction, orderId: string, currency: string, agreed: readonly AgreedLine[]): Promise<OrderedLine[]> {
    const products = await this.products.sellable(tx, agreed.map((line) => line.productId));
    return agreed.map(({ productId, quantity, amount }, index) => {
      const product = products.get(productId);
      const cost = product?.cost && product.currency === currency ? Money.of(product.cost, currency).times(quantity).amount : '0';
      return Object.assign(new OrderedLine(), {
        orderId, line: index + 1, productId, productCode: product?.code ?? '', productCategory: product?.category ?? null, quantity, amount: amount.amount, cost, delivered: '0', returned: '0',
      });
    });
  }
}
