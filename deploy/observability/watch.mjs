import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../local/processes.mjs';
import { readRules } from './files.mjs';
import { startPrometheus } from './prometheus.mjs';

/** Times after `for:` are divided by this; thresholds and ranges stay as they are. */
const haste = 60;

/**
 * The one range that is shortened too: the alert asks for no success within it, and every schedule succeeds at the
 * start.
 */
const shortened = { QuenScheduleFailing: { from: '[30m]', to: '[20s]' } };

const units = { s: 1000, m: 60_000, h: 3_600_000 };

/** @param {string} duration such as 30s or 1h */
function milliseconds(duration) {
  return Number(duration.slice(0, -1)) * units[/** @type {keyof typeof units} */ (duration.slice(-1))];
}

/** The alerts, in a hurry. */
export function hastyRules() {
  const { groups } = readRules();
  for (const rule of groups.flatMap(({ rules }) => rules)) {
    if (rule.for) rule.for = `${Math.ceil(milliseconds(rule.for) / haste)}ms`;
    const change = shortened[/** @type {keyof typeof shortened} */ (rule.alert)];
    if (change) rule.expr = rule.expr.replaceAll(change.from, change.to);
  }
  return { groups };
}

/** A real Prometheus that scrapes processes each second and judges the hasty alerts. */
export class Watch {
  /** @type {Map<string, number>} when each alert was first seen firing, in milliseconds of the clock of performance */
  fired = new Map();
  #stop = new AbortController();
  /** @type {Promise<void>} */
  #looking = Promise.resolve();

  /**
   * @param {{ url: string, stop: () => Promise<void> }} prometheus
   * @param {string} folder
   */
  constructor(prometheus, folder) {
    this.prometheus = prometheus;
    this.folder = folder;
  }

  /**
   * @param {string} program Prometheus
   * @param {{ service: string, url: string }[]} targets
   */
  static async start(program, targets) {
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

  /** @param {string} path @returns {Promise<any>} */
  async #ask(path) {
    const answer = await fetch(`${this.prometheus.url}/api/v1/${path}`);
    if (!answer.ok) throw new Error(`Prometheus answered ${answer.status}: ${await answer.text()}`);
    return /** @type {{ data: unknown }} */ (await answer.json()).data;
  }

  async #look() {
    while (!this.#stop.signal.aborted) {
      for (const name of await this.firing().catch(() => []))
        if (!this.fired.has(name)) this.fired.set(name, performance.now());
      await sleep(500, undefined, { signal: this.#stop.signal }).catch(() => undefined);
    }
  }

  /** Names of the alerts that fire at present. @returns {Promise<string[]>} */
  async firing() {
    const { alerts } = await this.#ask('alerts');
    return alerts
      .filter((/** @type {{ state: string }} */ { state }) => state === 'firing')
      .map((/** @type {{ labels: { alertname: string } }} */ { labels }) => labels.alertname);
  }

  /** How many targets answer. */
  async targetsUp() {
    const { activeTargets } = await this.#ask('targets');
    return activeTargets.filter((/** @type {{ health: string }} */ { health }) => health === 'up').length;
  }

  /**
   * Waits until each of these has fired. @param {readonly string[]} names @param {number} withinMs @returns
   * {Promise<string[]>} those that did not
   */
  async await(names, withinMs) {
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
