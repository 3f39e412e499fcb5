import { IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';

/**
 * Prefixes of 11-digit mobile numbers and what they became on 15 September 2018
 * (Ministry of Information and Communications, plan of May 2018).
 */
const prefixesBefore2018: Record<string, string> = {
  '0120': '070',
  '0121': '079',
  '0122': '077',
  '0126': '076',
  '0128': '078',
  '0123': '083',
  '0124': '084',
  '0125': '085',
  '0127': '081',
  '0129': '082',
  '0162': '032',
  '0163': '033',
  '0164': '034',
  '0165': '035',
  '0166': '036',
  '0167': '037',
  '0168': '038',
  '0169': '039',
  '0186': '056',
  '0188': '058',
  '0199': '059',
};

/** A phone number in E.164, beside the form in which somebody typed it. */
export class PhoneNumber {
  /**
   * Number in E.164.
   * @example '+84912345678'
   */
  @Matches(/^\+[1-9]\d{6,14}$/) e164!: string;

  /** As typed. */
  @IsOptional() @IsString() @MaxLength(60) typed?: string;

  /**
   * Reads a number as people write it in Vietnam; mobile numbers of 11 digits from before 2018 are converted.
   * Returns undefined for what is no possible number.
   */
  static parse(typed: string, country: 'VN' = 'VN'): PhoneNumber | undefined {
    const digits = typed
      .normalize('NFKC')
      .replace(/[^\d+]/g, '')
      .replace(/^(\+84|0084|84(?=\d{9,10}$))0?/, '0');
    const mobile = digits.length === 11 ? prefixesBefore2018[digits.slice(0, 4)] : undefined;
    const parsed = parsePhoneNumberFromString(mobile ? mobile + digits.slice(4) : digits, country);
    if (!parsed?.isPossible()) return undefined;
    const phone = new PhoneNumber();
    phone.e164 = parsed.number;
    if (typed.trim() !== parsed.number) phone.typed = typed.trim().slice(0, 60);
    return phone;
  }
}
