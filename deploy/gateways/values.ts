import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from '@quen/testing';
import { root } from '../local/settings.js';

/** JSON that no value of JavaScript's would be written as, by a text that stands for it in a body. */
export const raw = new Map([
  ['\u0001 1e400', '1e400'],
  ['\u0001 proto', '{"__proto__":{"a":1}}'],
  ['\u0001 -0', '-0'],
  ['\u0001 long', `1${'0'.repeat(400)}`],
  ['\u0001 deep', `${'['.repeat(90)}${']'.repeat(90)}`],
  ['\u0001 deeper', `${'{"a":'.repeat(3000)}1${'}'.repeat(3000)}`],
]);

/** Texts that no index takes, as they are too long and cannot be compressed. */
const long = randomBytes(6_000).toString('base64');

/** For every place. */
const always = [null, true, 1e-7, '\u0001 1e400', '', ' ', '😀\u202e\u200b', long, [null], { a: 1 }];
const ofNumbers = [0, -1, 1.5, 1e21, 9_007_199_254_740_993, '\u0001 -0', '\u0001 long', '1'];
const ofParts = [[], [[]], {}, 'x'];
/** What is refused, or not, for the whole body and whatever its class: once for each is enough. */
export const forWholeBodies: unknown[] = [
  'a\0b',
  '\ud800',
  { constructor: { name: 'x' } },
  { toString: 1 },
  '\u0001 proto',
  '\u0001 deep',
  '\u0001 deeper',
];
const dates = [
  '2026-02-30',
  '0000-00-00',
  '0001-01-01',
  '9999-12-31',
  '99999-01-01',
  '+275760-09-13',
  '2026-13-45T25:61:61Z',
  '2026-11-20T24:00:00Z',
  '2026-W01',
  'today',
  '20261120',
  '-000001-01-01',
  '1970-01-01T00:00:00+99:99',
];
const numbers = [
  '-1',
  '0',
  '00',
  '1e5',
  'NaN',
  'Infinity',
  '1.',
  '.5',
  '1,5',
  '0x10',
  '١٢٣',
  '999999999999999',
  '999999999999999.9999',
  '0.00001',
  '-0',
  `${'9'.repeat(40)}`,
];
const names = ['__proto__', 'constructor', 'null'];

/** What is sent in the place of a field, whatever it is declared to be. */
export function hostileValues(path: (string | number)[], schema: Json): unknown[] {
  const name = String(path.filter((each) => typeof each === 'string').at(-1) ?? '');
  const text = schema.type === undefined || schema.type === 'string';
  return [
    ...always,
    ...(schema.type === 'number' || schema.type === 'integer' ? ofNumbers : []),
    ...(text ? [] : ofParts),
    ...(text &&
    !schema.enum &&
    !['uuid', 'email', 'uri'].includes(schema.format) &&
    /(On|At|To|From|Since|Until|day|date|from|until|zone)$|Date/.test(name)
      ? dates
      : []),
    ...(text && (schema.pattern?.includes('\\d') || /amount|price|quantity|percent|rate/i.test(name)) ? numbers : []),
    ...(schema.format === 'uuid'
      ? [
          '00000000-0000-7000-8000-000000000000',
          '00000000000070008000000000000000',
          '{00000000-0000-7000-8000-000000000000}',
        ]
      : []),
    ...(text && !schema.enum ? names : []),
  ];
}

const mails = [
  'a@b',
  'a@b.vn',
  'lan@exämple.vn',
  'lần@example.vn',
  'lan\u200b@example.vn',
  '"a b"@example.vn',
  'a..b@example.vn',
  `${'a'.repeat(64)}@example.vn`,
  `${'a'.repeat(65)}@example.vn`,
  `a@${'b'.repeat(63)}.vn`,
  'a@[127.0.0.1]',
  'a@example.c',
  'Lan <lan@example.vn>',
  'lan@example.vn\n',
  'a@-x.vn',
  'a_b@x_y.vn',
  'a+b@example.vn',
  'a@example.vn.',
];
const uris = [
  'http://a',
  'https://a.vn/ x',
  'javascript:alert(1)',
  'https://ví-dụ.vn/đ',
  'https://a.vn/#x y',
  'http://[::1]/',
  'https://u:p@a.vn',
  '//a.vn',
  'https://a.vn/{x}',
  'https://a.vn/%zz',
];
const texts = { '^\\d{4}': dates, '\\d': numbers };

/** Values at the edges of what a schema allows, on both sides. */
export function edgesOf(schema: Json): unknown[] {
  const { minLength, maxLength, minimum, maximum, exclusiveMinimum, minItems, maxItems, pattern, format } = schema;
  const edges = [];
  for (const length of [minLength, maxLength]) {
    if (length === undefined || length > 60_000) continue;
    edges.push(
      'x'.repeat(Math.max(0, length - 1)),
      'x'.repeat(length),
      'x'.repeat(length + 1),
      '😀'.repeat(length),
      'ế'.normalize('NFD').repeat(length),
      ' '.repeat(length),
      '1'.repeat(length),
    );
  }
  for (const limit of [minimum, maximum, exclusiveMinimum])
    if (limit !== undefined) edges.push(limit - 1, limit, limit + 1, limit + 0.5);
  for (const items of [minItems, maxItems])
    if (items !== undefined && items <= 1000) edges.push({ repeat: items }, { repeat: items + 1 });
  if (schema.enum) edges.push(...schema.enum, `${schema.enum[0]} `, String(schema.enum[0]).toUpperCase());
  if (format === 'email') edges.push(...mails);
  if (format === 'uri') edges.push(...uris);
  if (format === 'date' || format === 'date-time') edges.push(...dates);
  for (const [part, values] of Object.entries(texts)) if (pattern?.includes(part)) edges.push(...values);
  if (pattern) edges.push('a', 'A1', 'a-b', 'ă', '\n', 'a\n', '+84912345678');
  return edges;
}

/**
 * What the schemas that a service has published say of fields, by the fields' names: a door that ends in a record may
 * have to do with any of them.
 */
export function publishedFields(service: string): Map<string, Json[]> {
  const folder = join(root, 'libs/events/published');
  const fields: Map<string, Json[]> = new Map();
  const visit = (schema: Json) => {
    if (typeof schema !== 'object' || schema === null) return;
    for (const [name, field] of Object.entries<Json>(schema.properties ?? {})) {
      fields.set(name, [...(fields.get(name) ?? []), field, ...(field.items ? [field.items] : [])]);
    }
    Object.values(schema).forEach(visit);
  };
  for (const file of readdirSync(folder).filter((name) => name.startsWith(`crm.${service}.`)))
    visit(JSON.parse(readFileSync(join(folder, file), 'utf8')));
  return fields;
}
