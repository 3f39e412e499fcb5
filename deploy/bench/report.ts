import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Stat } from './measure.js';

/** What one part of the benchmark found. */
export interface Part {
  name: string;
  /** what was compared with what */
  conditions: string[];
  tables: { title?: string; columns: string[]; rows: (string | number)[][] }[];
  aims: { aim: string; found: string; met: boolean }[];
  /** every sample, for the JSON file */
  data: unknown;
}

/** `1,234 (1,200–1,300)` */
export function spread({ median, min, max }: Stat, format: (value: number) => string = whole) {
  return `${format(median)} (${format(min)}–${format(max)})`;
}

export function whole(value: number) {
  return Math.round(value).toLocaleString('en-US');
}

export function percent(value: number) {
  return `${(value * 100).toFixed(value < 0.1 ? 1 : 0)} %`;
}

export function fine(value: number) {
  return value.toPrecision(3);
}

export function markdownOf({ name, conditions, tables, aims }: Part) {
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

function table(columns: string[], rows: (string | number)[][]) {
  const texts = [columns, columns.map(() => '---'), ...rows].map((row) => row.map(String));
  const widths = columns.map((_, column) => Math.max(...texts.map((row) => row[column]?.length ?? 0)));
  return texts.map(
    (row) =>
      `| ${row.map((text, column) => text.padEnd(widths[column] ?? 0, text === '---' ? '-' : ' ')).join(' | ')} |`,
  );
}

export function write(file: string, text: string) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
