import { Injectable } from '@nestjs/common';
import {
  choice,
  Database,
  date,
  decimal,
  defineList,
  find,
  instant,
  lock,
  momentOf,
  nextCode,
  page,
  rows,
  save,
  text,
  uuid,
  type Numbering,
  type Page,
  type ParsedList,
  type Principal,
} from '@quen/chassis';
import { Money } from '@quen/events';
import { defineProblem, Events, newId, type Transaction } from '@quen/messaging';
import {
  combinedDiscount,
  discountBeyondLimit,
  DiscountLimits,
} from '../../catalogue/prices/discount-limits.service.js';
import { PricesService } from '../../catalogue/prices/prices.service.js';
import { OpportunitiesService } from '../../pipeline/opportunities/opportunities.service.js';
import { CustomersService, type KnownCustomer } from '../../replicas/customers/customers.service.js';
import { StaffService } from '../../replicas/staff/staff.service.js';
import { discounted, lineAmount, netAmounts } from './quote-arithmetic.js';
import { QuoteLine } from './quote-line.entity.js';
import { Quote, quoteAcceptedBefore, quoteSold, quoteStatuses, validUntilPast } from './quote.entity.js';
import type { CreateQuote, QuoteLineBody, UpdateQuote } from './quotes.dto.js';

export const quoteNeedsCustomer = defineProblem('unprocessable', 'quote_needs_customer', {
  en: 'Name an opportunity or a customer.',
  vi: 'Hãy nêu cơ hội hoặc khách hàng.',
});

export const quotes = defineList({
  entity: Quote,
  fields: {
    status: choice(quoteStatuses),
    code: text(),
    customerId: uuid(),
    opportunityId: uuid(),
    branchId: uuid(),
    ownerId: uuid(),
    total: decimal(),
    validUntil: date(),
    createdAt: instant(),
    updatedAt: instant(),
  },
  sort: ['updatedAt', 'createdAt', 'code', 'total'],
  defaultSort: '-createdAt',
  search: ['code'],
});

/** A quote and its lines. */
export interface QuoteWithLines {
  quote: Quote;
  lines: QuoteLine[];
}

/** A line as an order takes it over: after all discounts. */
export interface AgreedLine {
  productId: string;
  quantity: string;
  amount: Money;
}

const quoteCodes: Numbering = { sequence: 'quote_code', form: 'BG{yy}-{000000}' };

/** Offers priced from the price books. */
@Injectable()
export class QuotesService {
  constructor(
    private readonly database: Database,
    private readonly events: Events,
    private readonly prices: PricesService,
    private readonly customers: CustomersService,
    private readonly opportunities: OpportunitiesService,
    private readonly staff: StaffService,
    private readonly discounts: DiscountLimits,
  ) {}

  list(query: ParsedList): Promise<Page<Quote>> {
    return this.database.read((tx) => page(tx, quotes, query));
  }

  get(id: string): Promise<QuoteWithLines> {
    return this.database.read(async (tx) => this.withLines(tx, await find(tx, Quote, id)));
  }

  create(body: CreateQuote, caller: Principal): Promise<QuoteWithLines> {
    return this.database.transaction(async (tx) => {
      const { today } = momentOf(tx);
      mustBeToCome(body.validUntil, today);
      const opportunity = body.opportunityId ? await this.opportunities.of(tx, body.opportunityId) : undefined;
      const customerId = opportunity?.customerId ?? body.customerId;
      if (!customerId) throw quoteNeedsCustomer();
      const customer = await this.customers.require(tx, customerId);
      const ownership = opportunity ?? (await this.staff.ownership(tx, caller, customer, body.ownerId));
      const quote = Object.assign(new Quote(), {
        id: newId(),
        code: await nextCode(tx, quoteCodes),
        revision: 1,
        previousId: null,
        opportunityId: opportunity?.id ?? null,
        leadId: opportunity?.leadId ?? null,
        campaignId: opportunity?.campaignId ?? null,
        customerId: customer.id,
        branchId: ownership.branchId,
        ownerId: ownership.ownerId,
        status: 'draft',
        currency: opportunity?.currency ?? 'VND',
        pricedOn: today,
        discountCleared: '0',
        discountPercent: body.discountPercent ?? '0',
        total: '0',
        paymentTerms: body.paymentTerms ?? null,
        deliveryTerms: body.deliveryTerms ?? null,
        validUntil: body.validUntil ?? null,
        issuedAt: null,
        decidedAt: null,
        refuseReason: null,
      });
      const wanted = body.lines ?? (opportunity ? await this.linesOfOpportunity(tx, opportunity.id) : []);
      await this.clear(quote, wanted, caller);
      return this.priceAndSave(tx, quote, customer, wanted);
    });
  }

  /**
   * Changes a draft; its lines are priced anew for today. @throws Problem quote_not_draft, opportunity_lost,
   * discount_beyond_limit
   */
  update(id: string, version: number, { lines, ...terms }: UpdateQuote, caller: Principal): Promise<QuoteWithLines> {
    return this.database.transaction(async (tx) => {
      const quote = await lock(tx, Quote, id, version);
      quote.change(terms);
      const { today } = momentOf(tx);
      mustBeToCome(terms.validUntil, today);
      await this.opportunities.mustBeAlive(tx, quote.opportunityId);
      quote.pricedOn = today;
      // An unchanged discount needs no second clearance.
      if (lines || terms.discountPercent !== undefined)
        await this.clear(quote, lines ?? (await this.linesOf(tx, id)), caller);
      return this.priceAndSave(
        tx,
        quote,
        await this.customers.require(tx, quote.customerId),
        lines ?? (await this.linesOf(tx, id)),
      );
    });
  }

  /**
   * Sends the quote out; an issued revision before it gives way. @throws Problem quote_accepted_before,
   * opportunity_lost, discount_beyond_limit
   */
  issue(id: string, version: number, caller: Principal): Promise<QuoteWithLines> {
    return this.database.transaction(async (tx) => {
      const { at, today } = momentOf(tx);
      const quote = await lock(tx, Quote, id, version);
      const lines = await this.linesOf(tx, id);
      const issued = quote.issue(lines.length, at, today);
      await this.opportunities.mustBeAlive(tx, quote.opportunityId);
      await this.mustBeCleared(quote, lines, caller);
      const accepted = await tx.findOneBy(Quote, { code: quote.code, status: 'accepted' });
      if (accepted) throw quoteAcceptedBefore({ code: quote.code, revision: accepted.revision });
      for (const earlier of await tx.findBy(Quote, { code: quote.code, status: 'issued' })) {
        earlier.supersede();
        await save(tx, earlier);
      }
      return { quote: await this.save(tx, quote, issued), lines };
    });
  }

  accept(id: string, version: number): Promise<QuoteWithLines> {
    return this.database.transaction(async (tx) => {
      const { at, today } = momentOf(tx);
      const quote = await lock(tx, Quote, id, version);
      const accepted = quote.accept(at, today);
      await this.opportunities.mustBeAlive(tx, quote.opportunityId);
      return this.withLines(tx, await this.save(tx, quote, accepted));
    });
  }

  refuse(id: string, version: number, reason: string): Promise<QuoteWithLines> {
    return this.database.transaction(async (tx) => {
      const quote = await lock(tx, Quote, id, version);
      const refused = quote.refuse(reason, momentOf(tx).at);
      return this.withLines(tx, await this.save(tx, quote, refused));
    });
  }

  /** A new draft under the same code, priced for today. */
  revise(id: string): Promise<QuoteWithLines> {
    return this.database.transaction(async (tx) => {
      const quote = await lock(tx, Quote, id);
      await this.opportunities.mustBeAlive(tx, quote.opportunityId);
      const [newest] = await rows<{ revision: number }>(
        tx,
        'select max(revision) as revision from quote where code = $1',
        [quote.code],
      );
      const revised = quote.revise((newest?.revision ?? quote.revision) + 1);
      revised.pricedOn = momentOf(tx).today;
      return this.priceAndSave(
        tx,
        revised,
        await this.customers.require(tx, quote.customerId),
        await this.linesOf(tx, id),
      );
    });
  }

  /**
   * An accepted quote that nothing was made of yet, for the one order or contract that sells it. It stays locked until
   * that one is there,
   * so that two at once do not both sell it. @throws Problem quote_not_accepted, quote_sold, opportunity_lost
   */
  async unsold(tx: Transaction, id: string): Promise<QuoteWithLines> {
    const quote = await lock(tx, Quote, id);
    quote.mustBeAccepted();
    // An order or contract sells the quote, whoever has it by now.
    const [sale] = await this.database.elevated(() =>
      rows<{ code: string }>(
        tx,
        `select code from contract where quote_id = $1 union all select code from sales_order where quote_id = $1 and status <> 'cancelled' limit 1`,
        [id],
      ),
    );
    if (sale) throw quoteSold({ code: quote.code, document: sale.code });
    await this.opportunities.mustBeAlive(tx, quote.opportunityId);
    return this.withLines(tx, quote);
  }

  /** What a contract was made on. */
  async agreed(tx: Transaction, id: string): Promise<QuoteWithLines> {
    return this.withLines(tx, await find(tx, Quote, id));
  }

  /** The lines of a quote after all discounts; they add up to its total. */
  agreedLines({ quote, lines }: QuoteWithLines): AgreedLine[] {
    const net = netAmounts(lines, quote);
    return lines.map(({ productId, quantity, amount }, index) => ({
      productId,
      quantity,
      amount: net[index] ?? Money.of(amount, quote.currency),
    }));
  }

  private async priceAndSave(
    tx: Transaction,
    quote: Quote,
    customer: KnownCustomer,
    wanted: readonly QuoteLineBody[],
  ): Promise<QuoteWithLines> {
    const terms = {
      on: quote.pricedOn,
      currency: quote.currency,
      customerCategory: customer.category,
      customerRank: customer.rank,
      branchId: quote.branchId,
    };
    const prices = await this.prices.price(tx, wanted, terms);
    const lines = prices.map(
      ({ productId, productCode, productName, unit, quantity, source, unitPrice, considered }, index) => {
        const discountPercent = wanted[index]?.discountPercent ?? '0';
        return Object.assign(new QuoteLine(), {
          quoteId: quote.id,
          line: index + 1,
          productId,
          productCode,
          productName,
          unit,
          quantity,
          unitPrice: unitPrice.amount,
          discountPercent,
          amount: lineAmount(unitPrice, quantity, discountPercent).amount,
          explanation: { source, terms, considered },
        });
      },
    );
    quote.total = discounted(
      Money.sum(
        lines.map((line) => Money.of(line.amount, quote.currency)),
        quote.currency,
      ),
      quote.discountPercent,
    ).amount;
    quote.updatedAt = momentOf(tx).at;
    const saved = await save(tx, quote);
    await tx.delete(QuoteLine, { quoteId: quote.id });
    if (lines.length) await tx.insert(QuoteLine, lines as object[]);
    return { quote: saved, lines };
  }

  /** Notes how much the caller, who prices these lines, may give off. @throws Problem discount_beyond_limit */
  private async clear(quote: Quote, lines: readonly QuoteLineBody[], caller: Principal): Promise<void> {
    const limit = await this.discounts.of(caller, quote);
    quote.discountCleared = limit?.toFixed() ?? '100';
    mustGiveAtMost(quote, lines);
  }

  /**
   * Whoever issues the quote answers for what nobody before had the right to give. @throws Problem
   * discount_beyond_limit
   */
  private async mustBeCleared(quote: Quote, lines: readonly QuoteLine[], caller: Principal): Promise<void> {
    const limit = (await this.discounts.of(caller, quote))?.toFixed() ?? '100';
    if (Number(limit) > Number(quote.discountCleared)) quote.discountCleared = limit;
    mustGiveAtMost(quote, lines);
  }

  private async withLines(tx: Transaction, quote: Quote): Promise<QuoteWithLines> {
    return { quote, lines: await this.linesOf(tx, quote.id) };
  }

  private linesOf(tx: Transaction, quoteId: string): Promise<QuoteLine[]> {
    return tx.find(QuoteLine, { where: { quoteId }, order: { line: 'ASC' } });
  }

  private linesOfOpportunity(tx: Transaction, opportunityId: string): Promise<QuoteLineBody[]> {
    return rows(
      tx,
      'select product_id, trim_scale(quantity)::text as quantity from opportunity_line where opportunity_id = $1 order by line',
      [opportunityId],
    );
  }

  private async save(tx: Transaction, quote: Quote, fact: object): Promise<Quote> {
    const saved = await save(tx, quote);
    await this.events.publish(tx, saved, fact);
    return saved;
  }
}

/** @throws Problem valid_until_past */
function mustBeToCome(validUntil: string | null | undefined, today: string): void {
  if (validUntil && validUntil < today) throw validUntilPast({ validUntil });
}

/** @throws Problem discount_beyond_limit naming the first line that gives more than was cleared */
function mustGiveAtMost(
  { discountPercent, discountCleared }: Quote,
  lines: readonly { discountPercent?: string }[],
): void {
  lines.forEach((line, index) => {
    const given = combinedDiscount(line.discountPercent ?? '0', discountPercent);
    if (given.greaterThan(discountCleared))
      throw discountBeyondLimit({
        line: index + 1,
        percent: given.toDecimalPlaces(2).toFixed(),
        limit: discountCleared,
      });
  });
}
