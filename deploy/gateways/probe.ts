import { setTimeout as delay } from 'node:timers/promises';
import type { Json } from '@quen/testing';
import { placesOf, sample, withValue, type Operation } from './document.js';
import type { Gateways } from './stack.js';
import { edgesOf, forWholeBodies, hostileValues, publishedFields, raw } from './values.js';

/** What the probe found, and how far it came. */
export class Findings {
  #byKind: Map<string, string[]> = new Map();
  sent = 0;
  /** Answers by status. */
  statuses: Record<number, number> = {};
  /** Operations whose own body was refused as not valid, so that nothing behind the check of bodies was reached. */
  unreached: string[] = [];

  /** @param kind one fault, in whatever values it shows */
  add(kind: string, what: string) {
    this.#byKind.set(kind, [...(this.#byKind.get(kind) ?? []), what]);
  }

  /** One line a kind, with its first values. */
  get lines() {
    return [...this.#byKind].map(([kind, all]) => `${kind}: ${all.length} × e.g. ${all.slice(0, 3).join(' | ')}`);
  }
}

/** Fields of parts that many bodies have, such as an amount's currency: one body of each service tries them. */
class Tried {
  #fields = new Set();

  /** @returns whether it is new */
  add(service: string, field: string): boolean {
    const name = `${service} ${field}`;
    return !this.#fields.has(name) && Boolean(this.#fields.add(name));
  }
}

/**
 * Sends each body of each operation as often as it has places and values for them: hostile ones, and those at the edges
 * of what the document and the schemas of published records allow. Whatever comes, the answer is no failure of ours,
 * and one that says where the fault is.
 */
export async function probe(gateways: Gateways, operations: readonly Operation[]): Promise<Findings> {
  const findings = new Findings();
  const tried = new Tried();
  const waiting = operations.filter(({ body, media }) => body && media === 'application/json');
  const work = async () => {
    for (let operation = waiting.shift(); operation; operation = waiting.shift())
      await probeOperation(gateways, operation, findings, tried);
  };
  // more would only wait for each other: each service is one process with ten connections
  await Promise.all(Array.from({ length: 12 }, work));
  return findings;
}

async function probeOperation(gateways: Gateways, operation: Operation, findings: Findings, tried: Tried) {
  const door = new Door(gateways, operation, findings);
  const body = gateways.bodyOf(operation);
  const published = publishedFields(operation.service);
  for (const [place, { path, schema, part }] of placesOf(operation.body, operation.document, body).entries()) {
    if (part && !tried.add(operation.service, part)) continue;
    const own = sampleItems(operation, schema);
    const named = typeof path.at(-1) === 'string' ? (published.get(String(path.at(-1))) ?? []) : [];
    const edges = [schema, ...named]
      .flatMap(edgesOf)
      .map((value) => (isRepeat(value) ? Array.from({ length: value.repeat }, own) : value));
    // a field that another body of the service has in the same shape is checked by the same code: nothing, and another
    // type, show that it is checked here too
    const again = !tried.add(operation.service, `${path.at(-1)} ${JSON.stringify(schema)}`);
    const values = new Map(
      [
        ...(again ? [null, {}, -1] : [...hostileValues(path, schema), ...edges]),
        ...(place === 0 ? forWholeBodies : []),
      ].map((value) => [JSON.stringify(value), value]),
    );
    for (const value of values.values())
      await door.try(withValue(body, path, value), `${operation.id} /${path.join('/')}`, value);
  }
  for (const value of [null, [], 'x', 1, {}]) await door.try(value, operation.id, value);
  // last, as it may change what the others are about
  const answer = await door.try(body, `${operation.id} itself`, 'itself');
  if (answer.status === 400)
    findings.unreached.push(`${operation.id}: ${JSON.stringify(answer.body.errors ?? answer.body)}`);
}

function isRepeat(value: unknown): value is { repeat: number } {
  return typeof value === 'object' && value !== null && 'repeat' in value;
}

function sampleItems({ document }: Operation, schema: Json) {
  return () => sample(schema.items, document, '', () => undefined);
}

/** One operation, asked again and again. */
class Door {
  readonly path: string;

  #version = '';

  constructor(
    readonly gateways: Gateways,
    readonly operation: Operation,
    readonly findings: Findings,
  ) {
    this.path = gateways.pathOf(operation);
  }

  async try(body: unknown, place: string, value: unknown) {
    const answer = await this.#send(body);
    const { status } = answer;
    this.findings.sent += 1;
    this.findings.statuses[status] = (this.findings.statuses[status] ?? 0) + 1;
    const shown = JSON.stringify(value)?.slice(0, 80) ?? 'nothing';
    if (status >= 500) this.findings.add(`${place} answered ${status} ${answer.body?.code ?? ''}`, shown);
    if (answer.body?.code === 'rule_broken')
      this.findings.add(`${place} broke a rule of the database and says not where`, shown);
    if (
      status === 400 &&
      answer.body?.code === 'validation_failed' &&
      !answer.body.errors?.every((each: Json) => typeof each.pointer === 'string' && each.message)
    ) {
      this.findings.add(`${place} says not what is wrong`, shown);
    }
    return answer;
  }

  async #send(body: unknown): Promise<{ status: number; body: Json }> {
    const { operation, gateways, path } = this;
    const client = gateways.administrator(operation.service);
    const text = JSON.stringify(body).replace(/"\\u0001 [^"]+"/g, (each) => raw.get(JSON.parse(each)) ?? each);
    for (let attempt = 0; ; attempt++) {
      if (operation.conditional && !this.#version) this.#version = await gateways.versionOf(operation, path);
      const headers = {
        'content-type': 'application/json',
        ...(operation.conditional ? { 'if-match': this.#version } : {}),
      };
      const answer = await client[operation.method.toLowerCase() as 'post'](path, text, headers);
      if (answer.status < 300 || answer.status === 412) this.#version = '';
      // 412: somebody else's request was quicker; 503: the machine is busy, unless the value itself keeps the service
      // so
      if (![412, 503].includes(answer.status) || attempt === 5) return answer;
      if (answer.status === 503) await delay(1_000);
    }
  }
}
