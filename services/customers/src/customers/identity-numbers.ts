import { visible } from '@quen/chassis';

/** What is odd about a number that is kept nevertheless: papers do carry wrong numbers. */
export type NumberWarning = 'tax_code_checksum' | 'citizen_id_province' | 'citizen_id_sex' | 'citizen_id_birth_year';

const taxWeights = [31, 29, 23, 19, 17, 13, 7, 5, 3];
/** Codes of the 63 provinces in citizen ids (001 Hà Nội … 096 Cà Mau); ids keep them after the mergers of 2025. */
const provinceCodes = new Set([
  1, 2, 4, 6, 8, 10, 11, 12, 14, 15, 17, 19, 20, 22, 24, 25, 26, 27, 30, 31, 33, 34, 35, 36, 37, 38, 40, 42, 44, 45, 46,
  48, 49, 51, 52, 54, 56, 58, 60, 62, 64, 66, 67, 68, 70, 72, 74, 75, 77, 79, 80, 82, 83, 84, 86, 87, 89, 91, 92, 93,
  94, 95, 96,
]);

/**
 * A tax code as digits only: 10 (a firm or a person), 13 (a dependent unit: the parent's ten and three), or 12
 * (since July 2025 a person's citizen id serves as the tax code). Undefined for what has another length.
 */
export function normalTaxCode(typed: string): string | undefined {
  const digits = visible(typed)
    .normalize('NFKC')
    .replace(/[\s.-]/g, '');
  return /^(\d{10}|\d{12}|\d{13})$/.test(digits) ? digits : undefined;
}

/** A citizen id (CCCD) as its twelve digits, or undefined. */
export function normalCitizenId(typed: string): string | undefined {
  const digits = visible(typed)
    .normalize('NFKC')
    .replace(/[\s.-]/g, '');
  return /^\d{12}$/.test(digits) ? digits : undefined;
}

/** A wrong check digit of a tax code; codes of twelve digits have none. */
export function taxCodeWarnings(code: string): NumberWarning[] {
  if (code.length === 12) return [];
  const sum = taxWeights.reduce((total, weight, index) => total + weight * Number(code[index]), 0);
  return 10 - (sum % 11) === Number(code[9]) ? [] : ['tax_code_checksum'];
}

/**
 * A citizen id has no check digit, but it tells province, sex, century and year of birth (Circular 59/2021):
 * the fourth digit is even for men and odd for women, two for each century from 1900 on.
 */
export function citizenIdWarnings(
  id: string,
  person: { sex?: string | null; birthDate?: string | null } = {},
): NumberWarning[] {
  const warnings: NumberWarning[] = [];
  if (!provinceCodes.has(Number(id.slice(0, 3)))) warnings.push('citizen_id_province');
  const marker = Number(id[3]);
  if ((person.sex === 'male' && marker % 2 === 1) || (person.sex === 'female' && marker % 2 === 0))
    warnings.push('citizen_id_sex');
  const year = 1900 + Math.floor(marker / 2) * 100 + Number(id.slice(4, 6));
  if (person.birthDate && Number(person.birthDate.slice(0, 4)) !== year) warnings.push('citizen_id_birth_year');
  return warnings;
}
