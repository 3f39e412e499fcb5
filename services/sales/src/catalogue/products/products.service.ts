import { Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import {
  bool,
  choice,
  Database,
  defineExport,
  defineList,
  find,
  instant,
  lock,
  page,
  save,
  text,
  type Page,
  type ParsedList,
} from '@quen/chassis';
import { defineProblem, Events, type Transaction } from '@quen/messaging';
import { Product, productCode, productKinds, type ProductFields } from './product.entity.js';
import type { CreateProduct } from './products.dto.js';

export const productUnknown = defineProblem('unprocessable', 'product_unknown', {
  en: 'There is no product {id}.',
  vi: 'Không có sản phẩm {id}.',
});
export const productInactive = defineProblem('unprocessable', 'product_inactive', {
  en: 'Product {code} is no longer sold.',
  vi: 'Sản phẩm {code} không còn bán.',
});
export const productCodeTaken = defineProblem('conflict', 'product_code_taken', {
  en: 'There is a product with code {code} already.',
  vi: 'Đã có sản phẩm mã {code}.',
});

export const products = defineList({
  entity: Product,
  fields: {
    code: text(),
    name: text(),
    kind: choice(productKinds),
    category: text(),
    department: text(),
    active: bool(),
    updatedAt: instant(),
  },
  sort: ['code', 'name', 'category', 'updatedAt'],
  defaultSort: 'code',
  search: 'searchText',
});

/** The list of products as a file; with the headings that an import of products knows. */
export const productExport = defineExport<Product>({
  name: 'products',
  list: products,
  resource: 'product',
  columns: {
    code: { heading: { vi: 'Mã sản phẩm', en: 'Code' } },
    name: { heading: { vi: 'Tên sản phẩm', en: 'Name' } },
    kind: { heading: { vi: 'Loại', en: 'Kind' } },
    unit: { heading: { vi: 'Đơn vị tính', en: 'Unit' } },
    category: { heading: { vi: 'Nhóm hàng', en: 'Category' } },
    department: { heading: { vi: 'Phòng ban', en: 'Department' } },
    listPrice: { heading: { vi: 'Giá niêm yết', en: 'List price' }, as: 'number' },
    cost: { heading: { vi: 'Giá vốn', en: 'Cost' }, as: 'number', needs: 'read-cost' },
    currency: { heading: { vi: 'Loại tiền', en: 'Currency' } },
    active: { heading: { vi: 'Đang bán', en: 'Active' } },
    updatedAt: { heading: { vi: 'Sửa lúc', en: 'Updated at' } },
  },
});

/** Products and services. */
@Injectable()
export class ProductsService {
  constructor(
    private readonly database: Database,
    private readonly events: Events,
  ) {}

  list(query: ParsedList): Promise<Page<Product>> {
    return this.database.read((tx) => page(tx, products, query));
  }

  get(id: string): Promise<Product> {
    return this.database.read((tx) => find(tx, Product, id));
  }

  create({ code, ...fields }: CreateProduct): Promise<Product> {
    return this.database.transaction(async (tx) => {
      if (await tx.existsBy(Product, { code: productCode(code) })) throw productCodeTaken({ code: productCode(code) });
      return this.save(tx, Product.create(code, fields));
    });
  }

  update(id: string, version: number, fields: ProductFields): Promise<Product> {
    return this.database.transaction(async (tx) => {
      const product = await lock(tx, Product, id, version);
      product.change(fields);
      return this.save(tx, product);
    });
  }

  /** Products that may be sold, by id. @throws Problem product_unknown, product_inactive */
  async sellable(tx: Transaction, ids: readonly string[]): Promise<Map<string, Product>> {
    const found = new Map(
      (await tx.findBy(Product, { id: In([...new Set(ids)]) })).map((product) => [product.id, product]),
    );
    for (const id of ids) {
      const product = found.get(id);
      if (!product) throw productUnknown({ id });
      if (!product.active) throw productInactive({ code: product.code });
    }
    return found;
  }

  /** Products by code in capitals, active or not: history names what is no longer sold. */
  async byCode(tx: Transaction, codes: readonly string[]): Promise<Map<string, Product>> {
    const found = await tx.findBy(Product, { code: In([...new Set(codes.map(productCode))]) });
    return new Map(found.map((product) => [product.code, product]));
  }

  private async save(tx: Transaction, product: Product): Promise<Product> {
    const saved = await save(tx, product);
    await this.events.publish(tx, saved, saved.state());
    return saved;
  }
}
