import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../local/settings.js';
import { fromCsv } from '../generator/csv.js';
import type { Context } from './context.js';
import { orderLines, soldProducts, type Ids, type SoldProduct } from './files.js';
import { present, type Gateways } from './gateways.js';
import type { Body, Service } from './operations.js';

const file = <Column extends string>(name: string) =>
  fromCsv<Column>(readFileSync(join(root, 'deploy/sample/firm', name), 'utf8'));

type ChannelColumn =
  | 'code'
  | 'name'
  | 'kind'
  | 'branch'
  | 'seller'
  | 'capacityPerDay'
  | 'costPerLead'
  | 'expectedOrderValue'
  | 'expectedConversion'
  | 'expectedMarginRate'
  | 'provinces';

export type Firm = Awaited<ReturnType<typeof setUpFirm>>;

/**
 * Sets up the firm: departments, the tree of branches, staff, products and sales channels; on a firm's own files the
 * products are those that its orders name. What has its code already is left as it is. Gives the ids by code.
 */
export async function setUpFirm({ gateways, book, own, files }: Context) {
  const sold: SoldProduct[] = own
    ? soldProducts(orderLines(files.orders.content))
    : file<keyof SoldProduct>('products.csv').map((row) => ({
        ...row,
        kind: row.kind === 'service' ? 'service' : 'goods',
        price: Number(row.price),
        cost: Number(row.cost),
      }));
  const departments = await book.step('departments', (key) =>
    make({
      gateways,
      key,
      service: 'identity',
      path: '/departments',
      rows: file<'code' | 'name'>('departments.csv'),
      body: ({ code, name }) => ({ code, name }),
    }),
  );
  const branches = await book.step('branches', (key) =>
    make({
      gateways,
      key,
      service: 'identity',
      path: '/branches',
      rows: file<'code' | 'name' | 'parent' | 'province' | 'address' | 'phone'>('branches.csv'),
      body: ({ code, name, parent, province, address, phone }, ids) => ({
        code,
        name,
        province,
        address,
        phone,
        ...(parent && { parentId: ids[parent] }),
      }),
    }),
  );
  const staff = await book.step('staff', (key) =>
    make({
      gateways,
      key,
      service: 'identity',
      path: '/staff',
      rows: file<'code' | 'name' | 'email' | 'phone' | 'roles' | 'department' | 'branch'>('staff.csv'),
      body: ({ code, name, email, phone, roles, department, branch }) => ({
        code,
        displayName: name,
        email,
        phone,
        roles: roles.split(';') as Body<'identity', 'POST', '/staff'>['roles'],
        departmentId: departments[department],
        branchId: present(branches[branch], `branch ${branch}`),
        languages: ['vi'],
      }),
    }),
  );
  const products = await book.step('products', (key) =>
    make({
      gateways,
      key,
      service: 'sales',
      path: '/products',
      rows: sold,
      body: ({ code, name, kind, unit, category, price, cost }) => ({
        code,
        name,
        kind,
        unit,
        category: category || null,
        listPrice: dong(price),
        cost: dong(cost),
      }),
    }),
  );
  const channels = await book.step('sales channels', (key) =>
    make({
      gateways,
      key,
      service: 'marketing',
      path: '/channels',
      rows: file<ChannelColumn>('channels.csv'),
      body: (row) => ({
        code: row.code,
        name: row.name,
        kind: row.kind as Body<'marketing', 'POST', '/channels'>['kind'],
        branchId: present(branches[row.branch], `branch ${row.branch}`),
        ownerId: staff[row.seller] ?? null,
        capacityPerDay: Number(row.capacityPerDay),
        costPerLead: dong(row.costPerLead),
        expectedOrderValue: dong(row.expectedOrderValue),
        expectedConversion: Number(row.expectedConversion),
        expectedMarginRate: Number(row.expectedMarginRate),
        provinces: row.provinces === '*' ? [] : row.provinces.split(';'),
      }),
    }),
  );
  await book.step('price books', (key) => priceBooks(gateways, key, products, sold));
  book.tell('The firm', [
    `${count(branches)} branches, ${count(staff)} staff: ${gateways.address('identity', '/v1/branches')}`,
    `${count(products)} products and services, with price books for silver, gold and diamond customers: ${gateways.address('sales', '/v1/products')}`,
    `${count(channels)} sales channels: ${gateways.address('marketing', '/v1/channels')}`,
  ]);
  return { branches, staff, products, channels };
}

const count = (ids: Ids) => Object.keys(ids).length;

/** One price book for each rank that has one, valid from two years ago. */
async function priceBooks(gateways: Gateways, key: string, products: Ids, sold: SoldProduct[]) {
  const validFrom = `${new Date().getUTCFullYear() - 2}-01-01`;
  const books = await make({
    gateways,
    key,
    service: 'sales',
    path: '/price-books',
    rows: file<'code' | 'name' | 'rank' | 'discountPercent'>('price-books.csv'),
    body: ({ code, name, rank }) => ({
      code,
      name,
      customerRank: rank as Body<'sales', 'POST', '/price-books'>['customerRank'],
      validFrom,
      priority: 10,
    }),
  });
  for (const { code, discountPercent } of file<'code' | 'name' | 'rank' | 'discountPercent'>('price-books.csv')) {
    const prices = sold.map(({ code: product, price }) => ({
      productId: String(products[product]),
      fromQuantity: '1',
      unitPrice: String(Math.round((price * (100 - Number(discountPercent))) / 100_000) * 1_000),
    }));
    await gateways.put('sales', `/price-books/${books[code]}`, 'prices', { prices });
  }
  return books;
}

/** An amount in đồng as the gateways take it. */
export const dong = (amount: number | string) => ({ amount: String(amount), currency: 'VND' as const });

/** Creates those rows whose code is not there yet, in order. */
async function make<S extends Service, P extends string, R extends { code: string }>({
  gateways,
  key,
  service,
  path,
  rows,
  body,
}: {
  gateways: Gateways;
  key: string;
  service: S;
  path: P;
  rows: R[];
  body: (row: R, ids: Ids) => Body<S, 'POST', P>;
}): Promise<Ids> {
  const known = await gateways.records<{ code: string; id: string }>(service, path);
  const ids = Object.fromEntries(known.map(({ code, id }) => [code, id]));
  for (const row of rows) {
    if (ids[row.code]) continue;
    ids[row.code] = (await gateways.create(service, path, `${key}-${row.code}`, body(row, ids))).id;
  }
  return ids;
}
