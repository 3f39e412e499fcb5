import { dateOf } from './calendar.js';
import { email, mobile, organisation, person, taxCode } from './people.js';
import { address, place } from './places.js';
import { stream, type Random, type Weighted } from './random.js';

export const customerHeader = [
  'code',
  'kind',
  'category',
  'name',
  'representative',
  'phone',
  'email',
  'taxCode',
  'address',
  'province',
  'birthDate',
  'sex',
  'industry',
  'source',
  'branch',
  'customerSince',
  'marketingConsent',
] as const;
const SOURCES: Weighted<string> = [
  ['point-of-sale', 42],
  ['referral', 22],
  ['web', 16],
  ['call', 12],
  ['other', 8],
];

/** What everything is made from: a seed, and the last day (days since 1970). */
export interface Options {
  seed: string;
  until: number;
}

export type Customer = ReturnType<typeof customer>;

/**
 * The firm's customers as its old system exports them: six of seven are households, the others small firms, clinics,
 * schools and public bodies. Customer n is the same whatever the number asked for.
 */
export function customers(count: number, { seed, until }: Options) {
  return Array.from({ length: count }, (_, index) => customer(index, stream(seed, 'customer', index), until));
}

function customer(index: number, random: Random, until: number) {
  const { area, province, branch } = place(random);
  const kind = random.chance(0.15) ? ('organisation' as const) : ('person' as const);
  const contact = person(random);
  const firm = kind === 'organisation' ? organisation(random, index + 1) : undefined;
  // six of ten were customers before the two years of orders begin; no one joined later than three weeks before the end
  const since = until - (random.chance(0.6) ? random.between(731, 2_600) : random.between(21, 730));
  return {
    code: `MK-${String(index + 1).padStart(6, '0')}`,
    kind,
    category: firm ? firm.category : 'consumer',
    name: firm ? firm.name : contact.name,
    representative: firm ? contact.name : '',
    phone: mobile(index, random),
    email: random.chance(firm ? 0.85 : 0.62) ? email(contact.name, index + 1, random) : '',
    taxCode: firm ? taxCode(index) : '',
    address: address(area, random),
    province,
    birthDate: !firm && random.chance(0.55) ? dateOf(until - random.between(22 * 365, 72 * 365)) : '',
    sex: firm ? ('' as const) : contact.sex,
    industry: firm ? firm.industry : '',
    source: random.weighted(SOURCES),
    branch,
    customerSince: dateOf(since),
    marketingConsent: random.weighted([
      ['yes', 58],
      ['no', 12],
      ['', 30],
    ]),
    area,
  };
}

/** The cells of one customer in the order of the header. */
export function customerRow(customer: Customer) {
  return customerHeader.map((column) => customer[column]);
}
