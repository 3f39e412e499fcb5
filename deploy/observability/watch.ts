import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@quen/engines';
import type { Json } from '@quen/testing';
import { readRules } from './files.js';
import { startPrometheus } from './prometheus.js';

/** Times after `for:` are divided by this; thresholds and ranges stay as they are. */
const haste = 60;

/**
 * The one range that is shortened too: the alert asks for no success within it, and every schedule succeeds at the
 * start.
 */
const shortened = { QuenScheduleFailing: { from: '[30m]', to: '[20s]' } };

const units = { s: 1000, m: 60_000, h: 3_600_000 };

/** @param duration such as 30s or 1h */
function milliseconds(duration: string) {
  return Number(duration.slice(0, -1)) * units[duration.slice(-1) as keyof typeof units];
}

/** The alerts, in a hurry. */
export function hastyRules() {
  const { groups } = readRules();
  for (const rule of groups.flatMap(({ rules }) => rules)) {
    if (rule.for) rule.for = `${Math.ceil(milliseconds(rule.for) / haste)}ms`;
    const change = shortened[rule.alert as keyof typeof shortened];
    if (change) rule.expr = rule.expr.replaceAll(change.from, change.to);
  }
  return { groups };
}

/** A real Prometheus that scrapes processes each second and judges the hasty alerts. */
export class Watch {
  /** when each alert was first seen firing, in milliseconds of the clock of performance */
  fired: Map<string, number> = new Map();
  #stop = new AbortController();
  #looking: Promise<void> = Promise.resolve();

  constructor(
    readonly prometheus: { url: string; stop: () => Promise<void> },
    readonly folder: string,
  ) {}

  /** @param program Prometheus */
  static async start(program: string, targets: { service: string; url: string }[]) {
    const folder = mkdtempSync(join(tmpdir(), 'quen-watch-'));
    const configuration = join(folder, 'prometheus.json');
    writeFileSync(join(folder, 'rules.json'), JSON.stringify(hastyRules()));
    writeFileSync(
      configuration,
      JSON.stringify({
        global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
        rule_files: ['rules.json'],
        scrape_configs: [
          {
            job_name: 'quen',
            honor_labels: true,
            static_configs: targets.map(({ service, url }) => ({ targets: [new URL(url).host], labels: { service } })),
          },
        ],
      }),
    );
    const watch = new Watch(await startPrometheus({ program, configuration, folder, port: await freePort() }), folder);
    watch.#looking = watch.#look();
    return watch;
  }

  async #ask(path: string): Promise<Json> {
    const answer = await fetch(`${this.prometheus.url}/api/v1/${path}`);
    if (!answer.ok) throw new Error(`Prometheus answered ${answer.status}: ${await answer.text()}`);
    return ((await answer.json()) as { data: unknown }).data;
  }

  async #look() {
    while (!this.#stop.signal.aborted) {
      for (const name of await this.firing().catch(() => []))
        if (!this.fired.has(name)) this.fired.set(name, performance.now());
      await sleep(500, undefined, { signal: this.#stop.signal }).catch(() => undefined);
    }
  }

  /** Names of the alerts that fire at present. */
  async firing(): Promise<string[]> {
    const { alerts } = await this.#ask('alerts');
    return alerts
      .filter(({ state }: { state: string }) => state === 'firing')
      .map(({ labels }: { labels: { alertname: string } }) => labels.alertname);
  }

  /** How many targets answer. */
  async targetsUp() {
    const { activeTargets } = await this.#ask('targets');
    return activeTargets.filter(({ health }: { health: string }) => health === 'up').length;
  }

  /**
   * Waits until each of these has fired.
   * @returns those that did not
   */
  async await(names: readonly string[], withinMs: number): Promise<string[]> {
    const end = performance.now() + withinMs;
    while (performance.now() < end && names.some((name) => !this.fired.has(name))) await sleep(250);
    return names.filter((name) => !this.fired.has(name));
  }

  async stop() {
    this.#stop.abort();
    await this.#looking;
    await this.prometheus.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
