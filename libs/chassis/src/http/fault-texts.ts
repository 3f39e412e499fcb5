import { getMetadataStorage, type ValidationOptions } from 'class-validator';
import type { Bilingual } from '../problems/problems.js';

/** What a constraint was given: a limit, a list of values, a pattern. */
type Arguments = readonly unknown[];

/** A declared constraint as class-validator keeps it. */
export type Constraint = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number];

/**
 * What is said in Vietnamese of a value that breaks a constraint. The English is class-validator's own. A constraint
 * that is missing here brings its text along, see {@link says}.
 */
const vietnamese: Readonly<Record<string, (...args: Arguments) => string>> = {
  isDefined: () => 'là bắt buộc',
  isString: () => 'phải là văn bản',
  isNumber: () => 'phải là số',
  isInt: () => 'phải là số nguyên',
  isBoolean: () => 'phải là true hoặc false',
  isArray: () => 'phải là danh sách',
  isObject: () => 'phải là đối tượng JSON',
  isNotEmptyObject: () => 'phải là đối tượng JSON không rỗng',
  isNumberString: () => 'phải là số viết dạng văn bản',
  isUuid: () => 'phải là UUID',
  isEmail: () => 'phải là địa chỉ email',
  isUrl: () => 'phải là địa chỉ URL',
  isDate: () => 'phải là thời điểm theo ISO 8601',
  isDateString: () => 'phải là ngày hoặc thời điểm theo ISO 8601',
  isIso8601: () => 'phải là ngày hoặc thời điểm theo ISO 8601',
  isTimeZone: () => 'phải là múi giờ IANA',
  isIn: (values) => `phải là một trong: ${(values as unknown[]).join(', ')}`,
  min: (limit) => `không được nhỏ hơn ${String(limit)}`,
  max: (limit) => `không được lớn hơn ${String(limit)}`,
  minLength: (limit) => `phải có ít nhất ${String(limit)} ký tự`,
  maxLength: (limit) => `không được dài quá ${String(limit)} ký tự`,
  isLength: (least, most) => `phải có từ ${String(least)} đến ${String(most)} ký tự`,
  isNotEmpty: () => 'không được để trống',
  arrayMinSize: (limit) => `phải có ít nhất ${String(limit)} phần tử`,
  arrayMaxSize: (limit) => `không được có quá ${String(limit)} phần tử`,
  arrayNotEmpty: () => 'không được rỗng',
  arrayUnique: () => 'không được có phần tử trùng nhau',
};

/** Patterns that many fields share, in words. */
const patterns: Readonly<Record<string, Bilingual>> = {
  '/\\S/': { en: 'must not be blank', vi: 'không được để trống' },
  '/^\\S+$/': { en: 'must not be empty or hold blanks', vi: 'không được trống hay chứa khoảng trắng' },
  '/^\\S{1,20}$/': {
    en: 'must be 1 to 20 characters without blanks',
    vi: 'phải gồm 1 đến 20 ký tự, không có khoảng trắng',
  },
  '/^\\S{2,100}$/': {
    en: 'must be 2 to 100 characters without blanks',
    vi: 'phải gồm 2 đến 100 ký tự, không có khoảng trắng',
  },
  '/^[a-z]{2}$/': { en: 'must be a code of two small letters', vi: 'phải là mã gồm hai chữ thường' },
  '/^[a-z0-9.-]{1,100}$/': {
    en: 'must be 1 to 100 small letters, digits, dots or hyphens',
    vi: 'phải gồm 1 đến 100 chữ thường, chữ số, dấu chấm hoặc gạch nối',
  },
  '/^[a-z0-9][a-z0-9.-]{0,39}$/': {
    en: 'must be 1 to 40 small letters, digits, dots or hyphens',
    vi: 'phải gồm 1 đến 40 chữ thường, chữ số, dấu chấm hoặc gạch nối',
  },
  '/^[a-z0-9][a-z0-9-]*$/': {
    en: 'must be small letters, digits or hyphens',
    vi: 'phải gồm chữ thường, chữ số hoặc gạch nối',
  },
  '/^[\\w./-]{1,40}$/': {
    en: 'must be 1 to 40 letters, digits, dots, slashes, hyphens or underscores',
    vi: 'phải gồm 1 đến 40 chữ cái, chữ số, dấu chấm, gạch chéo, gạch nối hoặc gạch dưới',
  },
  '/^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$/': {
    en: 'must be 1 to 60 letters, digits, dots, hyphens or underscores',
    vi: 'phải gồm 1 đến 60 chữ cái, chữ số, dấu chấm, gạch nối hoặc gạch dưới',
  },
  '/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/': {
    en: 'must be 1 to 40 letters, digits, dots, hyphens or underscores',
    vi: 'phải gồm 1 đến 40 chữ cái, chữ số, dấu chấm, gạch nối hoặc gạch dưới',
  },
  '/^(\\+[1-9]\\d{6,14}|[^\\s@]+@[^\\s@]+)$/': {
    en: 'must be an email address or a phone number in E.164',
    vi: 'phải là địa chỉ email hoặc số điện thoại dạng E.164',
  },
  '/^\\d{4}-\\d{2}-\\d{2}$/': { en: 'must be a date YYYY-MM-DD', vi: 'phải là ngày dạng YYYY-MM-DD' },
  '/^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])$/': {
    en: 'must be a date YYYY-MM-DD',
    vi: 'phải là ngày dạng YYYY-MM-DD',
  },
  '/T.*(Z|[+-]\\d{2}:\\d{2})$/': {
    en: 'must be an instant with Z or an offset',
    vi: 'phải là thời điểm có Z hoặc độ lệch múi giờ',
  },
  '/^-?\\d{1,15}(\\.\\d{1,4})?$/': {
    en: 'must be a decimal as text, at most 15 digits before and 4 after the point',
    vi: 'phải là số thập phân dạng văn bản, tối đa 15 chữ số trước và 4 sau dấu chấm',
  },
  '/^\\d{1,15}(\\.\\d{1,4})?$/': {
    en: 'must be a decimal as text, at most 15 digits before and 4 after the point',
    vi: 'phải là số thập phân dạng văn bản, tối đa 15 chữ số trước và 4 sau dấu chấm',
  },
  '/^(?!0+(\\.0+)?$)\\d{1,12}(\\.\\d{1,4})?$/': {
    en: 'must be a decimal as text, more than zero, with at most 4 decimals',
    vi: 'phải là số thập phân dạng văn bản, lớn hơn 0, tối đa 4 chữ số thập phân',
  },
  '/^(100(\\.0{1,2})?|\\d{1,2}(\\.\\d{1,2})?)$/': {
    en: 'must be a decimal as text from 0 to 100, with at most 2 decimals',
    vi: 'phải là số thập phân dạng văn bản từ 0 đến 100, tối đa 2 chữ số thập phân',
  },
};

/**
 * The text of a constraint in both languages. It is needed where class-validator has no words, or only a regular
 * expression: `@Matches(/^[a-z]+$/, says('must be lower case', 'phải viết thường'))`.
 */
export function says(en: string, vi: string, options: ValidationOptions = {}): ValidationOptions {
  return { ...options, message: en, context: { vi } };
}

/** What to say of a broken constraint; `english` is class-validator's message without the field's name in front. */
export function textOf(name: string, constraint: Constraint | undefined, english: string): Bilingual {
  const own = (constraint?.context as { vi?: string } | undefined)?.vi;
  const args = (constraint?.constraints ?? []) as Arguments;
  const pattern = name === 'matches' ? patterns[String(args[0])] : undefined;
  const each = constraint?.each ? 'mỗi giá trị ' : '';
  if (own) return { en: english, vi: own };
  if (pattern)
    return {
      en: constraint?.message ? english : `${constraint?.each ? 'each value ' : ''}${pattern.en}`,
      vi: `${each}${pattern.vi}`,
    };
  if (name === 'nestedValidation')
    return { en: `${constraint?.each ? 'each value ' : ''}must be a JSON object`, vi: `${each}phải là đối tượng JSON` };
  if (name === 'matches')
    return { en: constraint?.message ? english : 'has not the form that is asked for', vi: 'không đúng dạng yêu cầu' };
  return { en: english, vi: vietnamese[name] ? `${each}${vietnamese[name](...args)}` : 'không hợp lệ' };
}

/** Whether {@link textOf} has words for a constraint in both languages, and no regular expression for words. */
export function hasWords(name: string, constraint: Constraint): boolean {
  if ((constraint.context as { vi?: string } | undefined)?.vi) return true;
  return name === 'matches'
    ? String((constraint.constraints as Arguments)[0]) in patterns
    : name === 'nestedValidation' || name in vietnamese;
}

/** Name of a constraint as errors have it. */
export function nameOf(constraint: Constraint): string {
  const [implementation] = constraint.constraintCls
    ? getMetadataStorage().getTargetValidatorConstraints(constraint.constraintCls)
    : [];
  return implementation?.name ?? constraint.type;
}

/** Every constraint on the fields of a class. */
export function constraintsOf(type: abstract new (...args: never[]) => unknown): Constraint[] {
  return getMetadataStorage().getTargetValidationMetadatas(type, '', false, false);
}
