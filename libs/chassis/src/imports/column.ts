import type { ProblemParams } from '@quen/messaging';
import { fold } from '../text/fold.js';
import { codeOf } from '../text/visible.js';
import { isPlaceholder, isPlaceholderName } from './cell-blank.js';
import { readDay, type ReadAt } from './cell-day.js';
import { readDong, readQuantity } from './cell-number.js';

/** What a cell says, and which part of it was left out; or the code of what keeps it from being read. */
export type CellRead<T> = { value: T; left?: readonly string[] } | { fault: string; params?: ProblemParams };

/** What every kind of column may say of itself. */
export interface ColumnOptions {
  /** Headings by which the column is known beside its own name, in any spelling: marks, case, blanks make no difference. */
  headings?: readonly (string | RegExp)[];
  /**
   * `required`: blank or unreadable, it costs the row. `key`: unreadable, it costs the row, since records are told by
   * it. Else an unreadable cell costs itself, with a warning.
   */
  need?: 'required' | 'key';
  /** Several columns of a file may fill it; its values are then lists, which are joined. */
  many?: boolean;
  /** Whether a cell only says that nothing is known. */
  blank?: (text: string) => boolean;
}

/** A declared column. */
export interface Column<T> extends ColumnOptions {
  read(text: string, at: ReadAt): CellRead<T>;
}

/** A column with a reader of its own. */
export function column<T>(read: (text: string, at: ReadAt) => CellRead<T>, options: ColumnOptions = {}): Column<T> {
  return { blank: isPlaceholder, ...options, read };
}

/** Text, by default of at most 500 characters. */
export function text(options: ColumnOptions & { most?: number } = {}): Column<string> {
  const { most = 500, ...rest } = options;
  return column<string>(
    (typed) => (typed.length > most ? { fault: 'text_too_long', params: { most } } : { value: typed }),
    rest,
  );
}

/** A name: as text, only that `Na` or `Không` may be one. */
export function name(options: ColumnOptions & { most?: number } = {}): Column<string> {
  return text({ blank: isPlaceholderName, ...options });
}

/** A code in the form in which codes are compared. */
export function code(options: ColumnOptions & { most?: number } = {}): Column<string> {
  const { most = 60, ...rest } = options;
  return column<string>(
    (typed) => {
      const value = codeOf(typed);
      if (value.length > most) return { fault: 'text_too_long', params: { most } };
      return /\s/.test(value) ? { fault: 'code_invalid' } : { value };
    },
    { blank: isPlaceholderName, ...rest },
  );
}

/** A civil day up to today, `YYYY-MM-DD`. */
export function day(options: ColumnOptions & { earliest?: string } = {}): Column<string> {
  const { earliest = '1900-01-01', ...rest } = options;
  return column<string>((typed, at) => {
    const read = readDay(typed, at);
    if ('fault' in read) return read;
    if (read.day > at.today) return { fault: 'day_in_future' };
    return read.day < earliest ? { fault: 'day_too_early', params: { earliest } } : { value: read.day };
  }, rest);
}

interface NumberOptions extends ColumnOptions {
  /** The largest value, by default 15 digits. */
  most?: string;
  /** Whether values below zero are taken. */
  signed?: boolean;
}

/** An amount in đồng as decimal text. */
export function money({ most = '999999999999999', signed = false, ...rest }: NumberOptions = {}): Column<string> {
  return column((typed) => {
    const read = readDong(typed);
    return 'fault' in read ? read : bounded(read.number, most, signed);
  }, rest);
}

/** A quantity as decimal text. */
export function quantity({ most = '999999999999', signed = false, ...rest }: NumberOptions = {}): Column<string> {
  return column((typed) => {
    const read = readQuantity(typed);
    return 'fault' in read ? read : bounded(read.number, most, signed);
  }, rest);
}

function bounded(value: string, most: string, signed: boolean): CellRead<string> {
  if (!signed && value.startsWith('-')) return { fault: 'number_negative' };
  return Number(value.replace('-', '')) > Number(most) ? { fault: 'number_too_large', params: { most } } : { value };
}

/** One of a closed list, by words in any spelling; the values themselves are words, too. */
export function choice<const T extends string>(
  values: readonly T[],
  words: Readonly<Record<string, NoInfer<T>>> = {},
  options: ColumnOptions = {},
): Column<T> {
  const known = new Map<string, T>([
    ...values.map((value): [string, T] => [fold(value), value]),
    ...Object.entries(words).map(([word, value]): [string, T] => [fold(word), value]),
  ]);
  return column<T>((typed) => {
    const value = known.get(fold(typed));
    return value === undefined ? { fault: 'value_unknown' } : { value };
  }, options);
}

const yes = ['co', 'yes', 'y', 'x', '✓', '✔', '☑', '✅', 'v', '1', 'true', 't', 'ok', 'on', 'dung'];
const no = ['khong', 'ko', 'no', 'n', '0', 'false', 'f', 'off', '☐', '-', 'sai'];

/** Yes or no. @param words further words, by what they say */
export function flag(words: Readonly<Record<string, boolean>> = {}, options: ColumnOptions = {}): Column<boolean> {
  const known = new Map<string, boolean>([
    ...yes.map((word): [string, boolean] => [word, true]),
    ...no.map((word): [string, boolean] => [word, false]),
    ...Object.entries(words).map(([word, value]): [string, boolean] => [fold(word), value]),
  ]);
  return column<boolean>(
    (typed) => {
      const value = known.get(fold(typed));
      return value === undefined ? { fault: 'value_unknown' } : { value };
    },
    { blank: () => false, ...options },
  );
}
