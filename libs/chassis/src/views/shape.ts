import 'reflect-metadata';
import type { Type } from '@nestjs/common';
import type { Decimal } from 'decimal.js';
import { Money } from '@quen/events';

/** What a field of a view may be taken from: the same, the amount where it is money, an instant where it is text. */
export type Shown<T> = T extends Date | null | undefined
  ? T
  : T extends Money
    ? Money | Decimal | string
    : T extends readonly (infer Each)[]
      ? readonly Shown<Each>[]
      : T extends object
        ? ShownAs<T>
        : T extends string
          ? T | Date
          : T;

/** What a view can be taken from: whatever has its fields, or methods of their names. */
export type ShownAs<View> = { readonly [Key in keyof View]: Shown<View[Key]> | (() => Shown<View[Key]>) };

type Copy = (value: unknown, currency: unknown) => unknown;
type Class = Type<object>;

const propertiesKey = 'swagger/apiModelProperties';
const namesKey = 'swagger/apiModelPropertiesArray';
const factoryName = '_OPENAPI_METADATA_FACTORY';
const shapes = new WeakMap<Class, ReadonlyMap<string, Copy> | null>();

/**
 * Makes the answer that a documented class describes: its documented fields and nothing else, each from the field or
 * the method of the same name. An amount becomes money in the `currency` of the source, or of what the source is part of.
 */
export function shape(view: Class, source: unknown, currency?: unknown): unknown {
  if (typeof source !== 'object' || source === null) return source;
  const fields = fieldsOf(view);
  if (!fields) return source;
  const from = source as Readonly<Record<string, unknown>>;
  const moneyIn = from['currency'] ?? currency;
  const shown = Object.create(view.prototype as object) as Record<string, unknown>;
  for (const [name, copy] of fields) {
    const found = from[name];
    const value: unknown = typeof found === 'function' ? (found as () => unknown).call(source) : found;
    if (value !== undefined) shown[name] = copy(value, moneyIn);
  }
  return shown;
}

/** The documented fields of a class; null for one without, whose values are shown as they are. */
function fieldsOf(view: Class): ReadonlyMap<string, Copy> | null {
  const known = shapes.get(view);
  if (known !== undefined) return known;
  const types = documentedTypes(view);
  const fields = types.size ? new Map([...types].map(([name, type]) => [name, copyOf(type)])) : null;
  shapes.set(view, fields);
  return fields;
}

/** Types of the fields by decorators and by the compiler's plugin, those of classes above among them. */
function documentedTypes(view: Class): Map<string, unknown> {
  const types = new Map<string, unknown>();
  for (
    let type: unknown = view;
    typeof type === 'function' && type !== Function.prototype;
    type = Object.getPrototypeOf(type)
  ) {
    const factory = Object.hasOwn(type, factoryName)
      ? (type as unknown as Record<string, () => Record<string, { type?: () => unknown }>>)[factoryName]
      : undefined;
    for (const [name, { type: typeOf }] of Object.entries(factory?.() ?? {}))
      if (!types.has(name)) types.set(name, typeOf);
  }
  const prototype = view.prototype as object;
  for (const key of (Reflect.getMetadata(namesKey, prototype) ?? []) as string[]) {
    const name = key.slice(1);
    const { type, isArray } = (Reflect.getMetadata(propertiesKey, prototype, name) ?? {}) as {
      type?: unknown;
      isArray?: boolean;
    };
    if (type !== undefined || !types.has(name)) types.set(name, isArray && !Array.isArray(type) ? [type] : type);
  }
  return types;
}

function copyOf(type: unknown): Copy {
  let copy: Copy | undefined;
  return (value, currency) => (copy ??= resolved(type))(value, currency);
}

const asIs: Copy = (value) => value;

/** A type may be a class, an array of one, or a function that answers either, as classes may be declared later. */
function resolved(type: unknown): Copy {
  if (Array.isArray(type)) {
    const each = resolved(type[0]);
    return each === asIs
      ? asIs
      : (value, currency) => (Array.isArray(value) ? value.map((one) => each(one, currency)) : value);
  }
  if (typeof type !== 'function') return asIs;
  if (type === Money) return money;
  if ([String, Number, Boolean, Date, Object, Array, BigInt].includes(type as never)) return asIs;
  if (type.prototype === undefined) return resolved((type as () => unknown)());
  if (!fieldsOf(type as Class)) return asIs;
  return (value, currency) => shape(type as Class, value, currency);
}

const money: Copy = (value, currency) =>
  value === null || value instanceof Money || (typeof value === 'object' && 'currency' in value)
    ? value
    : Money.of(value as string, currency as string | undefined);
