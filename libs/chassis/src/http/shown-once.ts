import { SetMetadata, type CustomDecorator } from '@nestjs/common';

export const shownOnceKey = 'quen:shown-once';

/**
 * Fields of a route's answer that are secrets. They are not kept for a repetition with the same `Idempotency-Key`,
 * where they are null.
 */
export function ShownOnce(...fields: readonly string[]): CustomDecorator {
  return SetMetadata(shownOnceKey, fields);
}

/** The answer as it may be kept. */
export function withoutShownOnce(body: unknown, fields: readonly string[] | undefined): unknown {
  if (!fields || typeof body !== 'object' || body === null) return body;
  return { ...body, ...Object.fromEntries(fields.map((field) => [field, null])) };
}
