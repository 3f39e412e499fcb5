import { Injectable } from '@nestjs/common';
import {
  bool,
  Database,
  date,
  defineList,
  find,
  insertAll,
  integer,
  invalid,
  lock,
  momentOf,
  page,
  rows,
  save,
  text,
  type Page,
  type ParsedList,
  type ShownAs,
} from '@quen/chassis';
import { Money, tooManyDecimals } from '@quen/events';
import { defineProblem, type Transaction } from '@quen/messaging';
import { CustomersService } from '../../replicas/customers/customers.service.js';
import { ProductsService, productUnknown } from '../products/products.service.js';
import { Price, PriceBook, type PriceBookFields } from './price-book.entity.js';
import { choosePrice, type CandidatePrice, type ConsideredPrice } from './price-choice.js';
import type { CreatePriceBook, PriceBookWithPrices, PriceQuery, PriceView, TierPrice } from './prices.dto.js';

export const priceMissing = defineProblem('unprocessable', 'price_missing', {
  en: 'Product {code} has no price in {currency} for {quantity} on {on}: no price book applies and it has no list price.',
  vi: 'Sản phẩm {code} không có giá bằng {currency} cho số lượng {quantity} vào ngày {on}: không bảng giá nào áp dụng và không có giá niêm yết.',
});
export const priceBookDates = defineProblem('unprocessable', 'price_book_dates', {
  en: 'A price book ends on or after the day on which it begins.',
  vi: 'Ngày hết hiệu lực của bảng giá không được trước ngày bắt đầu.',
});
export const priceBookCodeTaken = defineProblem('conflict', 'price_book_code_taken', {
  en: 'There is a price book with code {code} already.',
  vi: 'Đã có bảng giá mã {code}.',
});
export const tierTwice = defineProblem('unprocessable', 'tier_twice', {
  en: 'The price of product {productId} from {fromQuantity} on is there twice.',
  vi: 'Giá của sản phẩm {productId} từ {fromQuantity} xuất hiện hai lần.',
});

export const priceBooks = defineList({
  entity: PriceBook,
  fields: {
    code: text(),
    name: text(),
    active: bool(),
    validFrom: date(),
    validTo: date(),
    priority: integer(),
    customerCategory: text(),
    customerRank: text(),
  },
  sort: ['code', 'name', 'validFrom'],
  defaultSort: 'code',
  search: ['code', 'name'],
});

/** Who prices are for, and when. */
export interface PriceTerms {
  on: string;
  currency: string;
  customerCategory?: string | null;
  customerRank?: string | null;
  branchId?: string | null;
}

/** The price of a quantity of a product, with what was considered. */
export interface ExplainedPrice {
  productId: string;
  productCode: string;
  productName: string;
  unit: string;
  quantity: string;
  source: 'price-book' | 'list-price';
  unitPrice: Money;
  considered: ConsideredPrice[];
}

/**
 * @throws Problem validation_failed naming each of these unit prices, a list at `pointer`, that has more decimals than
 * the currency
 */
export function mustFit(lines: readonly { unitPrice?: string }[], currency: string, pointer: string): void {
  const wrong = lines.flatMap(({ unitPrice = '0' }, index) =>
    Money.fits(unitPrice, currency)
      ? []
      : [
          {
            pointer: `${pointer}/${index}/unitPrice`,
            code: 'decimals_of_currency',
            message: tooManyDecimals(currency),
          },
        ],
  );
  if (wrong.length) throw invalid(...wrong);
}

function checked(book: PriceBook): PriceBook {
  if (book.validTo !== null && book.validTo < book.validFrom) throw priceBookDates();
  return book;
}

/** Price books and the choice of prices from them. */
@Injectable()
export class PricesService {
  constructor(
    private readonly database: Database,
    private readonly products: ProductsService,
    private readonly customers: CustomersService,
  ) {}

  list(query: ParsedList): Promise<Page<PriceBook>> {
    return this.database.read((tx) => page(tx, priceBooks, query));
  }

  get(id: string): Promise<ShownAs<PriceBookWithPrices>> {
    return this.database.read(async (tx) => ({
      ...(await find(tx, PriceBook, id)),
      prices: await this.pricesIn(tx, id),
    }));
  }

  create({ code, currency = 'VND', ...fields }: CreatePriceBook): Promise<PriceBook> {
    return this.database.transaction(async (tx) => {
      const book = checked(PriceBook.create(code, currency, fields));
      if (await tx.existsBy(PriceBook, { code: book.code })) throw priceBookCodeTaken({ code: book.code });
      return save(tx, book);
    });
  }

  update(id: string, version: number, fields: PriceBookFields): Promise<PriceBook> {
    return this.database.transaction(async (tx) => {
      const book = await lock(tx, PriceBook, id, version);
      book.change(fields);
      return save(tx, checked(book));
    });
  }

  /**
   * Replaces all prices of a book. @throws Problem tier_twice, product_unknown, or validation_failed for a price with
   * more decimals than the book's currency
   */
  replacePrices(id: string, version: number, prices: readonly TierPrice[]): Promise<ShownAs<PriceBookWithPrices>> {
    return this.database.transaction(async (tx) => {
      const book = await lock(tx, PriceBook, id, version);
      mustFit(prices, book.currency, '/prices');
      const seen = new Set<string>();
      for (const { productId, fromQuantity } of prices) {
        const tier = `${productId} ${Number(fromQuantity)}`;
        if (seen.has(tier)) throw tierTwice({ productId, fromQuantity });
        seen.add(tier);
      }
      const [unknown] = await rows<{ id: string }>(
        tx,
        `select id from unnest($1::uuid[]) as wanted(id) where not exists (select 1 from product where product.id = wanted.id) limit 1`,
        [prices.map((price) => price.productId)],
      );
      if (unknown) throw productUnknown({ id: unknown.id });
      await tx.query('delete from price where price_book_id = $1', [id]);
      await insertAll(
        tx,
        Price,
        prices.map(({ productId, fromQuantity, unitPrice }) => ({
          priceBookId: id,
          productId,
          fromQuantity,
          unitPrice,
        })),
      );
      await tx.query('update price_book set version = version + 1, updated_at = now() where id = $1', [id]);
      book.version += 1;
      return { ...book, prices: await this.pricesIn(tx, id) };
    });
  }

  /** The price of one product for one customer on one day, with its reasons. */
  quote(query: PriceQuery): Promise<ShownAs<PriceView>> {
    return this.database.read(async (tx) => {
      const on = query.on ?? momentOf(tx).today;
      const customer = query.customer ? await this.customers.require(tx, query.customer) : undefined;
      const product = await this.productOf(tx, query.product);
      const quantity = query.quantity ?? '1';
      const terms = {
        on,
        currency: product.currency,
        customerCategory: customer?.category,
        customerRank: customer?.rank,
        branchId: customer?.branchId,
      };
      const [price] = await this.price(tx, [{ productId: product.id, quantity }], terms);
      if (!price) throw priceMissing({ code: product.code, currency: product.currency, quantity, on });
      const { productId, productCode, source, unitPrice, considered } = price;
      return {
        productId,
        productCode,
        quantity,
        on,
        source,
        unitPrice,
        amount: unitPrice.times(quantity),
        considered: considered.map((each) => ({ ...each.price, book: each.price.bookCode, verdict: each.verdict })),
      };
    });
  }

  /** Prices lines in one read. @throws Problem product_unknown, product_inactive, price_missing */
  async price(
    tx: Transaction,
    lines: readonly { productId: string; quantity: string }[],
    terms: PriceTerms,
  ): Promise<ExplainedPrice[]> {
    return (await this.inBooks(tx, lines, terms)).map(({ unitPrice, ...price }) => {
      if (!unitPrice)
        throw priceMissing({
          code: price.productCode,
          currency: terms.currency,
          quantity: price.quantity,
          on: terms.on,
        });
      return { ...price, unitPrice };
    });
  }

  /**
   * As {@link price}, with null for lines that neither a book nor a list price has a price for. @throws Problem
   * product_unknown, product_inactive
   */
  async inBooks(
    tx: Transaction,
    lines: readonly { productId: string; quantity: string }[],
    terms: PriceTerms,
  ): Promise<(Omit<ExplainedPrice, 'unitPrice'> & { unitPrice: Money | null })[]> {
    const ids = lines.map((line) => line.productId);
    const products = await this.products.sellable(tx, ids);
    const candidates = await rows<CandidatePrice & { productId: string }>(
      tx,
      `select p.product_id, b.code as book_code, b.name as book_name, b.currency, b.valid_from::text as valid_from, b.valid_to::text as valid_to,
              b.customer_category, b.customer_rank, b.branch_id, b.priority,
              trim_scale(p.from_quantity)::text as from_quantity, trim_scale(p.unit_price)::text as unit_price
       from price p join price_book b on b.id = p.price_book_id where p.product_id = any($1::uuid[]) and b.active`,
      [[...new Set(ids)]],
    );
    return lines.map(({ productId, quantity }) => {
      const product = products.get(productId);
      if (!product) throw productUnknown({ id: productId });
      const { chosen, considered } = choosePrice(
        candidates.filter((each) => each.productId === productId),
        { ...terms, quantity },
      );
      const listPrice = product.currency === terms.currency ? product.listPrice : null;
      const unitPrice = chosen?.unitPrice ?? listPrice;
      return {
        productId,
        productCode: product.code,
        productName: product.name,
        unit: product.unit,
        quantity,
        source: chosen ? ('price-book' as const) : ('list-price' as const),
        unitPrice: unitPrice === null ? null : Money.of(unitPrice, terms.currency),
        considered,
      };
    });
  }

  /** For lines whose price was agreed by hand. @throws Problem product_unknown, product_inactive */
  async mustBeSellable(tx: Transaction, lines: readonly { productId: string }[]): Promise<void> {
    await this.products.sellable(
      tx,
      lines.map((line) => line.productId),
    );
  }

  private async productOf(tx: Transaction, idOrCode: string): Promise<{ id: string; code: string; currency: string }> {
    const byCode = (await this.products.byCode(tx, [idOrCode])).values().next().value;
    if (byCode) return byCode;
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(idOrCode)) throw productUnknown({ id: idOrCode });
    const id = idOrCode.toLowerCase();
    const product = (await this.products.sellable(tx, [id])).get(id);
    if (!product) throw productUnknown({ id });
    return product;
  }

  private pricesIn(tx: Transaction, bookId: string): Promise<Price[]> {
    return rows(
      tx,
      `select price_book_id, product_id, trim_scale(from_quantity)::text as from_quantity, trim_scale(unit_price)::text as unit_price
       from price where price_book_id = $1 order by product_id, price.from_quantity`,
      [bookId],
    );
  }
}
