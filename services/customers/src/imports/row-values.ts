import type { CsvRecord } from '@quen/chassis';
import { isEmailAddress, Money, type ConsentPurpose, type ContactChannel } from '@quen/events';
import {
  joinName,
  joinPhones,
  normalCitizenId,
  normalEmail,
  normalTaxCode,
  provinceOf,
  readPhone,
  splitTitle,
  stageSaid,
  taxCodeWarnings,
  tidyName,
  type CustomerDetails,
  type NumberWarning,
} from '../customers/customers.service.js';
import {
  looksLikeFormula,
  readChoice,
  readConsent,
  readConsentDay,
  readDate,
  readDong,
  readRefusal,
} from './cell-values.js';
import type { ColumnMap, ColumnTarget, ConsentTarget } from './columns.js';
import type { FaultCode, RowFault } from './faults.js';

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
export type RowWarning = NumberWarning | 'consent_day_unreadable' | 'refusal_stands';

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

/** Longest text that a cell may fill a field with; what is not named here has its own check. */
const longest: Partial<Record<ColumnTarget, number>> = {
  name: 300,
  organisation: 300,
  code: 40,
  title: 60,
  representative: 200,
  address: 500,
  province: 100,
  ward: 100,
  district: 100,
  industry: 100,
  field: 100,
  size: 60,
  needs: 1000,
  note: 2000,
  branch: 20,
  department: 60,
  zalo: 100,
  email: 500,
  phone: 200,
  familyName: 100,
  middleName: 100,
  givenName: 100,
  familyAndMiddleName: 200,
};

/** Reads one record by the columns' meaning. Blank cells say nothing: they neither fill nor clear. */
export function readRow(record: CsvRecord, header: readonly string[], columns: ColumnMap): ReadRow {
  if (record.fault) return { faults: [{ field: '', code: record.fault }] };
  const faults: RowFault[] = [];
  const warnings: RowWarning[] = [];
  const cells = new Map<ColumnTarget, { text: string; field: string }[]>();
  const consents: RowConsent[] = [];
  for (const [index, target] of columns) {
    const text = record.cells[index] ?? '';
    const field = header[index] ?? '';
    if (text === '') continue;
    if (looksLikeFormula(text)) faults.push({ field, code: 'formula_cell' });
    else if (typeof target !== 'string') faults.push(...consent(target, text, field, consents));
    else if (text.length > (longest[target] ?? 500)) faults.push({ field, code: 'text_too_long' });
    else cells.set(target, [...(cells.get(target) ?? []), { text, field }]);
  }

  const text = (target: ColumnTarget): string | undefined => cells.get(target)?.[0]?.text;
  /** The value of a cell through its reader; a cell that cannot be read is a fault. */
  const value = <T>(target: ColumnTarget, read: (text: string) => T, code: FaultCode): T | undefined => {
    const cell = cells.get(target)?.[0];
    const result = cell && read(cell.text);
    if (cell && result === undefined) faults.push({ field: cell.field, code });
    return result;
  };
  const many = <T>(
    target: ColumnTarget,
    separator: RegExp,
    read: (text: string) => T | undefined,
    code: FaultCode,
  ): T[] =>
    (cells.get(target) ?? []).flatMap(({ text: whole, field }) =>
      whole
        .split(separator)
        .map((part) => part.trim())
        .filter(Boolean)
        .flatMap((part) => {
          const result = read(part);
          if (result === undefined) faults.push({ field, code });
          return result === undefined ? [] : [result];
        }),
    );

  const phones = joinPhones(many('phone', /[;/\n]|,\s*(?=[+0])/, readPhone, 'phone_invalid'), []);
  const emails = [
    ...new Set(
      many(
        'email',
        /[;,\s]+/,
        (part) => (isEmailAddress(normalEmail(part)) ? normalEmail(part) : undefined),
        'email_invalid',
      ),
    ),
  ];
  const taxCode = value('taxCode', normalTaxCode, 'tax_code_invalid');
  if (taxCode) warnings.push(...taxCodeWarnings(taxCode));
  if (phones.length > mostContacts || emails.length > mostContacts)
    faults.push({
      field: fieldOf(columns, header, phones.length > mostContacts ? 'phone' : 'email'),
      code: 'too_many_contacts',
    });
  const parts = joinName({
    family: text('familyName'),
    familyAndMiddle: text('familyAndMiddleName'),
    middle: text('middleName'),
    given: text('givenName'),
  });
  const named = name(
    text('name') ?? parts?.whole,
    text('organisation'),
    value('kind', (word) => readChoice('kind', word), 'value_unknown'),
    taxCode,
  );
  if (!named) faults.push({ field: fieldOf(columns, header, 'name'), code: 'name_missing' });
  if (named?.representative && named.representative.length > 200)
    faults.push({ field: fieldOf(columns, header, 'name'), code: 'text_too_long' });
  const revenue = value('revenue', readDong, 'number_invalid');
  const zalo = text('zalo');
  const details: CustomerDetails = {
    ...named,
    ...(parts && named?.kind !== 'organisation' && named?.displayName === parts.whole && parts.split),
    ...(text('title') !== undefined && { title: text('title') }),
    ...(text('representative') !== undefined && { representative: text('representative') }),
    phones,
    emails,
    taxCode,
    citizenId: value('citizenId', normalCitizenId, 'citizen_id_invalid'),
    externalIds: zalo === undefined ? [] : [{ system: 'zalo', id: readPhone(zalo)?.e164 ?? zalo }],
    address: address(text),
    category: value('category', (word) => readChoice('category', word), 'value_unknown'),
    lifecycle: stageSaid(value('lifecycle', (word) => readChoice('lifecycle', word), 'value_unknown')),
    source: value('source', (word) => readChoice('source', word), 'value_unknown'),
    sex: value('sex', (word) => readChoice('sex', word), 'value_unknown'),
    language: value('language', (word) => readChoice('language', word), 'value_unknown'),
    preferredChannel: value('preferredChannel', (word) => readChoice('preferredChannel', word), 'value_unknown'),
    birthDate: value('birthDate', readDate, 'date_invalid'),
    customerSince: value('customerSince', readDate, 'date_invalid'),
    revenue: revenue === undefined ? undefined : Money.of(revenue),
    industry: text('industry'),
    field: text('field'),
    size: text('size'),
    needs: text('needs'),
    note: text('note'),
    department: text('department'),
  };
  const consentOn = earliest(
    (cells.get('consentDate') ?? []).flatMap(
      ({ text: whole }) => readConsentDay(whole) ?? (warnings.push('consent_day_unreadable'), []),
    ),
  );
  const keyed =
    text('code') !== undefined ||
    phones.length + emails.length > 0 ||
    details.taxCode ||
    details.citizenId ||
    zalo !== undefined;
  if (!keyed && !faults.some(({ code }) => code === 'phone_invalid' || code === 'email_invalid'))
    faults.push({ field: fieldOf(columns, header, 'phone'), code: 'key_missing' });
  if (faults.length > 0 || details.displayName === undefined) return { faults };
  return {
    values: {
      line: record.line,
      code: text('code'),
      branchCode: text('branch'),
      details: { ...details, displayName: details.displayName },
      consents,
      consentOn,
      warnings: [...new Set(warnings)],
    },
  };
}

function consent(target: ConsentTarget, text: string, field: string, consents: RowConsent[]): RowFault[] {
  const read = target.refusal ? readRefusal(text) : readConsent(text);
  if (read === undefined) return [{ field, code: 'value_unknown' }];
  if (read === 'silent') return [];
  const answer = typeof read === 'boolean' ? { given: read } : read;
  consents.push(
    ...target.channels.map((channel) => ({
      purpose: target.purpose,
      channel,
      wording: field.slice(0, 500),
      ...answer,
      ...(target.others && { others: true as const }),
    })),
  );
  return [];
}

/** The earlier of a row's days: an opt-in and its confirmation are one consent, and the earlier day can undo less. */
function earliest(days: string[]): string | undefined {
  return [...days].sort((one, other) => Date.parse(one) - Date.parse(other))[0];
}

/** A row with an organisation is that organisation, and the person on it speaks for it. */
function name(
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

function address(text: (target: ColumnTarget) => string | undefined): CustomerDetails['address'] | undefined {
  const parts = { ward: text('ward'), district: text('district'), province: text('province') };
  const line = text('address');
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

function fieldOf(columns: ColumnMap, header: readonly string[], target: ColumnTarget): string {
  const [index] = [...columns].find(([, each]) => each === target) ?? [];
  return index === undefined ? '' : (header[index] ?? '');
}
