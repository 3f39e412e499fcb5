import { recordedDay } from '@quen/chassis';
import { defineProblem } from '@quen/messaging';

export const dayBeforeOrder = defineProblem('unprocessable', 'day_before_order', {
  en: 'Order {code} is of {orderedOn}: nothing of it can bear the earlier day {day}.',
  vi: 'Đơn hàng {code} lập ngày {orderedOn}: không ghi nhận được việc xảy ra trước đó, ngày {day}.',
});

/**
 * The day on which something happened to an order, never before the order itself. @throws Problem day_in_future,
 * day_before_order
 */
export function dayOfOrder(
  order: { code: string; orderedOn: string },
  given: string | undefined,
  today: string,
): string {
  const day = recordedDay(given, today);
  if (day < order.orderedOn) throw dayBeforeOrder({ code: order.code, orderedOn: order.orderedOn, day });
  return day;
}
