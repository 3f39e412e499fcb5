import { visible } from '@quen/chassis';
import { Money, type Address } from '@quen/events';
import { joinPhones, normalEmail, readPhone } from './contact-points.js';
import { externalKey } from './customer-key.js';
import type { CustomerDetails } from './customer.entity.js';
import type { CustomerFields } from './customers.dto.js';
import { normalCitizenId, normalTaxCode } from './identity-numbers.js';
import { tidyName } from './person-name.js';
import { provinceOf } from './provinces.js';

/**
 * What was entered, in the form in which it is kept: numbers normal, phones in E.164, names tidy. The fields were
 * checked before.
 */
export function detailsOf(fields: CustomerFields & { displayName?: string }): CustomerDetails {
  const { displayName, phones, emails, address, otherAddresses, taxCode, citizenId, externalIds, revenue } = fields;
  return {
    kind: fields.kind,
    category: fields.category,
    relation: fields.relation,
    lifecycle: fields.lifecycle,
    source: fields.source,
    language: fields.language,
    preferredChannel: fields.preferredChannel,
    birthDate: fields.birthDate,
    sex: fields.sex,
    customerSince: fields.customerSince,
    familyName: text(fields.familyName),
    middleName: text(fields.middleName),
    givenName: text(fields.givenName),
    title: text(fields.title),
    representative: text(fields.representative),
    industry: text(fields.industry),
    field: text(fields.field),
    size: text(fields.size),
    needs: text(fields.needs),
    note: text(fields.note),
    department: text(fields.department),
    displayName: displayName === undefined ? undefined : tidyName(displayName, false),
    phones:
      phones &&
      joinPhones(
        [],
        phones.flatMap((typed) => readPhone(typed) ?? []),
      ),
    emails: emails && [...new Set(emails.map(normalEmail))],
    address: address && withProvince(address),
    otherAddresses: otherAddresses?.map((other) => ({
      label: other.label.trim(),
      address: withProvince(other.address),
    })),
    taxCode: taxCode && normalTaxCode(taxCode),
    citizenId: citizenId && normalCitizenId(citizenId),
    externalIds: externalIds && [
      ...new Map(
        externalIds.map(({ system, id }) => [externalKey({ system, id }).value, { system, id: id.trim() }]),
      ).values(),
    ],
    revenue: revenue && Money.of(revenue.amount, revenue.currency),
  };
}

/** Null clears, and so does text without a letter in it. */
function text(value: string | null | undefined): string | null | undefined {
  return typeof value === 'string' ? visible(value.normalize('NFC')).trim() || null : value;
}

/**
 * The address without the parts that null stands for, and with today's province, told from the text where it is not
 * given.
 */
function withProvince(entered: Address): Address {
  const address = {
    text: entered.text,
    ...Object.fromEntries(Object.entries(entered).filter(([, part]) => part !== null)),
  } as Address;
  const province = provinceOf(address.province ?? address.text) ?? address.province;
  return { ...address, ...(province && { province, country: address.country ?? 'VN' }) };
}
