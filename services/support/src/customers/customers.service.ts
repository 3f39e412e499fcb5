import { Injectable } from '@nestjs/common';
import type { CustomerInsightState, CustomerRank, CustomerState } from '@quen/events';
import { newestOfEach, type Received, type Transaction } from '@quen/messaging';
import { Customer } from './customer.entity.js';

const customerSql = `
  insert into customer as c (id, version, code, display_name, branch_id, language, merged_into, erased)
  select id, version, code, name, branch, coalesce(language, 'vi'), merged, erased
    from jsonb_to_recordset($1::jsonb) as r (id uuid, version bigint, code text, name text, branch uuid, language text, merged uuid, erased boolean) order by id
  on conflict (id) do update set version = excluded.version, code = excluded.code, display_name = excluded.display_name, branch_id = excluded.branch_id,
    language = excluded.language, merged_into = excluded.merged_into, erased = excluded.erased
  where c.version < excluded.version`;

const insightSql = `
  insert into customer as c (id, insight_version, rank, lifetime_value, ranked_at, received_at)
  select id, version, rank, value, at, clock_timestamp() from jsonb_to_recordset($1::jsonb) as r (id uuid, version bigint, rank text, value numeric, at timestamptz) order by id
  on conflict (id) do update set insight_version = excluded.insight_version, rank = excluded.rank, lifetime_value = excluded.lifetime_value,
    ranked_at = excluded.ranked_at, received_at = excluded.received_at
  where c.insight_version < excluded.insight_version
  returning id, rank`;

/** The replica of customers and of their value, each part with its source's version. */
@Injectable()
export class CustomersService {
  /** A customer as last heard of; null before the first news of it. */
  known(tx: Transaction, id: string): Promise<Customer | null> {
    return tx.findOneBy(Customer, { id });
  }

  /** Takes over customers' states in one statement; an older state never overwrites a newer one. */
  async takeStates(tx: Transaction, received: Received<CustomerState | null>[]): Promise<void> {
    await tx.query(customerSql, [
      JSON.stringify(
        newestOfEach(received).map(({ aggregateId, version, data }) => ({
          id: aggregateId,
          version,
          code: data?.code,
          name: data?.displayName,
          branch: data?.branchId,
          language: data?.language,
          merged: data?.mergedInto,
          erased: data === null,
        })),
      ),
    ]);
  }

  /** Takes over insights in one statement; returns the customers of whom there was news. */
  takeInsights(
    tx: Transaction,
    received: Received<CustomerInsightState | null>[],
  ): Promise<{ id: string; rank: CustomerRank }[]> {
    return tx.query(insightSql, [
      JSON.stringify(
        newestOfEach(received).map(({ aggregateId, version, data }) => ({
          id: aggregateId,
          version,
          rank: data?.rank ?? 'standard',
          value: data?.lifetimeValue.amount ?? '0',
          at: data?.calculatedAt,
        })),
      ),
    ]);
  }
}
