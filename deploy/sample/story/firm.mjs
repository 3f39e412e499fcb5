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
  return { departments, branches, staff };
}

/** Creates those rows whose code is not there yet, in order. */
export async function make({ gateways, key, service, path, rows, body }) {
  const ids = Object.fromEntries((await all(gateways, service, path)).map((record) => [record.code, record.id]));
  for (const row of rows) ids[row.code] ??= (await gateways.post(service, path, `${key}-${row.code}`, body(row, ids))).id;
  return ids;
}

/** The firm's staff of a role, nearest to a branch first: of the branch itself, of its parents, of anywhere. */
export function staffOf(role, branchCode) {
  const parents = Object.fromEntries(file('branches.csv').map(({ code, parent }) => [code, parent]));
  const distance = (code) => {
    for (let at = branchCode, steps = 0; at; at = parents[at], steps++) if (at === code) return steps;
    return Infinity;
  };
  return file('staff.csv').filter(({ roles }) => roles.split(';').includes(role)).sort((a, b) => distance(a.branch) - distance(b.branch));
}

export const products = () => file('products.csv');
export const channels = () => file('channels.csv');
