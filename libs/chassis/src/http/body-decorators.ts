import type { Type } from '@nestjs/common';
import { PartialType } from '@nestjs/swagger';
import { ValidateBy, ValidateIf } from 'class-validator';
import { Decimal } from 'decimal.js';
import { says } from './fault-texts.js';

/** The field may be left out, but null is refused: for merge-patch bodies whose field cannot be cleared. (`@IsOptional()` allows null, which clears.) */
export function MayBeOmitted(): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined);
}

/** The merge patch of a body: every field may be left out, and null clears only where the body itself takes null (`@IsOptional()`). */
export function PatchOf<T>(body: Type<T>): Type<Partial<T>> {
  // by default each field becomes optional in the sense that null passes whatever else is declared
  return PartialType(body, { skipNullProperties: false });
}

/** A number with at most so many decimals, whichever way JSON writes it; `maxDecimalPlaces` of class-validator miscounts numbers with an exponent. */
export function MaxDecimals(places: number): PropertyDecorator {
  return ValidateBy(
    { name: 'maxDecimals', constraints: [places], validator: { validate: (value) => typeof value === 'number' && Number.isFinite(value) && new Decimal(value).decimalPlaces() <= places } },
    says(`must have at most ${places} decimals`, `không được có quá ${places} chữ số thập phân`),
  );
}
