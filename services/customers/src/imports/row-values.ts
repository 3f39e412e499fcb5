import type { ImportRow, RowFault } from '@quen/chassis';
import { Money, type ConsentPurpose, type ContactChannel } from '@quen/events';
import {
  joinName,
  joinPhones,
  provinceOf,
  readPhone,
  splitTitle,
  stageSaid,
  taxCodeWarnings,
  tidyName,
  type CustomerDetails,
  type NumberWarning,
} from '../customers/customers.service.js';
import { isConsent, type CellConsent, type CustomerCells, type CustomerColumns } from './columns.js';

/** An answer about consent that a row gives, one per purpose and channel; `wording` is the column's header. */
export interface RowConsent {
  purpose: ConsentPurpose;
  channel: ContactChannel;
  given: boolean;
  wording: string;
  /** Day or instant that the cell itself tells. */
  on?: string;
  /** A refusal that names no channel: consent on others is withdrawn, too. */
  others?: true;
}

/** What is odd about a row that is taken nevertheless. */
export type RowWarning = NumberWarning | 'refusal_stands';

/** A row that can be taken. */
export interface RowValues {
  line: number;
  code?: string;
  branchCode?: string;
  details: CustomerDetails & { displayName: string };
  consents: RowConsent[];
  /** Day, or instant, of the row's consents, where the file tells it. */
  consentOn?: string;
  warnings: RowWarning[];
}

/** A row as read: its values, or everything that is wrong with it. */
export type ReadRow = { values: RowValues; faults?: undefined } | { values?: undefined; faults: RowFault[] };

/** Phones, or addresses, that one customer has at most. */
export const mostContacts = 20;

/**
 * What a row of a list says, put together from its cells. Blank cells say nothing: they neither fill nor clear.
 * @param fieldOf header of the column that fills a target
 */
export function rowValues(
  { line, values: cells, cells: read, faults: torn }: ImportRow<CustomerColumns>,
  fieldOf: (target: keyof CustomerColumns) => string,
): ReadRow {
  const faults: RowFault[] = [...torn];
  if (faults.some(({ field }) => field === '')) return { faults };
  const phones = joinPhones(cells.phone ?? [], []);
  const emails = [...new Set(cells.email)];
  if (phones.length > mostContacts || emails.length > mostContacts)
    faults.push({ field: fieldOf(phones.length > mostContacts ? 'phone' : 'email'), code: 'too_many_contacts' });
  const named = wholeName(cells);
  const nameFaulty = faults.some(({ field }) => nameTargets.some((target) => fieldOf(target) === field));
  if (!named && !nameFaulty) faults.push({ field: fieldOf('name'), code: 'name_missing' });
  if (named?.representative && named.representative.length > 200)
    faults.push({ field: fieldOf('name'), code: 'text_too_long', params: { most: 200 } });
  const { code, zalo, taxCode, citizenId } = cells;
  const keyed = code ?? taxCode ?? citizenId ?? zalo;
  const keyFaulty = faults.some(({ code: fault }) => fault === 'phone_invalid' || fault === 'email_invalid');
  if (keyed === undefined && phones.length + emails.length === 0 && !keyFaulty)
    faults.push({ field: fieldOf('phone'), code: 'key_missing' });
  if (faults.length > 0 || named?.displayName === undefined) return { faults };
  return {
    values: {
      line,
      code,
      branchCode: cells.branch,
      details: { ...detailsOf(cells, phones, emails), ...named, displayName: named.displayName },
      consents: read.flatMap(({ target, field, value }) =>
        isConsent(target) ? (value as CellConsent[]).flatMap((answer) => answersOf(answer, field)) : [],
      ),
      consentOn: earliest(cells.consentDate ?? []),
      warnings: [...new Set(taxCode ? taxCodeWarnings(taxCode) : [])],
    },
  };
}

const nameTargets = ['name', 'organisation', 'familyName', 'middleName', 'familyAndMiddleName', 'givenName'] as const;

function detailsOf(cells: CustomerCells, phones: CustomerDetails['phones'], emails: string[]): CustomerDetails {
  const { zalo, revenue, title, representative } = cells;
  return {
    ...(title !== undefined && { title }),
    ...(representative !== undefined && { representative }),
    phones,
    emails,
    taxCode: cells.taxCode,
    citizenId: cells.citizenId,
    externalIds: zalo === undefined ? [] : [{ system: 'zalo', id: readPhone(zalo)?.e164 ?? zalo }],
    address: address(cells),
    category: cells.category,
    lifecycle: stageSaid(cells.lifecycle),
    source: cells.source,
    sex: cells.sex,
    language: cells.language,
    preferredChannel: cells.preferredChannel,
    birthDate: cells.birthDate,
    customerSince: cells.customerSince,
    revenue: revenue === undefined ? undefined : Money.of(revenue),
    industry: cells.industry,
    field: cells.field,
    size: cells.size,
    needs: cells.needs,
    note: cells.note,
    department: cells.department,
  };
}

/** An answer on each of its channels, in the words of its column. */
function answersOf({ channels, ...answer }: CellConsent, field: string): RowConsent[] {
  return channels.map((channel) => ({ ...answer, channel, wording: field.slice(0, 500) }));
}

/** The earlier of a row's days: an opt-in and its confirmation are one consent, and the earlier day can undo less. */
function earliest(days: string[]): string | undefined {
  return [...days].sort((one, other) => Date.parse(one) - Date.parse(other))[0];
}

/** The name that a row has, whole or in parts. */
function wholeName(cells: CustomerCells): Partial<CustomerDetails> | undefined {
  const parts = joinName({
    family: cells.familyName,
    familyAndMiddle: cells.familyAndMiddleName,
    middle: cells.middleName,
    given: cells.givenName,
  });
  const named = nameOf(cells.name ?? parts?.whole, cells.organisation, cells.kind, cells.taxCode);
  return parts && named && named.kind !== 'organisation' && named.displayName === parts.whole
    ? { ...named, ...parts.split }
    : named;
}

/** A row with an organisation is that organisation, and the person on it speaks for it. */
function nameOf(
  typed: string | undefined,
  organisation: string | undefined,
  kind: CustomerDetails['kind'],
  taxCode: string | undefined,
): Partial<CustomerDetails> | undefined {
  if (organisation !== undefined) {
    const person = typed === undefined ? undefined : personName(typed);
    return {
      kind: 'organisation',
      displayName: tidyName(organisation, false),
      ...(person && { representative: person.name, ...(person.title && { title: person.title }) }),
    };
  }
  if (typed === undefined) return undefined;
  const isOrganisation =
    kind === 'organisation' ||
    (kind === undefined &&
      ((taxCode !== undefined && taxCode.length !== 12) ||
        /^(công ty|cty|doanh nghiệp|tập đoàn|ngân hàng|trường|bệnh viện|ubnd)\b/i.test(typed)));
  if (isOrganisation) return { kind: 'organisation', displayName: tidyName(typed, false) };
  const { title, name: displayName } = personName(typed);
  return { ...(kind && { kind }), displayName, ...(title && { title }) };
}

function personName(typed: string): { title?: string; name: string } {
  const { title, name: bare } = splitTitle(tidyName(typed, false));
  return { ...(title && { title }), name: tidyName(bare, true) };
}

function address(cells: CustomerCells): CustomerDetails['address'] | undefined {
  const parts = { ward: cells.ward, district: cells.district, province: cells.province };
  const line = cells.address;
  const whole = [line, ...Object.values(parts).filter((part) => part !== undefined && !line?.includes(part))]
    .filter((part) => part !== undefined)
    .join(', ');
  if (whole === '') return undefined;
  const province = provinceOf(parts.province ?? whole) ?? parts.province;
  return {
    text: whole.slice(0, 500),
    ...(parts.ward && { ward: parts.ward }),
    ...(parts.district && { district: parts.district }),
    ...(province && { province, country: 'VN' }),
  };
}
