import { invalid } from '@quen/chassis';
import { earliestDay } from '@quen/events';

/** @throws Problem validation_failed for a day after the store's, or before any that facts are taken from */
export function mustHaveCome(asOf: string | null | undefined, today: string, pointer: string): void {
  if (asOf && (asOf > today || asOf < earliestDay))
    throw invalid({ pointer, code: 'wrong_value', message: `must be a day from ${earliestDay} to ${today}` });
}
