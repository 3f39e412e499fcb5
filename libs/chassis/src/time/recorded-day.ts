import { defineProblem } from '@quen/messaging';

export const dayInFuture = defineProblem('unprocessable', 'day_in_future', {
  en: 'The day {day} has not come yet: only what happened is recorded.',
  vi: 'Ngày {day} chưa tới: chỉ ghi nhận việc đã xảy ra.',
});

/**
 * The civil day on which something happened; today unless another is given. What is recorded are facts. A fact of a day
 * to come would make everything wrong that is worked out from facts until then.
 * @param today the day where the firm is, of the moment of the transaction
 * @throws Problem day_in_future
 */
export function recordedDay(given: string | undefined, today: string): string {
  if (given !== undefined && given > today) throw dayInFuture({ day: given });
  return given ?? today;
}
