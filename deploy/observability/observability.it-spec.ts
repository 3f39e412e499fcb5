import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@quen/engines';
import { BranchState, build, topics } from '@quen/events';
import { MessagingMetrics } from '@quen/messaging';
import { eventually, startService } from '@quen/testing';
import { root, services } from '../local/settings.js';
import { readDashboard, readRules, readRuleTests, readRunbooks, Scrape, selectorsOf } from './files.js';
import { findPrometheus } from './prometheus.js';

const alerts = readRules().groups.flatMap(({ rules }) => rules);
const dashboard = readDashboard();
const runbooks = readRunbooks();
const programs = findPrometheus();
if ('missing' in programs)
  process.stderr.write(
    `No Prometheus here (${programs.missing}): alerts are not seen firing in this run; their metrics, labels, tests and runbooks are checked all the same\n`,
  );

describe('what is watched', () => {
  const scrape = new Scrape();
  let text = '';

  beforeAll(async () => {
    const sales = await startService('sales');
    try {
      const branchId = crypto.randomUUID();
      await sales.receive(
        build(BranchState, { branchId, version: 1, code: 'HN', name: 'Hà Nội', path: branchId, active: true }),
      );
      const leads = topics().find(({ name }) => name === 'crm.marketing.lead.v1');
      if (!leads) throw new Error('There is no topic of leads');
      await sales.bus.sendRaw(leads, branchId, 'no JSON', { ce_type: 'crm.marketing.lead-routed.v1' });
      await sales.bus.sendRaw(leads, branchId, '{}', { ce_type: 'crm.marketing.lead-dreamt.v1' });
      await sales.as({ roles: ['administrator'] }).get(`/v1/products/${branchId}`);
      await eventually(
        async () => {
          text = await (await fetch(sales.metricsUrl)).text();
          expect(text).toMatch(/crm_parked_messages\{[^}]*lead-intake[^}]*\} 1/);
          expect(text).toMatch(/crm_event_effect_seconds_count\{[^}]*branches[^}]*\} 1/);
          expect(text).toContain('kafka_consumergroup_lag_seconds{');
          expect(text).toMatch(/crm_unknown_events_total\{[^}]*lead-dreamt[^}]*\} 1/);
        },
        { timeoutMs: 40_000 },
      );
    } finally {
      await sales.stop();
    }
    scrape.add(text);
    // the facts of the others are counted by the same code
    for (const name of services) scrape.add(await new MessagingMetrics(undefined, name).registry.metrics());
  });

  it('a service says nothing of whom or what it served: routes are templates', () => {
    expect(text).toMatch(/route="\/v1\/products\/:id"/);
    expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/);
  });

  it('alerts and their tests read only what services say', () => {
    const expressions = [
      ...alerts.map(({ expr }) => expr),
      ...readRuleTests().tests.flatMap((test) => test.input_series.map(({ series }) => series)),
    ];
    expect(expressions.flatMap((each) => scrape.unknownIn(each))).toEqual([]);
    expect(new Scrape().unknownIn('sum(crm_ready)')).toEqual(['there is no metric crm_ready']);
  });

  it('the dashboard reads only what services say', () => {
    const expressions = dashboard.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
    expect(expressions.flatMap((each) => scrape.unknownIn(each))).toEqual([]);
    const queries = dashboard.templating.list.flatMap(({ query }) =>
      typeof query === 'string' ? [] : [/label_values\((.*), \w+\)/.exec(query.query)?.[1] ?? query.query],
    );
    expect(queries.flatMap((each) => scrape.unknownIn(`sum(${each})`))).toEqual([]);
    expect(queries).toHaveLength(2);
  });
});

describe('the alerts', () => {
  it.each(alerts.map((rule) => [rule.alert, rule]))(
    '%s tells what it means, is tested, and leads to its runbook',
    (name, { labels, annotations }) => {
      expect(name).toMatch(/^Quen[A-Z]/);
      expect(['critical', 'warning']).toContain(labels.severity);
      expect(annotations.summary && annotations.description).toBeTruthy();
      expect(readRuleTests().tests.map((test) => test.name.split(' ')[0])).toContain(name);
      const [file = '', anchor] = (annotations.runbook_url ?? '').replace('docs/runbooks/', '').split('#');
      const runbook = runbooks.get(file) ?? '';
      const section = anchor
        ? runbook.split(/^## /m).find((each) => each.toLowerCase().startsWith(`${anchor}\n`))
        : runbook;
      for (const heading of [
        'What it means',
        'What users notice',
        'How to look',
        'What to do',
        'How to verify',
        'When to escalate',
      ])
        expect(section).toContain(heading);
      expect(runbooks.get('README.md')).toContain(`[${name}](${file}${anchor ? `#${anchor}` : ''})`);
    },
  );

  it("the file in Prometheus: it parses, each alert fires and no other does, and the dashboard's queries parse", async () => {
    if ('missing' in programs) return expect(alerts.every(({ expr }) => selectorsOf(expr).length > 0)).toBe(true);
    const folder = mkdtempSync(join(tmpdir(), 'quen-rules-'));
    try {
      const queries = dashboard.panels.flatMap(({ targets = [] }) =>
        targets.map(({ expr }) => expr.replaceAll('$__rate_interval', '1m')),
      );
      const file = join(folder, 'queries.json');
      writeFileSync(
        file,
        JSON.stringify({
          groups: [{ name: 'dashboard', rules: queries.map((expr, index) => ({ record: `panel:${index}`, expr })) }],
        }),
      );
      await run(programs.promtool, ['check', 'rules', '--lint=none', file]);
      await run(programs.promtool, ['check', 'config', join(root, 'deploy/observability/prometheus.yaml')]);
      await run(programs.promtool, ['test', 'rules', join(root, 'deploy/observability/quen.rules.test.yaml')]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

it('links between runbooks lead somewhere', () => {
  const anchors = new Set(
    [...runbooks].flatMap(([file, text]) => [
      file,
      ...[...text.matchAll(/^#+ (.+)$/gm)].map(
        ([, title = '']) =>
          `${file}#${title
            .toLowerCase()
            .replace(/[^\w\s-]/g, '')
            .replaceAll(' ', '-')}`,
      ),
    ]),
  );
  const broken = [...runbooks]
    .flatMap(([file, text]) =>
      [...text.matchAll(/\]\(([\w-]+\.md)?(#[\w-]+)?\)/g)].map(([, to = file, anchor = '']) => `${to}${anchor}`),
    )
    .filter((link) => !anchors.has(link));
  expect(broken).toEqual([]);
});

describe('the dashboard', () => {
  const panels = dashboard.panels.filter(({ type }) => type !== 'row');

  it('fits a current Grafana: ids are unique, panels do not overlap, queries name the chosen data source and have a unit', () => {
    expect(dashboard.schemaVersion).toBeGreaterThanOrEqual(39);
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    expect(dashboard.templating.list.map(({ name }) => name)).toEqual(['datasource', 'service', 'consumergroup']);
    for (const { targets = [], fieldConfig, description } of panels) {
      expect(targets.length).toBeGreaterThan(0);
      expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
      expect(
        targets.every(({ datasource }) => datasource.type === 'prometheus' && datasource.uid === '${datasource}'),
      ).toBe(true);
      expect(fieldConfig?.defaults.unit && description).toBeTruthy();
    }
    const cells = dashboard.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(dashboard.panels.every(({ gridPos: { x, w } }) => x + w <= 24)).toBe(true);
  });
});
