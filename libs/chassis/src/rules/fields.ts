import { Decimal } from 'decimal.js';
import { civilDatePattern, isCivilDate } from '@quen/events';
import type { Bilingual } from '../problems/problems.js';
import { visible } from '../text/visible.js';

/** Types of fields that lists filter by and rule trees speak of. */
export type FieldType = 'text' | 'choice' | 'texts' | 'instant' | 'date' | 'decimal' | 'integer' | 'uuid' | 'boolean';

/** A field open to filters, sorting or rules. */
export interface Field {
  readonly type: FieldType;
  /** SQL of the value when it is no plain column of the same name: a constant of the program, never input. */
  readonly sql?: string;
  /**
   * SQL of a column that holds the text folded (see `quen_fold`), in which words are looked for. Folding every row anew
   * costs a hundred times as much.
   */
  readonly folded?: string;
  /** Allowed values of a choice. */
  readonly choices?: readonly string[];
  /** Shown to people who build rules. */
  readonly label?: string;
}

/** Fields by the name that callers use. */
export type Fields = Readonly<Record<string, Field>>;

interface FieldOptions {
  /** SQL of the value, e.g. `price_amount` or `(details->>'color')`, when it is no plain column of the same name. */
  sql?: string;
  folded?: string;
  label?: string;
}

const field =
  (type: FieldType) =>
  (options: FieldOptions = {}): Field => ({ type, ...options });

/** Text; `contains` and `startsWith` ignore accents and case. */
export const text = field('text');
/** A column of several texts (`text[]`), such as tags. */
export const texts = field('texts');
/** A moment, ISO 8601 with offset; a plain date means that whole day where the firm is (TIME_ZONE). */
export const instant = field('instant');
/** A civil date `YYYY-MM-DD`. */
export const date = field('date');
/** A decimal number, sent as text or number, never rounded. */
export const decimal = field('decimal');
export const integer = field('integer');
export const uuid = field('uuid');
export const bool = field('boolean');
/** One of a closed list of texts. */
export const choice = (choices: readonly string[], options: FieldOptions = {}): Field => ({
  type: 'choice',
  choices,
  ...options,
});

/** A value as SQL parameters take it. */
export type FieldValue = string | number | boolean;

/** Postgres type that a parameter of this field is cast to. */
export const sqlType: Record<FieldType, string> = {
  text: 'text',
  choice: 'text',
  texts: 'text',
  instant: 'timestamptz',
  date: 'date',
  decimal: 'numeric',
  integer: 'bigint',
  uuid: 'uuid',
  boolean: 'boolean',
};

/** True for types that have an order. */
export function isOrdered(type: FieldType): boolean {
  return type === 'instant' || type === 'date' || type === 'decimal' || type === 'integer' || type === 'text';
}

/** Whether the value of an instant is a plain date, which stands for that whole day where the firm is. */
export function isPlainDay(value: unknown): value is string {
  return typeof value === 'string' && civilDatePattern.test(value);
}

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const instantPattern = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2}))?$/;

/** The value of a field as a parameter; undefined when the input is of the wrong type. */
export function parseFieldValue(of: Field, input: unknown): FieldValue | undefined {
  switch (of.type) {
    case 'text':
    case 'texts':
      return typeof input === 'string' && input.length <= 1000 && !input.includes('\0') ? visible(input) : undefined;
    case 'choice':
      return typeof input === 'string' && of.choices?.includes(input) ? input : undefined;
    case 'uuid':
      return typeof input === 'string' && uuidPattern.test(input) ? input.toLowerCase() : undefined;
    case 'boolean':
      return input === true || input === 'true' ? true : input === false || input === 'false' ? false : undefined;
    case 'date':
      return isCivilDate(input) ? input : undefined;
    case 'instant':
      return typeof input === 'string' &&
        instantPattern.test(input) &&
        isCivilDate(input.slice(0, 10)) &&
        !Number.isNaN(Date.parse(input))
        ? input
        : undefined;
    case 'integer':
      return parseInteger(input);
    case 'decimal':
      return parseDecimal(input);
  }
}

function parseInteger(input: unknown): number | undefined {
  const number = typeof input === 'string' && /^-?\d{1,16}$/.test(input) ? Number(input) : input;
  return Number.isSafeInteger(number) ? (number as number) : undefined;
}

function parseDecimal(input: unknown): string | undefined {
  if (typeof input === 'number') return Number.isFinite(input) ? new Decimal(input).toFixed() : undefined;
  return typeof input === 'string' && /^-?\d{1,30}(\.\d{1,10})?$/.test(input) ? input : undefined;
}

/** What a field's values look like, for messages. */
export function describeType(of: Field): string {
  return of.type === 'choice' ? `one of ${of.choices?.join(', ')}` : shapes[of.type].en;
}

/** The same in Vietnamese. */
export function describeTypeVi(of: Field): string {
  return of.type === 'choice' ? `một trong: ${of.choices?.join(', ')}` : shapes[of.type].vi;
}

const anyText = { en: 'text of at most 1000 characters', vi: 'văn bản không quá 1000 ký tự' };
const shapes: Readonly<Record<Exclude<FieldType, 'choice'>, Bilingual>> = {
  text: anyText,
  texts: anyText,
  instant: {
    en: 'an ISO 8601 instant, or a date YYYY-MM-DD for that whole day',
    vi: 'thời điểm theo ISO 8601, hoặc ngày YYYY-MM-DD cho cả ngày đó',
  },
  date: { en: 'a date YYYY-MM-DD', vi: 'ngày dạng YYYY-MM-DD' },
  decimal: { en: 'a decimal number', vi: 'số thập phân' },
  integer: { en: 'an integer', vi: 'số nguyên' },
  uuid: { en: 'a UUID', vi: 'UUID' },
  boolean: { en: 'true or false', vi: 'true hoặc false' },
};

/** `createdAt` → `created_at`. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
