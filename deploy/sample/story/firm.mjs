import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fromCsv } from '../generator/csv.mjs';
import { all } from './gateways.mjs';

const file = (name) => fromCsv(readFileSync(join(import.meta.dirname, '../firm', name), 'utf8'));

/**
 * Sets up the firm: departments, the tree of branches, staff, products and sales channels. What has its code already is
 * left as it is. Gives the ids by code.
 */
export async function setUpFirm({ gateways, book }) {
  const departments = await book.step('departments', (key) => make({
    gateways, key, service: 'identity', path: '/departments', rows: file('departments.csv'), body: ({ code, name }) => ({ code, name }),
  }));
  const branches = await book.step('branches', (key) => make({
    gateways, key, service: 'identity', path: '/branches', rows: file('branches.csv'),
    body: ({ code, name, parent, province, address, phone }, ids) => ({ code, name, province, address, phone, ...(parent && { parentId: ids[parent] }) }),
  }));
  const staff = await book.step('staff', (key) => make({
    gateways, key, service: 'identity', path: '/staff', rows: file('staff.csv'),
    body: ({ code, name, email, phone, roles, department, branch }) => ({
      code, displayName: name, email, phone, roles: roles.split(';'), departmentId: departments[department], branchId: branches[branch], languages: ['vi'],
    }),
  }));
  const products = await book.step('products', (key) => make({
    gateways, key, service: 'sales', path: '/products', rows: file('products.csv'),
    body: ({ code, name, kind, unit, category, price, cost }) => ({ code, name, kind, unit, category, listPrice: dong(price), cost: dong(cost) }),
  }));
  const channels = await book.step('sales channels', (key) => make({
    gateways, key, service: 'marketing', path: '/channels', rows: file('channels.csv'),
    body: (row) => ({
      code: row.code, name: row.name, kind: row.kind, branchId: branches[row.branch], capacityPerDay: Number(row.capacityPerDay), costPerLead: dong(row.costPerLead),
      expectedOrderValue: dong(row.expectedOrderValue), expectedConversion: Number(row.expectedConversion), expectedMarginRate: Number(row.expectedMarginRate),
      provinces: row.provinces === '*' ? [] : row.provinces.split(';'),
    }),
  }));
  return { departments, branches, staff, products, channels };
}

/** An amount in đồng as the gateways take it. */
export const dong = (amount) => ({ amount: String(amount), currency: 'VND' });

/** Creates those rows whose code is not there yet, in order. */
export async function make({ gateways, key, service, path, rows, body }) {
  const ids = Object.fromEntries((await all(gateways, service, path)).map((record) => [record.code, record.id]));
  for (const row of rows) ids[row.code] ??= (await gateways.post(service, path, `${key}-${row.code}`, body(row, ids))).id;
  return ids;
}
