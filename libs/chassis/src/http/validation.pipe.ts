import 'reflect-metadata';
import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validate, type ValidationError } from 'class-validator';
import type { ProblemDetail } from '@quen/messaging';
import { invalid } from '../problems/problems.js';
import { visibleTexts } from '../text/visible.js';
import { isTakenAsTyped } from './body-decorators.js';
import { constraintsOf, nameOf, textOf, type Constraint } from './fault-texts.js';

/** U+0000 and half a surrogate pair: no column takes them. */
const unstorable = /[\0\p{Surrogate}]/u;

const typeConstraints = new Set([
  'isString',
  'isNumber',
  'isInt',
  'isBoolean',
  'isArray',
  'isObject',
  'isNumberString',
]);

const primitives: unknown[] = [String, Boolean, Number, Array, Object, Buffer, Date, undefined];

const required = { code: 'required', message: 'is required', vi: 'là bắt buộc' };
const unknownField = { code: 'unknown_field', message: 'is not known here', vi: 'không có trường này' };
const objectExpected = { code: 'object_expected', message: 'must be a JSON object', vi: 'phải là đối tượng JSON' };
const unstorableCharacter = {
  code: 'unstorable_character',
  message: 'must not hold the character U+0000 or half a surrogate pair',
  vi: 'không được chứa ký tự U+0000 hay nửa cặp surrogate',
};
const reservedMember = {
  code: 'reserved_name',
  message: 'is a name that is not accepted',
  vi: 'là tên không được nhận',
};
const notReadable = {
  code: 'not_readable',
  message: 'holds a value that cannot be read',
  vi: 'có giá trị không đọc được',
};

/**
 * Checks bodies and query strings against their classes: an unknown field, a wrong type or a character that no column
 * takes is a 400 with pointers. Signs that nobody sees are dropped.
 */
@Injectable()
export class QuenValidationPipe implements PipeTransform {
  async transform(input: unknown, { type, metatype, data }: ArgumentMetadata): Promise<unknown> {
    if (type === 'custom') return input;
    const value = visibleTexts(input, (name) => metatype !== undefined && isTakenAsTyped(metatype, name));
    const prefix = type === 'body' ? '' : '?';
    const found = findUnacceptable(value, type === 'body' ? '' : `?${data ?? ''}`);
    if (found) throw invalid(found);
    if (!metatype || primitives.includes(metatype)) return type === 'body' ? value : scalar(value, metatype, data);
    if (type === 'body' && (typeof value !== 'object' || value === null || Array.isArray(value)))
      throw invalid({ pointer: '', ...objectExpected });
    const plain = type === 'body' ? value : typed(value, metatype);
    const { instance, errors } = await read(plain, metatype);
    const broken = errors.flatMap((error) => details(error, prefix));
    const told = new Set(broken.map(({ pointer }) => pointer));
    broken.push(...misplaced(instance, prefix).filter(({ pointer }) => !told.has(pointer)));
    if (broken.length) throw invalid(...broken);
    return instance;
  }
}

/** @throws Problem validation_failed where reading itself breaks: the cause is the input, not the service */
async function read(
  plain: unknown,
  metatype: new (...args: never[]) => unknown,
): Promise<{ instance: object; errors: ValidationError[] }> {
  try {
    const instance = plainToInstance(metatype as new () => object, plain, {
      enableImplicitConversion: false,
      exposeDefaultValues: true,
    });
    return {
      instance,
      errors: await validate(instance, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true }),
    };
  } catch {
    throw invalid({ pointer: '', ...notReadable });
  }
}

/** Points at a field of a body (RFC 6901). */
export function fieldPointer(parent: string, name: string): string {
  return `${parent}/${name.replace(/~/g, '~0').replace(/\//g, '~1')}`;
}

function pointerOf(parent: string, name: string): string {
  return parent === '?' ? `?${name}` : fieldPointer(parent, name);
}

function details(error: ValidationError, parent: string): ProblemDetail[] {
  const pointer = pointerOf(parent, error.property ?? '');
  // A missing field breaks its other constraints as well. Only that it is missing is told.
  if (error.value === undefined && error.constraints) return [{ pointer, ...required }];
  const broken = Object.entries(error.constraints ?? {});
  // Lengths and ranges say nothing of a value of the wrong type.
  const wrongType = broken.filter(([constraint]) => typeConstraints.has(constraint));
  const own = (wrongType.length ? wrongType : broken).map(([constraint, message]): ProblemDetail => {
    if (constraint === 'whitelistValidation' || constraint === 'unknownValue') return { pointer, ...unknownField };
    const { en, vi } = textOf(
      constraint,
      declared(error, constraint),
      message.replace(new RegExp(`^${escapeRegExp(error.property)} `), ''),
    );
    return { pointer, code: constraint.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), message: en, vi };
  });
  return [...own, ...(error.children ?? []).flatMap((child) => details(child, pointer))];
}

function declared({ target, property }: ValidationError, constraint: string): Constraint | undefined {
  if (!target || Array.isArray(target)) return undefined;
  return constraintsOf(target.constructor as new () => object).find(
    (each) => each.propertyName === property && nameOf(each) === constraint,
  );
}

/**
 * Finds two faults that class-validator passes. A required field with nested values may be missing. An array may stand
 * where an object is declared: class-validator would check its elements, or nothing where it is empty.
 */
function misplaced(instance: object, parent: string): ProblemDetail[] {
  const constraints = constraintsOf(instance.constructor as new () => object).filter(
    ({ type }) => type !== 'whitelistValidation',
  );
  return [...new Set(constraints.map(({ propertyName }) => propertyName))].flatMap((name) => {
    const own = constraints.filter(({ propertyName }) => propertyName === name);
    const value = (instance as Record<string, unknown>)[name];
    const pointer = pointerOf(parent, name);
    if (value === undefined || value === null)
      return own.some(({ type }) => type === 'conditionalValidation') ? [] : [{ pointer, ...required }];
    const nested = own.filter(({ type }) => type === 'nestedValidation');
    return nested.flatMap(({ each }) => {
      const items: [unknown, string][] =
        each && Array.isArray(value)
          ? value.map((item, index) => [item, fieldPointer(pointer, String(index))])
          : [[value, pointer]];
      return items.flatMap(([item, at]): ProblemDetail[] =>
        Array.isArray(item) || item === null
          ? [{ pointer: at, ...objectExpected }]
          : typeof item === 'object'
            ? misplaced(item, at)
            : [],
      );
    });
  });
}

/** A path or query value of a plain type; `@Query('on') on: string` and the like. */
function scalar(value: unknown, metatype: unknown, name = ''): unknown {
  if (value === undefined || metatype === undefined || metatype === Object) return value;
  const wrong = (message: string, vi: string): never => {
    throw invalid({ pointer: `?${name}`, code: 'wrong_type', message, vi });
  };
  if (metatype === Number)
    return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))
      ? Number(value)
      : wrong('must be a number', 'phải là số');
  if (metatype === Boolean)
    return value === 'true'
      ? true
      : value === 'false'
        ? false
        : wrong('must be true or false', 'phải là true hoặc false');
  if (metatype === String && typeof value !== 'string') return wrong('must be given once', 'chỉ được cho một lần');
  if (metatype === Date)
    return typeof value === 'string' && !Number.isNaN(Date.parse(value))
      ? new Date(value)
      : wrong('must be an instant', 'phải là thời điểm');
  return value;
}

/** Query values are text; numbers and booleans are read as their class declares them. */
function typed(value: unknown, metatype: new (...args: never[]) => unknown): unknown {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).map(([name, text]: [string, unknown]) => {
      const type: unknown = Reflect.getMetadata('design:type', metatype.prototype as object, name);
      if (type === Number && typeof text === 'string' && text.trim() !== '' && Number.isFinite(Number(text)))
        return [name, Number(text)];
      if (type === Boolean && (text === 'true' || text === 'false')) return [name, text === 'true'];
      if (type === Array && typeof text === 'string') return [name, text.split(',')];
      return [name, text];
    }),
  );
}

/**
 * The first part that no column takes, or whose name every object has. Such a name looks declared to class-validator,
 * and like the class to class-transformer.
 */
function findUnacceptable(value: unknown, pointer: string): ProblemDetail | undefined {
  if (typeof value === 'string') return unstorable.test(value) ? { pointer, ...unstorableCharacter } : undefined;
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return undefined;
  for (const [name, item] of Object.entries(value)) {
    if (unstorable.test(name)) return { pointer, ...unstorableCharacter };
    if (name in Object.prototype) return { pointer: pointerOf(pointer, name), ...reservedMember };
    const found = findUnacceptable(item, pointerOf(pointer, name));
    if (found !== undefined) return found;
  }
  return undefined;
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
