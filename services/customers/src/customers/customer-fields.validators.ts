import { ValidateBy, type ValidationOptions } from 'class-validator';
import { isCivilDate } from '@quen/events';
import { readPhone } from './contact-points.js';
import { normalCitizenId, normalTaxCode } from './identity-numbers.js';

export { IsEmailAddress } from '@quen/events';

const isText = (value: unknown, check: (text: string) => unknown): boolean =>
  typeof value === 'string' && value.length <= 60 && check(value) !== undefined;

/** A phone number as people type it. */
export function IsPhone(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isPhone',
      validator: {
        validate: (value: unknown) => isText(value, readPhone),
        defaultMessage: () => '$property must be a phone number',
      },
    },
    { ...options, context: { vi: 'phải là số điện thoại' } },
  );
}

/** A tax code of 10, 12 or 13 digits; its check digit is not looked at. */
export function IsTaxCode(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isTaxCode',
      validator: {
        validate: (value: unknown) => isText(value, normalTaxCode),
        defaultMessage: () => '$property must be a tax code of 10, 12 or 13 digits',
      },
    },
    { ...options, context: { vi: 'phải là mã số thuế 10, 12 hoặc 13 chữ số' } },
  );
}

/** A citizen id of 12 digits. */
export function IsCitizenId(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: 'isCitizenId',
      validator: {
        validate: (value: unknown) => isText(value, normalCitizenId),
        defaultMessage: () => '$property must be a citizen id of 12 digits',
      },
    },
    { ...options, context: { vi: 'phải là số căn cước 12 chữ số' } },
  );
}

/** A day of the calendar, `YYYY-MM-DD`, from 1900 on and not in the future. */
export function IsPastDay(options?: ValidationOptions): PropertyDecorator {
  const validate = (value: unknown): boolean => {
    if (!isCivilDate(value)) return false;
    // The day begins 14 hours before UTC's in the easternmost zone.
    return value >= '1900-01-01' && Date.parse(value) <= Date.now() + 14 * 3_600_000;
  };
  return ValidateBy(
    {
      name: 'isPastDay',
      validator: { validate, defaultMessage: () => '$property must be a day YYYY-MM-DD that is not in the future' },
    },
    { ...options, context: { vi: 'phải là ngày dạng YYYY-MM-DD, không ở tương lai' } },
  );
}
