import 'reflect-metadata';
import type { Type } from '@nestjs/common';
import { PartialType } from '@nestjs/swagger';
import { ValidateBy, ValidateIf } from 'class-validator';
import { Decimal } from 'decimal.js';
import { says } from './fault-texts.js';

/**
 * The field may be left out, but null is refused: for merge-patch bodies whose field cannot be cleared.
 * (`@IsOptional()` allows null, which clears.)
 */
export function MayBeOmitted(): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined);
}

/**
 * The merge patch of a body: every field may be left out, and null clears only where the body itself takes null
 * (`@IsOptional()`).
 */
export function PatchOf<T>(body: Type<T>): Type<Partial<T>> {
  // By default each field becomes optional in the sense that null passes, against all other decorators.
  return PartialType(body, { skipNullProperties: false });
}

/**
 * A number with at most so many decimals, in any form that JSON knows. `maxDecimalPlaces` of class-validator miscounts
 * numbers with an exponent.
 */
export function MaxDecimals(places: number): PropertyDecorator {
  return ValidateBy(
    {
      name: 'maxDecimals',
      constraints: [places],
      validator: {
        validate: (value) =>
          typeof value === 'number' && Number.isFinite(value) && new Decimal(value).decimalPlaces() <= places,
      },
    },
    says(`must have at most ${places} decimals`, `không được có quá ${places} chữ số thập phân`),
  );
}

const asTyped = 'quen:as-typed';

/** The field is a secret and is taken exactly as it was typed. Other texts lose signs that nobody sees. */
export function AsTyped(): PropertyDecorator {
  return (target, name) => Reflect.defineMetadata(asTyped, true, target, name);
}

/** Whether a body's field is a secret, see {@link AsTyped}. */
export function isTakenAsTyped(body: { prototype: unknown }, name: string): boolean {
  return Reflect.hasMetadata(asTyped, body.prototype as object, name);
}
