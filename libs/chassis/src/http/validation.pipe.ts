import 'reflect-metadata';
import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import type { ProblemDetail } from '@quen/messaging';
import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, validate, ValidateIf, type ValidationError } from 'class-validator';
import { invalid } from '../problems/problems.js';

/** The field may be left out, but null is refused: for merge-patch bodies whose field cannot be cleared. (`@IsOptional()` allows null, which clears.) */
export function MayBeOmitted(): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined);
}

/** U+0000 and half a surrogate pair: no column takes them. */
const unstorable = /[\0\p{Surrogate}]/u;

const typeConstraints = new Set(['isString', 'isNumber', 'isInt', 'isBoolean', 'isArray', 'isObject', 'isNumberString']);

const primitives: unknown[] = [String, Boolean, Number, Array, Object, Buffer, Date, undefined];

/** Checks bodies and query strings against their classes: an unknown field, a wrong type or a character that no column takes is a 400 with pointers. */
@Injectable()
export class QuenValidationPipe implements PipeTransform {
  async transform(value: unknown, { type, metatype, data }: ArgumentMetadata): Promise<unknown> {
    if (type === 'custom') return value;
    const prefix = type === 'body' ? '' : '?';
    const found = findUnstorable(value, type === 'body' ? '' : `?${data ?? ''}`);
    if (found !== undefined) throw invalid({ pointer: found, code: 'unstorable_character', message: 'must not hold the character U+0000 or half a surrogate pair' });
    if (!metatype || primitives.includes(metatype)) return type === 'body' ? value : scalar(value, metatype, data);
    if (type === 'body' && (typeof value !== 'object' || value === null || Array.isArray(value))) {
      throw invalid({ pointer: '', code: 'object_expected', message: 'must be a JSON object' });
    }
    const plain = type === 'body' ? value : typed(value, metatype);
    const instance = plainToInstance(metatype as new () => object, plain, { enableImplicitConversion: false, exposeDefaultValues: true });
    const errors = await validate(instance, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true, validationError: { target: false } });
    if (errors.length) throw invalid(...errors.flatMap((error) => details(error, prefix)));
    const misplaced = arraysForObjects(instance, prefix);
    if (misplaced.length) throw invalid(...misplaced);
    return instance;
  }
}

/** Points at a field of a body (RFC 6901). */
export function fieldPointer(parent: string, name: string): string {
  return `${parent}/${name.replace(/~/g, '~0').replace(/\//g, '~1')}`;
}

function details(error: ValidationError, parent: string): ProblemDetail[] {
  const pointer = parent === '?' ? `?${error.property}` : fieldPointer(parent, error.property);
  // Of a field that is not there, whatever else would be asked of it says nothing.
  if (error.value === undefined && error.constraints) return [{ pointer, code: 'required', message: 'is required' }];
  const broken = Object.entries(error.constraints ?? {});
  // Of a value of the wrong type, lengths and ranges say nothing.
  const wrongType = broken.filter(([constraint]) => typeConstraints.has(constraint));
  const own = (wrongType.length ? wrongType : broken).map(([constraint, message]): ProblemDetail => (
    constraint === 'whitelistValidation' || constraint === 'unknownValue'
      ? { pointer, code: 'unknown_field', message: 'is not known here' }
      : { pointer, code: constraint.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), message: message.replace(new RegExp(`^${escapeRegExp(error.property)} `), '') }
  ));
  return [...own, ...(error.children ?? []).flatMap((child) => details(child, pointer))];
}

/** Where a nested object is declared and an array stands, whose elements `@ValidateNested()` would check instead, be there none or not. */
function arraysForObjects(instance: object, parent: string): ProblemDetail[] {
  const nested = getMetadataStorage().getTargetValidationMetadatas(instance.constructor, '', false, false).filter(({ type }) => type === 'nestedValidation');
  return nested.flatMap(({ propertyName, each }) => {
    const value = (instance as Record<string, unknown>)[propertyName];
    const pointer = fieldPointer(parent, propertyName);
    const items: [unknown, string][] = each && Array.isArray(value) ? value.map((item, index) => [item, fieldPointer(pointer, String(index))]) : [[value, pointer]];
    return items.flatMap(([item, at]): ProblemDetail[] => {
      if (Array.isArray(item)) return [{ pointer: at, code: 'object_expected', message: 'must be a JSON object' }];
      return typeof item === 'object' && item !== null ? arraysForObjects(item, at) : [];
    });
  });
}

/** A path or query value of a plain type; `@Query('on') on: string` and the like. */
function scalar(value: unknown, metatype: unknown, name = ''): unknown {
  if (value === undefined || metatype === undefined || metatype === Object) return value;
  const wrong = (message: string): never => {
    throw invalid({ pointer: `?${name}`, code: 'wrong_type', message });
  };
  if (metatype === Number) return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : wrong('must be a number');
  if (metatype === Boolean) return value === 'true' ? true : value === 'false' ? false : wrong('must be true or false');
  if (metatype === String && typeof value !== 'string') return wrong('must be given once');
  if (metatype === Date) return typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? new Date(value) : wrong('must be an instant');
  return value;
}

/** Query values are text; numbers and booleans are read as their class declares them. */
function typed(value: unknown, metatype: new (...args: never[]) => unknown): unknown {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).map(([name, text]: [string, unknown]) => {
    const declared: unknown = Reflect.getMetadata('design:type', metatype.prototype as object, name);
    if (declared === Number && typeof text === 'string' && text.trim() !== '' && Number.isFinite(Number(text))) return [name, Number(text)];
    if (declared === Boolean && (text === 'true' || text === 'false')) return [name, text === 'true'];
    if (declared === Array && typeof text === 'string') return [name, text.split(',')];
    return [name, text];
  }));
}

function findUnstorable(value: unknown, pointer: string): string | undefined {
  if (typeof value === 'string') return unstorable.test(value) ? pointer : undefined;
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return undefined;
  for (const [name, item] of Object.entries(value)) {
    if (unstorable.test(name)) return pointer;
    const found = findUnstorable(item, fieldPointer(pointer, name));
    if (found !== undefined) return found;
  }
  return undefined;
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
