import {
  choice,
  date,
  defineList,
  escapeLike,
  fold,
  instant,
  oneToneStyle,
  page,
  text,
  uuid,
  visible,
  type Page,
  type PageOptions,
  type ParsedList,
} from '@quen/chassis';
import { customerCategories, customerKinds, customerSources, lifecycleStages } from '@quen/events';
import type { Transaction } from '@quen/messaging';
import { isCitizenIdSql } from './citizen-id.js';
import { Customer } from './customer.entity.js';

const typed = `current_setting('quen.typed', true)`;
const compared = `(case when current_setting('quen.typed_marks', true) = 'on' then "e"."search_name" else quen_fold("e"."display_name") end)`;

/**
 * The list of customers: by default what changed last; a search ranks what was typed exactly, marks included, before
 * what only sounds like it.
 */
export const customerList = defineList({
  entity: Customer,
  fields: {
    code: text(),
    kind: choice(customerKinds),
    category: choice(customerCategories),
    relation: choice(['external', 'internal']),
    lifecycle: choice(lifecycleStages),
    displayName: text({ sql: `"e"."display_name" collate "vi-x-icu"` }),
    industry: text(),
    department: text(),
    // Without those that are citizen ids, which no list tells apart.
    taxCode: text({ sql: `(case when not ${isCitizenIdSql('"e"."tax_code"')} then "e"."tax_code" end)` }),
    province: text({ sql: `"e"."address" ->> 'province'` }),
    source: choice(customerSources),
    language: choice(['vi', 'en']),
    sex: choice(['female', 'male', 'other']),
    birthDate: date(),
    customerSince: date(),
    branchId: uuid(),
    ownerId: uuid(),
    importId: uuid(),
    registeredAt: instant(),
    updatedAt: instant(),
    relevance: {
      type: 'integer',
      sql: `(case when ${compared} = ${typed} then 3 when position(' ' || ${typed} || ' ' in ' ' || ${compared} || ' ') > 0 then 2 when position(${typed} in ${compared}) > 0 then 1 else 0 end)`,
    },
  },
  sort: ['displayName', 'code', 'registeredAt', 'updatedAt'],
  defaultSort: '-registeredAt',
  search: 'searchName',
});

/** A word as it is, and where it may be a number with marks, its digits alone, as numbers are kept. */
export function spellings(word: string): string[] {
  const digits = word.replace(/\D/g, '').replace(/^00/, '');
  return /^[+\d().,/-]+$/.test(word) && digits !== '' && digits !== word ? [word, digits] : [word];
}

/**
 * One page of customers. The words are found by the trigram index of `customer_search`, whatever their marks; `ranked`
 * is the search text
 * when the caller asked for no other order: then the whole name comes first, then whole words, then parts, each with
 * the marks that were typed.
 */
export async function searchCustomers(
  tx: Transaction,
  query: ParsedList,
  ranked: string | undefined,
): Promise<Page<Customer>> {
  if (query.words.length === 0) return page(tx, customerList, query);
  const params: string[] = [];
  const like = (text: string): string => `s.search_text like $${params.push(`%${escapeLike(text)}%`)}`;
  const where = query.words.map((word) => `(${spellings(word).map(like).join(' or ')})`).join(' and ');
  const found: PageOptions = {
    where: `id in (select s.customer_id from reached_search s where ${where})`,
    params,
  };
  const anyOrder = { ...query, words: [] };
  if (ranked === undefined) return page(tx, customerList, anyOrder, found);
  const plain = fold(ranked);
  const lower = oneToneStyle(visible(ranked).normalize('NFC').toLocaleLowerCase('vi')).replace(/\s+/g, ' ').trim();
  await tx.query(`select set_config('quen.typed', $1, true), set_config('quen.typed_marks', $2, true)`, [
    lower === plain ? plain : lower,
    lower === plain ? 'off' : 'on',
  ]);
  return page(
    tx,
    customerList,
    { ...anyOrder, sort: [{ field: 'relevance', descending: true }, ...query.sort] },
    found,
  );
}
