import { randomUUID } from 'node:crypto';
import { build, CustomerState } from '../../libs/events/dist/index.js';
import { recordOf, tombstoneOf } from './wire.mjs';

/** @typedef {{ version: number, displayName: string | null }} LastState name null: erased */

/**
 * A state of a customer whom only the topic knows. @param {string} customerId @param {number} version @param {string}
 * branchId
 */
export function stateOf(customerId, version, branchId) {
  return recordOf(
    build(CustomerState, {
      customerId,
      version,
      code: `KH-${customerId.slice(0, 8)}`,
      kind: 'person',
      category: 'consumer',
      lifecycle: 'prospect',
      displayName: nameOf(customerId, version),
      phones: [],
      emails: [],
      source: 'manual',
      language: 'vi',
      branchId,
      consents: [],
      registeredAt: '2026-03-01T02:00:00.000Z',
    }),
    { version },
  );
}

/** What such a customer is called at a version. @param {string} customerId @param {number} version */
export function nameOf(customerId, version) {
  return `Khách ${customerId.slice(-6)} lần ${version}`;
}

/** @param {string} customerId @param {number} version */
export function erasureOf(customerId, version) {
  return tombstoneOf(CustomerState, customerId, version);
}

export function newCustomerId() {
  return randomUUID();
}

/** Each service's replica of the customers, as id, version and name; erased ones without a name, or not at all. */
const replicas = {
  marketing: 'select id, version::int, display_name as name from customer where id = any($1)',
  sales: 'select id, version::int, display_name as name from customer where id = any($1)',
  support: 'select id, version::int, display_name as name from customer where id = any($1)',
  analytics:
    'select customer_id as id, source_version::int as version, display_name as name from insight where customer_id = any($1)',
};

/**
 * Whether every replica of the customers holds these states.
 * @param {import('./stack.mjs').FaultStack} stack @param {ReadonlyMap<string, LastState>} expected by customer
 * @returns {Promise<string[]>} what differs
 */
export async function compareReplicas(stack, expected) {
  /** @type {string[]} */
  const findings = [];
  for (const [name, sql] of Object.entries(replicas)) {
    const service = stack.services[/** @type {keyof typeof replicas} */ (name)];
    if (!service) continue;
    const rows = new Map((await service.sql(sql, [[...expected.keys()]])).map((row) => [row.id, row]));
    const wrong = [...expected].filter(([id, { version, displayName }]) => {
      const row = rows.get(id);
      return displayName === null ? (row?.name ?? null) !== null : row?.version !== version || row.name !== displayName;
    });
    if (wrong[0])
      findings.push(
        `${name}: ${wrong.length} of ${expected.size} customers differ, e.g. ${JSON.stringify(rows.get(wrong[0][0]) ?? 'nothing')} instead of ${JSON.stringify(wrong[0])}`,
      );
  }
  return findings;
}
