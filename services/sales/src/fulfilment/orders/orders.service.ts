import { Injectable } from '@nestjs/common';
import {
  choice,
  civilDay,
  Database,
  date,
  decimal,
  defineExport,
  defineList,
  find,
  instant,
  lock,
  momentOf,
  nextCode,
  page,
  recordedDay,
  save,
  text,
  uuid,
  type Numbering,
  type Page,
  type ParsedList,
  type Principal,
  type ShownAs,
} from '@quen/chassis';
import { Money } from '@quen/events';
import { defineProblem, Events, newId, type Transaction } from '@quen/messaging';
import { ContractsService } from '../../agreements/contracts/contracts.service.js';
import { QuotesService, type AgreedLine } from '../../agreements/quotes/quotes.service.js';
import { DiscountLimits } from '../../catalogue/prices/discount-limits.service.js';
import { priceMissing, PricesService } from '../../catalogue/prices/prices.service.js';
import { ProductsService } from '../../catalogue/products/products.service.js';
import { OpportunitiesService } from '../../pipeline/opportunities/opportunities.service.js';
import { CustomersService, type KnownCustomer } from '../../replicas/customers/customers.service.js';
import { StaffService } from '../../replicas/staff/staff.service.js';
import { OrderedLine } from './order-line.entity.js';
import { Order, orderStatuses } from './order.entity.js';
import { linesOfQuote, orderBeforeQuote, orderContradictsOrigin, otherCurrency } from './order.problems.js';
import type { CreateOrder, OrderDetail, OrderLineBody } from './orders.dto.js';
import { detailOf, linesOf } from './orders.queries.js';

export const orderNeedsCustomer = defineProblem('unprocessable', 'order_needs_customer', {
  en: 'Name a quote, a contract, an opportunity or a customer.',
  vi: 'Hãy nêu báo giá, hợp đồng, cơ hội hoặc khách hàng.',
});
export const orderNeedsLines = defineProblem('unprocessable', 'order_needs_lines', {
  en: 'Without a quote or contract, name the lines.',
  vi: 'Không có báo giá hoặc hợp đồng thì phải nêu các dòng hàng.',
});

export const orders = defineList({
  entity: Order,
  fields: {
    status: choice(orderStatuses),
    origin: choice(['entry', 'import']),
    delivered: choice(['none', 'part', 'full']),
    code: text(),
    customerId: uuid(),
    quoteId: uuid(),
    contractId: uuid(),
    opportunityId: uuid(),
    campaignId: uuid(),
    branchId: uuid(),
    ownerId: uuid(),
    orderedOn: date(),
    total: decimal(),
    paid: decimal(),
    balance: decimal({ sql: '(total - credited - paid)' }),
    updatedAt: instant(),
  },
  sort: ['orderedOn', 'updatedAt', 'code', 'total'],
  defaultSort: '-orderedOn',
  search: ['code'],
});

const orderCodes: Numbering = { sequence: 'order_code', form: 'DH{yy}-{000000}' };

/** The list of orders as a file. */
export const orderExport = defineExport<Order>({
  name: 'orders',
  list: orders,
  columns: {
    code: { heading: { vi: 'Mã đơn hàng', en: 'Order code' } },
    orderedOn: { heading: { vi: 'Ngày đặt', en: 'Ordered on' }, as: 'day' },
    customerId: { heading: { vi: 'Khách hàng (id)', en: 'Customer id' } },
    status: { heading: { vi: 'Trạng thái', en: 'Status' } },
    delivered: { heading: { vi: 'Giao hàng', en: 'Delivered' } },
    total: { heading: { vi: 'Giá trị', en: 'Total' }, as: 'number' },
    paid: { heading: { vi: 'Đã trả', en: 'Paid' }, as: 'number' },
    credited: { heading: { vi: 'Ghi giảm', en: 'Credited' }, as: 'number' },
    currency: { heading: { vi: 'Loại tiền', en: 'Currency' } },
    origin: { heading: { vi: 'Nguồn gốc', en: 'Origin' } },
    updatedAt: { heading: { vi: 'Sửa lúc', en: 'Updated at' } },
  },
});

/** What an order takes over from where it comes from. */
interface Origin {
  customer: KnownCustomer;
  ownerId: string;
  branchId: string;
  currency: string;
  links: Partial<
    Pick<Order, 'quoteId' | 'contractId' | 'opportunityId' | 'leadId' | 'campaignId' | 'paymentTerms' | 'deliveryTerms'>
  >;
  lines?: AgreedLine[];
}

/** Orders up to their confirmation. */
@Injectable()
export class OrdersService {
  constructor(
    private readonly database: Database,
    private readonly events: Events,
    private readonly products: ProductsService,
    private readonly prices: PricesService,
    private readonly customers: CustomersService,
    private readonly opportunities: OpportunitiesService,
    private readonly quotes: QuotesService,
    private readonly contracts: ContractsService,
    private readonly staff: StaffService,
    private readonly discounts: DiscountLimits,
  ) {}

  list(query: ParsedList): Promise<Page<Order>> {
    return this.database.read((tx) => page(tx, orders, query));
  }

  get(id: string): Promise<ShownAs<OrderDetail>> {
    return this.database.read(async (tx) => detailOf(tx, await find(tx, Order, id)));
  }

  /**
   * @throws Problem day_in_future, order_needs_lines, order_contradicts_origin, discount_beyond_limit and what refuses
   * a quote, contract or opportunity
   */
  create(body: CreateOrder, caller: Principal): Promise<ShownAs<OrderDetail>> {
    return this.database.transaction(async (tx) => {
      const { today } = momentOf(tx);
      const orderedOn = recordedDay(body.orderedOn, today);
      const origin = await this.originOf(tx, body, caller, orderedOn);
      const agreed = origin.lines ?? (body.lines && (await this.priced(tx, body.lines, origin, orderedOn, caller)));
      if (!agreed) throw orderNeedsLines();
      const order = Object.assign(new Order(), {
        id: newId(),
        code: await nextCode(tx, orderCodes),
        customerId: origin.customer.id,
        orderedOn,
        status: 'draft',
        origin: 'entry',
        quoteId: null,
        contractId: null,
        opportunityId: null,
        leadId: null,
        campaignId: null,
        ownerId: origin.ownerId,
        branchId: origin.branchId,
        currency: origin.currency,
        total: Money.sum(
          agreed.map((line) => line.amount),
          origin.currency,
        ).amount,
        invoiced: '0',
        paid: '0',
        credited: '0',
        delivered: 'none',
        confirmedAt: null,
        ...origin.links,
        paymentTerms: body.paymentTerms ?? origin.links.paymentTerms ?? null,
        deliveryTerms: body.deliveryTerms ?? origin.links.deliveryTerms ?? null,
      });
      const saved = await save(tx, order);
      await tx.insert(OrderedLine, await this.linesFor(tx, saved.id, origin.currency, agreed));
      await this.events.publish(tx, saved, saved.state());
      return detailOf(tx, saved);
    });
  }

  /** Confirms a draft: from now on it is part of the transaction history. */
  confirm(id: string, version: number): Promise<ShownAs<OrderDetail>> {
    return this.database.transaction(async (tx) => {
      const order = await lock(tx, Order, id, version);
      await this.contracts.mustHold(tx, order.contractId, order.orderedOn);
      await this.opportunities.mustBeAlive(tx, order.opportunityId);
      const confirmed = order.confirm(await linesOf(tx, id), momentOf(tx).at);
      const saved = await save(tx, order);
      await this.events.publish(tx, saved, confirmed, saved.state());
      return detailOf(tx, saved);
    });
  }

  /** Gives up a draft. @throws Problem order_not_draft */
  cancel(id: string, version: number): Promise<ShownAs<OrderDetail>> {
    return this.database.transaction(async (tx) => {
      const order = await lock(tx, Order, id, version);
      order.cancel();
      const saved = await save(tx, order);
      await this.events.publish(tx, saved, saved.state());
      return detailOf(tx, saved);
    });
  }

  private async originOf(tx: Transaction, body: CreateOrder, caller: Principal, orderedOn: string): Promise<Origin> {
    if (body.contractId) return this.originInContract(tx, body, body.contractId, caller, orderedOn);
    if (body.quoteId) return this.originInQuote(tx, body, body.quoteId, orderedOn);
    const opportunity = body.opportunityId ? await this.opportunities.of(tx, body.opportunityId) : undefined;
    const customerId = opportunity?.customerId ?? body.customerId;
    if (!customerId) throw orderNeedsCustomer();
    const customer = await this.customers.require(tx, customerId);
    if (opportunity) await this.mustAgree(tx, body, 'opportunity', customer.id, { ownerId: opportunity.ownerId });
    const { ownerId, branchId } = opportunity ?? (await this.staff.ownership(tx, caller, customer, body.ownerId));
    const links = {
      opportunityId: opportunity?.id ?? null,
      leadId: opportunity?.leadId ?? null,
      campaignId: opportunity?.campaignId ?? null,
    };
    return { customer, ownerId, branchId, currency: opportunity?.currency ?? 'VND', links };
  }

  /** A contract may be called off in several orders, each at the contract's prices. */
  private async originInContract(
    tx: Transaction,
    body: CreateOrder,
    id: string,
    caller: Principal,
    orderedOn: string,
  ): Promise<Origin> {
    const { contract, quote, lines } = await this.contracts.callOff(tx, id, orderedOn, body.lines);
    await this.opportunities.mustBeAlive(tx, contract.opportunityId);
    const customer = await this.customers.require(tx, contract.customerId);
    const { opportunityId, leadId, campaignId, ownerId, branchId, currency } = contract;
    await this.mustAgree(tx, body, 'contract', customer.id, { ownerId, opportunityId, quoteId: contract.quoteId });
    await this.discounts.mustAllow(
      caller,
      contract,
      lines.map(({ amount, atContractPrice }) => ({ amount, book: atContractPrice })),
    );
    return {
      customer,
      ownerId,
      branchId,
      currency,
      lines,
      links: {
        quoteId: null,
        contractId: contract.id,
        opportunityId,
        leadId,
        campaignId,
        paymentTerms: quote.paymentTerms,
        deliveryTerms: quote.deliveryTerms,
      },
    };
  }

  /** A quote by itself becomes one order, as it stands. */
  private async originInQuote(tx: Transaction, body: CreateOrder, id: string, orderedOn: string): Promise<Origin> {
    const sold = await this.quotes.unsold(tx, id);
    const { opportunityId, leadId, campaignId, ownerId, branchId, currency, paymentTerms, deliveryTerms, code } =
      sold.quote;
    if (body.lines) throw linesOfQuote();
    const issuedOn = sold.quote.issuedAt && civilDay(sold.quote.issuedAt, momentOf(tx).zone);
    if (issuedOn && orderedOn < issuedOn) throw orderBeforeQuote({ code, issuedOn, day: orderedOn });
    const customer = await this.customers.require(tx, sold.quote.customerId);
    await this.mustAgree(tx, body, 'quote', customer.id, { ownerId, opportunityId });
    return {
      customer,
      ownerId,
      branchId,
      currency,
      lines: this.quotes.agreedLines(sold),
      links: { quoteId: id, contractId: null, opportunityId, leadId, campaignId, paymentTerms, deliveryTerms },
    };
  }

  /** What the body names beside its origin must be the origin's. @throws Problem order_contradicts_origin */
  private async mustAgree(
    tx: Transaction,
    body: CreateOrder,
    origin: 'quote' | 'contract' | 'opportunity',
    customerId: string,
    links: { ownerId: string; opportunityId?: string | null; quoteId?: string },
  ): Promise<void> {
    if (body.customerId && (await this.customers.require(tx, body.customerId)).id !== customerId)
      throw orderContradictsOrigin({ field: 'customerId', origin });
    for (const [field, own] of Object.entries(links)) {
      const named = body[field as 'ownerId' | 'opportunityId' | 'quoteId'];
      if (named && named !== own) throw orderContradictsOrigin({ field, origin });
    }
  }

  private async priced(
    tx: Transaction,
    lines: readonly OrderLineBody[],
    { customer, branchId, ownerId, currency }: Origin,
    on: string,
    caller: Principal,
  ): Promise<AgreedLine[]> {
    if (lines.some((line) => line.amount && line.amount.currency !== currency)) throw otherCurrency({ currency });
    const terms = { on, currency, customerCategory: customer.category, customerRank: customer.rank, branchId };
    const known = await this.prices.inBooks(tx, lines, terms);
    const agreed = known.map((price, index) => {
      const book = price.unitPrice && price.unitPrice.times(price.quantity);
      const typed = lines[index]?.amount;
      const amount = typed ? Money.of(typed.amount, currency) : book;
      if (!amount) throw priceMissing({ code: price.productCode, currency, quantity: price.quantity, on });
      return { productId: price.productId, quantity: price.quantity, amount, book };
    });
    await this.discounts.mustAllow(caller, { ownerId, branchId }, agreed);
    return agreed.map(({ book: _book, ...line }) => line);
  }

  private async linesFor(
    tx: Transaction,
    orderId: string,
    currency: string,
    agreed: readonly AgreedLine[],
  ): Promise<OrderedLine[]> {
    const products = await this.products.sellable(
      tx,
      agreed.map((line) => line.productId),
    );
    return agreed.map(({ productId, quantity, amount }, index) => {
      const product = products.get(productId);
      const cost =
        product?.cost && product.currency === currency ? Money.of(product.cost, currency).times(quantity).amount : '0';
      return Object.assign(new OrderedLine(), {
        orderId,
        line: index + 1,
        productId,
        productCode: product?.code ?? '',
        productCategory: product?.category ?? null,
        quantity,
        amount: amount.amount,
        cost,
        delivered: '0',
        returned: '0',
      });
    });
  }
}
