import { randomUUID } from 'node:crypto';
import { build, CustomerState } from '@quen/events';
import type { FaultStack } from './stack.js';
import { recordOf, tombstoneOf } from './wire.js';

/** name null: erased */
export type LastState = { version: number; displayName: string | null };

/** A state of a customer whom only the topic knows. */
export function stateOf(customerId: string, version: number, branchId: string) {
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

/** What such a customer is called at a version. */
export function nameOf(customerId: string, version: number) {
  return `Khách ${customerId.slice(-6)} lần ${version}`;
}

export function erasureOf(customerId: string, version: number) {
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
 * @param expected by customer
 * @returns what differs
 */
export async function compareReplicas(stack: FaultStack, expected: ReadonlyMap<string, LastState>): Promise<string[]> {
  const findings: string[] = [];
  for (const [name, sql] of Object.entries(replicas)) {
    const service = stack.services[name as keyof typeof replicas];
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
