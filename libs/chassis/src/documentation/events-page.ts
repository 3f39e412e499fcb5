import { createHash } from 'node:crypto';
import type { DiscoveryService } from '@nestjs/core';
import { asyncApi, eventOf, events, jsonSchemaOf, type EventDeclaration, type JsonSchema } from '@quen/events';
import { handlersOf, reactionsOf } from '@quen/messaging';
import { controllersOf } from '../access/check-access.js';
import { contentPolicy } from '../http/security-headers.js';
import type { ServiceOptions } from '../slices/service-module.js';
import { escapeHtml } from './swagger-page.js';

/** An event that a service takes in, and the consumer groups that do. */
interface Consumed {
  readonly event: EventDeclaration;
  readonly groups: string[];
}

/** The events that a service's reactions take in. */
export function consumedBy(discovery: DiscoveryService): Consumed[] {
  const groups = new Map<EventDeclaration, Set<string>>();
  for (const type of controllersOf(discovery)) {
    const group = reactionsOf(type)?.group;
    if (!group) continue;
    for (const { event } of handlersOf(type.prototype as object)) {
      const declaration = eventOf(event);
      groups.set(declaration, (groups.get(declaration) ?? new Set()).add(group));
    }
  }
  return [...groups].map(([event, names]) => ({ event, groups: [...names] }));
}

/** The service's AsyncAPI 3 document. */
export function asyncApiDocument(options: ServiceOptions, discovery: DiscoveryService): JsonSchema {
  return asyncApi({
    service: options.name,
    title: options.title,
    description: options.description,
    version: options.version ?? '1.0.0',
    consumes: consumedBy(discovery).map(({ event }) => event.target),
  });
}

const style = `body{font:16px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;color:#1c2430}h1,h2{line-height:1.2}code{background:#f1f4f8;padding:.1em .3em;border-radius:4px}
details{border:1px solid #d8dfe8;border-radius:8px;padding:.6rem 1rem;margin:.6rem 0}summary{cursor:pointer;font-weight:600}table{border-collapse:collapse;width:100%;margin:.6rem 0}
td,th{text-align:left;vertical-align:top;border-top:1px solid #e6ebf1;padding:.3rem .6rem .3rem 0}small{color:#5a6675}`;

/** The page shows itself in its own style and does nothing. */
export const eventsPolicy = contentPolicy({
  'style-src': `'sha256-${createHash('sha256').update(style).digest('base64')}'`,
});

/** A page for people: what the service tells and what it listens to, with every field. */
export function eventsPage(options: ServiceOptions, discovery: DiscoveryService): string {
  const produced = events().filter(({ topic }) => topic.service === options.name);
  const consumed = consumedBy(discovery);
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Events of ${escapeHtml(options.title)}</title>
<style>${style}</style></head><body>
<h1>Events of ${escapeHtml(options.title)}</h1><p>${escapeHtml(options.description)}</p>
<p>Records are CloudEvents 1.0 in binary mode: the attributes are headers (<code>ce_id</code>, <code>ce_type</code> …), the value is plain JSON, the key is the aggregate's id.
Delivery is at least once; a duplicate carries the same <code>ce_id</code>. Order holds per key. Machine-readable: <a href="/asyncapi.json">/asyncapi.json</a>.</p>
<h2>Out: ${produced.length}</h2>${produced.map((event) => section(event, event.topic.description)).join('') || '<p>None.</p>'}
<h2>In: ${consumed.length}</h2>${consumed.map(({ event, groups }) => section(event, `Consumer groups: ${groups.join(', ')}.`)).join('') || '<p>None.</p>'}
</body></html>`;
}

function section(event: EventDeclaration, note: string): string {
  const schema = jsonSchemaOf(event.target) as { properties?: Record<string, JsonSchema>; required?: string[] };
  const rows = Object.entries(schema.properties ?? {}).map(
    ([name, field]) =>
      `<tr><td><code>${escapeHtml(name)}</code></td><td>${escapeHtml(typeName(field))}</td><td>${schema.required?.includes(name) ? 'always' : 'if known'}</td><td>${escapeHtml(String(field['description'] ?? ''))}</td></tr>`,
  );
  return `<details><summary><code>${escapeHtml(event.type)}</code> <small>${event.state ? 'state' : 'fact'}</small></summary>
<p>${escapeHtml(note)}<br>Topic <code>${escapeHtml(event.topic.name)}</code>, key <code>${escapeHtml(event.key)}</code>, personal data: ${event.dataClass}.</p>
<table><tr><th>Field</th><th>Type</th><th>Present</th><th>Meaning</th></tr>${rows.join('')}</table></details>`;
}

function typeName(field: JsonSchema): string {
  if (typeof field['$ref'] === 'string') return field['$ref'].slice(field['$ref'].lastIndexOf('/') + 1);
  if (Array.isArray(field['enum'])) return field['enum'].map(String).join(' | ');
  if (field['type'] === 'array') return `list of ${typeName((field['items'] ?? {}) as JsonSchema)}`;
  return [field['format'], field['type'], 'any'].find((name) => typeof name === 'string') as string;
}
