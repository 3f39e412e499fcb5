import type { ProblemDetail } from '@quen/messaging';

const time = /^(([01]\d|2[0-3]):[0-5]\d|24:00)$/;

/**
 * Everything that keeps a value from being a week: spans `{from, to}` of local time HH:MM in lists by weekday, 1 =
 * Monday to 7 = Sunday.
 */
export function weekFaults(week: Readonly<Record<string, unknown>>, pointer: string): ProblemDetail[] {
  return Object.entries(week).flatMap(([day, spans]): ProblemDetail[] => {
    const at = `${pointer}/${day.replace(/~/g, '~0').replace(/\//g, '~1')}`;
    if (!/^[1-7]$/.test(day))
      return [
        {
          pointer: at,
          code: 'unknown_field',
          message: 'must be a weekday, 1 to 7',
          vi: 'phải là thứ trong tuần, 1 đến 7',
        },
      ];
    if (!Array.isArray(spans))
      return [
        { pointer: at, code: 'is_array', message: 'must be a list of spans', vi: 'phải là danh sách các khoảng giờ' },
      ];
    return spans.flatMap((span, index) => spanFaults(span, `${at}/${index}`));
  });
}

function spanFaults(span: unknown, pointer: string): ProblemDetail[] {
  if (typeof span !== 'object' || span === null || Array.isArray(span))
    return [{ pointer, code: 'object_expected', message: 'must be a JSON object', vi: 'phải là đối tượng JSON' }];
  const given = span as Record<string, unknown>;
  const unknown = Object.keys(given)
    .filter((name) => name !== 'from' && name !== 'to')
    .map((name) => ({
      pointer: `${pointer}/${name}`,
      code: 'unknown_field',
      message: 'is not known here',
      vi: 'không có trường này',
    }));
  return [
    ...unknown,
    ...['from', 'to'].flatMap((name): ProblemDetail[] => {
      if (given[name] === undefined)
        return [{ pointer: `${pointer}/${name}`, code: 'required', message: 'is required', vi: 'là bắt buộc' }];
      return typeof given[name] === 'string' && time.test(given[name])
        ? []
        : [
            {
              pointer: `${pointer}/${name}`,
              code: 'wrong_value',
              message: 'must be a time HH:MM',
              vi: 'phải là giờ dạng HH:MM',
            },
          ];
    }),
  ];
}
