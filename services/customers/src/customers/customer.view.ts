import type { ShownAs } from '@quen/chassis';
import type { CustomerInsightState } from '@quen/events';
import type { Language } from '@quen/messaging';
import { isCitizenId, masked } from './citizen-id.js';
import type { Customer } from './customer.entity.js';
import type { CandidateView, CustomerView, FieldWarning } from './customers.dto.js';
import type { Candidate } from './customers.service.js';
import { citizenIdWarnings, taxCodeWarnings, type NumberWarning } from './identity-numbers.js';

/** For whom a customer is shown. */
export interface Reader {
  language: Language;
  /** Whether the citizen id of this customer is shown whole. */
  citizenIds: (customer: Customer) => boolean;
}

const warningTexts: Record<NumberWarning, Record<Language, string>> = {
  tax_code_checksum: { en: 'The check digit of the tax code is wrong.', vi: 'Số kiểm tra của mã số thuế không đúng.' },
  citizen_id_province: {
    en: 'No province has the first three digits of the citizen id.',
    vi: 'Ba số đầu của CCCD không phải mã tỉnh nào.',
  },
  citizen_id_sex: { en: 'The citizen id tells another sex.', vi: 'Số CCCD cho biết giới tính khác.' },
  citizen_id_birth_year: { en: 'The citizen id tells another year of birth.', vi: 'Số CCCD cho biết năm sinh khác.' },
};

/** A customer as HTTP shows it. */
export function viewOf(
  customer: Customer,
  insight: CustomerInsightState | undefined,
  reader: Reader,
): ShownAs<CustomerView> {
  const { citizenId, taxCode } = customer;
  const whole = reader.citizenIds(customer);
  return {
    ...customer,
    citizenId: citizenId && !whole ? masked(citizenId) : citizenId,
    taxCode: taxCode && isCitizenId(taxCode) && !whole ? masked(taxCode) : taxCode,
    warnings: warningsOf(customer, reader.language, whole),
    insight: insight ? { ...insight, lastOrderOn: insight.lastOrderOn ?? null } : null,
  };
}

/** A possible duplicate; of those that the caller may not see only that there is one. */
export function candidateView({ seen }: Candidate): CandidateView {
  if (!seen) return { customerId: null, code: null, displayName: null, score: null, sure: null, reasons: [] };
  const {
    customer: { id, code, displayName },
    score,
  } = seen;
  return { customerId: id, code, displayName, ...score };
}

/** What is odd of a customer's numbers. That of a citizen id is for whoever may read it, or has just typed it. */
export function warningsOf(customer: Customer, language: Language, citizenIds: boolean): FieldWarning[] {
  const warning =
    (pointer: string) =>
    (code: NumberWarning): FieldWarning => ({ pointer, code, message: warningTexts[code][language] });
  return [
    ...(customer.taxCode ? taxCodeWarnings(customer.taxCode).map(warning('/taxCode')) : []),
    ...(customer.citizenId && citizenIds
      ? citizenIdWarnings(customer.citizenId, customer).map(warning('/citizenId'))
      : []),
  ];
}
