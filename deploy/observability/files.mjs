import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { root } from '../local/settings.mjs';

/**
 * @typedef {{ alert: string, expr: string, for?: string, labels: Record<string, string>, annotations: Record<string,
 * string> }} Rule
 */
/** @typedef {{ groups: { name: string, rules: Rule[] }[] }} RuleFile */
/** @typedef {{ refId: string, expr: string, datasource: { type: string, uid: string } }} Target */
/**
 * @typedef {{ id: number, type: string, title: string, description?: string, gridPos: { x: number, y: number, w:
 * number, h: number }, fieldConfig?: { defaults: { unit?: string } }, targets?: Target[] }} Panel
 */
/**
 * @typedef {{ uid: string, title: string, schemaVersion: number, panels: Panel[], templating: { list: { name: string,
 * type: string, query: string | { query: string } }[] } }} Dashboard
 */

const read = (/** @type {string} */ file) => readFileSync(join(import.meta.dirname, file), 'utf8');

/** @returns {RuleFile} */
export const readRules = () => parse(read('quen.rules.yaml'));

/** @returns {{ tests: { name: string, input_series: { series: string }[] }[] }} */
export const readRuleTests = () => parse(read('quen.rules.test.yaml'));

/** @returns {Dashboard} */
export const readDashboard = () => JSON.parse(read('grafana/quen-bus.json'));

/** @returns {Map<string, string>} text of each runbook by its name */
export const readRunbooks = () =>
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
 * @param {string} expression PromQL; Grafana's variables may stand in it
 * @returns {{ metric: string, labels: { name: string, operator: string, value: string }[] }[]}
 */
export function selectorsOf(expression) {
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

/** Labels by which an expression groups. @param {string} expression */
export function groupingsOf(expression) {
  return [...expression.matchAll(/\b(?:by|on|without|ignoring)\s*\(([^)]*)\)/g)]
    .flatMap(([, names = '']) => names.split(',').map((name) => name.trim()))
    .filter((name) => name && name !== 'le');
}

/** What a service said of itself, as labels by metric. */
export class Scrape {
  /** @type {Map<string, Map<string, Set<string>>>} */
  metrics = new Map();

  /** @param {string} text in Prometheus's text format */
  add(text) {
    for (const [, name = '', labels = ''] of text.matchAll(/^([a-zA-Z_]\w*)(?:\{(.*)\})? \S+$/gm)) {
      const known = this.metrics.get(name) ?? new Map();
      this.metrics.set(name, known);
      for (const [, label = '', , value = ''] of labels.matchAll(matcher))
        known.set(label, (known.get(label) ?? new Set()).add(value));
    }
  }

  /** What of an expression no service ever says; empty when it is all there. @param {string} expression */
  unknownIn(expression) {
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
