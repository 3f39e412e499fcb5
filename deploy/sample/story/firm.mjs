import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromCsv } from '../generator/csv.mjs';
import { orderLines, soldProducts } from './files.mjs';
import { all } from './gateways.mjs';

const file = (name) => fromCsv(readFileSync(join(import.meta.dirname, '../firm', name), 'utf8'));

/**
 * Sets up the firm: departments, the tree of branches, staff, products and sales channels; on a firm's own files the
 * products are those that its orders name. What has its code already is
 * left as it is. Gives the ids by code.
 */
export async function setUpFirm({ gateways, book, own, files }) {
  const sold = own ? soldProducts(orderLines(files.orders.content)) : file('products.csv');
  const departments = await book.step('departments', (key) =>
    make({
      gateways,
      key,
      service: 'identity',
      path: '/departments',
      rows: file('departments.csv'),
      body: ({ code, name }) => ({ code, name }),
    }),
  );
  const branches = await book.step('branches', (key) =>
    make({
      gateways,
      key,
      service: 'identity',
      path: '/branches',
      rows: file('branches.csv'),
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
      rows: file('staff.csv'),
      body: ({ code, name, email, phone, roles, department, branch }) => ({
        code,
        displayName: name,
        email,
        phone,
        roles: roles.split(';'),
        departmentId: departments[department],
        branchId: branches[branch],
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
      rows: file('channels.csv'),
      body: (row) => ({
        code: row.code,
        name: row.name,
        kind: row.kind,
        branchId: branches[row.branch],
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

const count = (ids) => Object.keys(ids).length;

/** One price book for each rank that has one, valid from two years ago. */
async function priceBooks(gateways, key, products, sold) {
  const validFrom = `${new Date().getUTCFullYear() - 2}-01-01`;
  const books = await make({
    gateways,
    key,
    service: 'sales',
    path: '/price-books',
    rows: file('price-books.csv'),
    body: ({ code, name, rank }) => ({ code, name, customerRank: rank, validFrom, priority: 10 }),
  });
  for (const { code, discountPercent } of file('price-books.csv')) {
    const prices = sold.map(({ code: product, price }) => ({
      productId: products[product],
      fromQuantity: '1',
      unitPrice: String(Math.round((price * (100 - discountPercent)) / 100_000) * 1_000),
    }));
    await gateways.put('sales', `/price-books/${books[code]}`, 'prices', { prices });
  }
  return books;
}

/** An amount in đồng as the gateways take it. */
export const dong = (amount) => ({ amount: String(amount), currency: 'VND' });

/** Creates those rows whose code is not there yet, in order. */
export async function make({ gateways, key, service, path, rows, body }) {
  const ids = Object.fromEntries((await all(gateways, service, path)).map((record) => [record.code, record.id]));
  for (const row of rows)
    ids[row.code] ??= (await gateways.post(service, path, `${key}-${row.code}`, body(row, ids))).id;
  return ids;
}
