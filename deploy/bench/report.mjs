import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * What one part of the benchmark found.
 * @typedef {object} Part
 * @property {string} name
 * @property {string[]} conditions what was compared with what
 * @property {{ title?: string, columns: string[], rows: (string | number)[][] }[]} tables
 * @property {{ aim: string, found: string, met: boolean }[]} aims
 * @property {unknown} data every sample, for the JSON file
 */

/** `1,234 (1,200–1,300)` @param {import('./measure.mjs').Stat} stat @param {(value: number) => string} [format] */
export function spread({ median, min, max }, format = whole) {
  return `${format(median)} (${format(min)}–${format(max)})`;
}

/** @param {number} value */
export function whole(value) {
  return Math.round(value).toLocaleString('en-US');
}

/** @param {number} value */
export function percent(value) {
  return `${(value * 100).toFixed(value < 0.1 ? 1 : 0)} %`;
}

/** @param {number} value */
export function fine(value) {
  return value.toPrecision(3);
}

/** @param {Part} part */
export function markdownOf({ name, conditions, tables, aims }) {
  return [
    `## ${name}`,
    '',
    ...conditions.map((line) => `- ${line}`),
    ...tables.flatMap(({ title, columns, rows }) => [
      '',
      ...(title ? [`**${title}**`, ''] : []),
      ...table(columns, rows),
    ]),
    ...(aims.length > 0
      ? [
          '',
          ...table(
            ['aim', 'found', ''],
            aims.map(({ aim, found, met }) => [aim, found, met ? 'met' : 'NOT met']),
          ),
        ]
      : []),
  ].join('\n');
}

/** @param {string[]} columns @param {(string | number)[][]} rows */
function table(columns, rows) {
  const texts = [columns, columns.map(() => '---'), ...rows].map((row) => row.map(String));
  const widths = columns.map((_, column) => Math.max(...texts.map((row) => row[column]?.length ?? 0)));
  return texts.map(
    (row) =>
      `| ${row.map((text, column) => text.padEnd(widths[column] ?? 0, text === '---' ? '-' : ' ')).join(' | ')} |`,
  );
}

/** @param {string} file @param {string} text */
export function write(file, text) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
