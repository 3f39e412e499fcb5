import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { root } from '../local/settings.js';

type Rule = {
  alert: string;
  expr: string;
  for?: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
};
type RuleFile = { groups: { name: string; rules: Rule[] }[] };
type Target = { refId: string; expr: string; datasource: { type: string; uid: string } };
type Panel = {
  id: number;
  type: string;
  title: string;
  description?: string;
  gridPos: { x: number; y: number; w: number; h: number };
  fieldConfig?: { defaults: { unit?: string } };
  targets?: Target[];
};
type Dashboard = {
  uid: string;
  title: string;
  schemaVersion: number;
  panels: Panel[];
  templating: { list: { name: string; type: string; query: string | { query: string } }[] };
};

const read = (file: string) => readFileSync(join(root, 'deploy/observability', file), 'utf8');

export const readRules = (): RuleFile => parse(read('quen.rules.yaml'));

export const readRuleTests = (): { tests: { name: string; input_series: { series: string }[] }[] } =>
  parse(read('quen.rules.test.yaml'));

export const readDashboard = (): Dashboard => JSON.parse(read('grafana/quen-bus.json'));

/** @returns text of each runbook by its name */
export const readRunbooks = (): Map<string, string> =>
  new Map(
    globSync('docs/runbooks/*.md', { cwd: root }).map((file) => [
      file.slice('docs/runbooks/'.length),
      readFileSync(join(root, file), 'utf8'),
    ]),
  );

/** What Prometheus adds to the metrics of a service, and metrics that it makes itself. */
const targetLabels = new Set(['job', 'instance', 'service']);
const ownMetrics = new Set(['up', 'ALERTS']);

/** Label matchers, as they stand between the braces of a selector. */
const matcher = /([a-zA-Z_]\w*)\s*(=~|!~|!=|=)\s*"((?:[^"\\]|\\.)*)"/g;

/**
 * The metrics that an expression reads, with the labels by which it picks them.
 * @param expression PromQL; Grafana's variables may stand in it
 */
export function selectorsOf(
  expression: string,
): { metric: string; labels: { name: string; operator: string; value: string }[] }[] {
  return [
    ...expression.matchAll(
      /\b([a-zA-Z_:][\w:]*)\s*(?:\{((?:[^"}]|"(?:[^"\\]|\\.)*")*)\}|(?=\[))|\b((?:crm|kafka|http|nodejs|process)_\w+)\b/g,
    ),
  ].map(([, selected, labels = '', bare]) => ({
    metric: selected ?? bare ?? '',
    labels: [...labels.matchAll(matcher)].map(([, name = '', operator = '', value = '']) => ({
      name,
      operator,
      value,
    })),
  }));
}

/** Labels by which an expression groups. */
export function groupingsOf(expression: string) {
  return [...expression.matchAll(/\b(?:by|on|without|ignoring)\s*\(([^)]*)\)/g)]
    .flatMap(([, names = '']) => names.split(',').map((name) => name.trim()))
    .filter((name) => name && name !== 'le');
}

/** What a service said of itself, as labels by metric. */
export class Scrape {
  metrics: Map<string, Map<string, Set<string>>> = new Map();

  /** @param text in Prometheus's text format */
  add(text: string) {
    for (const [, name = '', labels = ''] of text.matchAll(/^([a-zA-Z_]\w*)(?:\{(.*)\})? \S+$/gm)) {
      const known = this.metrics.get(name) ?? new Map();
      this.metrics.set(name, known);
      for (const [, label = '', , value = ''] of labels.matchAll(matcher))
        known.set(label, (known.get(label) ?? new Set()).add(value));
    }
  }

  /** What of an expression no service ever says; empty when it is all there. */
  unknownIn(expression: string) {
    const groupings = groupingsOf(expression);
    return selectorsOf(expression)
      .filter(({ metric }) => !ownMetrics.has(metric))
      .flatMap(({ metric, labels }) => {
        const known = this.metrics.get(metric);
        if (!known) return [`there is no metric ${metric}`];
        const unknown = [...labels.map(({ name }) => name), ...groupings]
          .filter((name) => !known.has(name) && !targetLabels.has(name))
          .map((name) => `${metric} has no label ${name}`);
        // these have few values, each said from the start
        const closed = labels.filter(
          ({ name, operator }) => operator === '=' && ['check', 'outcome', 'reason', 'state'].includes(name),
        );
        return [
          ...unknown,
          ...closed
            .filter(({ name, value }) => !known.get(name)?.has(value))
            .map(({ name, value }) => `${metric} has no ${name} "${value}"`),
        ];
      });
  }
}
