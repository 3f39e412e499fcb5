import type { CustomerInsightState } from '@quen/events';
import type { Language } from '@quen/messaging';
import type { Customer } from './customer.entity.js';
import type { CandidateView, CustomerView, FieldWarning } from './customers.dto.js';
import type { DuplicateScore } from './duplicate-score.js';
import { citizenIdWarnings, taxCodeWarnings, type NumberWarning } from './identity-numbers.js';

/** For whom a customer is shown. */
export interface Reader {
  language: Language;
  /** Whether citizen ids are shown whole. */
  citizenIds: boolean;
}

const warningTexts: Record<NumberWarning, Record<Language, string>> = {
  tax_code_checksum: { en: 'The check digit of the tax code is wrong.', vi: 'Số kiểm tra của mã số thuế không đúng.' },
  citizen_id_province: { en: 'No province has the first three digits of the citizen id.', vi: 'Ba số đầu của CCCD không phải mã tỉnh nào.' },
  citizen_id_sex: { en: 'The citizen id tells another sex.', vi: 'Số CCCD cho biết giới tính khác.' },
  citizen_id_birth_year: { en: 'The citizen id tells another year of birth.', vi: 'Số CCCD cho biết năm sinh khác.' },
};

/** A customer as HTTP shows it. */
export function viewOf(customer: Customer, insight: CustomerInsightState | undefined, reader: Reader): CustomerView {
  const { searchName: _name, citizenId, ...shown } = customer;
  return {
    ...shown as Omit<CustomerView, 'citizenId' | 'warnings' | 'insight'>,
    citizenId: citizenId && !reader.citizenIds ? `•••${citizenId.slice(-3)}` : citizenId,
    warnings: warningsOf(customer, reader.language),
    insight: insight ? {
      rank: insight.rank, lifetimeValue: insight.lifetimeValue, lastOrderOn: insight.lastOrderOn ?? null, orders: insight.orders, openComplaints: insight.openComplaints,
    } : null,
  };
}

/** A possible duplicate; of one that the caller may not see only that it exists, and why. */
export function candidateView(score: DuplicateScore, customer: Customer | undefined): CandidateView {
  return { customerId: customer?.id ?? null, code: customer?.code ?? null, displayName: customer?.displayName ?? null, ...score };
}

function warningsOf(customer: Customer, language: Language): FieldWarning[] {
  const warning = (pointer: string) => (code: NumberWarning): FieldWarning => ({ pointer, code, message: warningTexts[code][language] });
  return [
    ...(customer.taxCode ? taxCodeWarnings(customer.taxCode).map(warning('/taxCode')) : []),
    ...(customer.citizenId ? citizenIdWarnings(customer.citizenId, customer).map(warning('/citizenId')) : []),
  ];
}
