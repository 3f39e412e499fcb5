import openapiTS, { astToString } from 'openapi-typescript';
import type { ServiceName } from '../local/settings.js';

type Json = ReturnType<typeof JSON.parse>;

/** The operations that the story asks for; it knows no other, and no more of a document than these say. */
const operations: Record<ServiceName, string[]> = {
  identity: [
    'GET /v1/departments',
    'POST /v1/departments',
    'GET /v1/branches',
    'POST /v1/branches',
    'GET /v1/staff',
    'POST /v1/staff',
  ],
  customers: [
    'GET /v1/customers',
    'GET /v1/customers/{id}',
    'GET /v1/customers/{id}/timeline',
    'POST /v1/customers/imports',
    'GET /v1/customers/imports/{id}',
    'GET /v1/jobs/{id}',
  ],
  marketing: [
    'GET /v1/channels',
    'POST /v1/channels',
    'POST /v1/segments',
    'POST /v1/segments/preview',
    'GET /v1/segments/{id}/members',
    'POST /v1/segments/{id}/members',
    'POST /v1/campaigns',
    'GET /v1/campaigns/{id}',
    'POST /v1/campaigns/{id}/expenses',
    'POST /v1/campaigns/{id}/launch',
    'GET /v1/campaigns/{id}/messages',
    'POST /v1/campaigns/{id}/responses',
    'GET /v1/campaigns/{id}/results',
    'GET /v1/leads',
    'GET /v1/leads/{id}',
  ],
  sales: [
    'GET /v1/products',
    'POST /v1/products',
    'GET /v1/price-books',
    'POST /v1/price-books',
    'PUT /v1/price-books/{id}/prices',
    'GET /v1/prices/quote',
    'POST /v1/orders/imports',
    'GET /v1/orders',
    'POST /v1/orders',
    'GET /v1/orders/{id}',
    'POST /v1/orders/{id}/confirm',
    'POST /v1/orders/{id}/payments',
    'POST /v1/orders/{id}/deliveries',
    'POST /v1/orders/{id}/invoices',
    'POST /v1/orders/{id}/returns',
    'GET /v1/leads/{id}',
    'POST /v1/leads/{id}/accept',
    'POST /v1/leads/{id}/decline',
    'POST /v1/leads/{id}/approaches',
    'POST /v1/leads/{id}/convert',
    'PATCH /v1/opportunities/{id}',
    'PUT /v1/opportunities/{id}/lines',
    'POST /v1/opportunities/{id}/move',
    'POST /v1/opportunities/{id}/win',
    'POST /v1/quotes',
    'POST /v1/quotes/{id}/issue',
    'POST /v1/quotes/{id}/accept',
    'POST /v1/contracts',
    'POST /v1/contracts/{id}/sign',
    'GET /v1/jobs/{id}',
  ],
  support: [
    'POST /v1/cases',
    'GET /v1/cases/{id}/queue-position',
    'POST /v1/cases/{id}/assign',
    'POST /v1/cases/{id}/answer',
    'POST /v1/cases/{id}/solve',
    'POST /v1/cases/{id}/rate',
  ],
  analytics: [
    'GET /v1/insights/{customerId}',
    'GET /v1/rankings',
    'POST /v1/models',
    'GET /v1/models/current',
    'GET /v1/jobs/{id}',
  ],
};

/**
 * Types of what the story sends to a service and gets from it, from the service's OpenAPI document: `Operations` has
 * body and answer of each operation by its name, beside the schemas that they use.
 */
export async function apiTypes(service: ServiceName, document: Json): Promise<string> {
  const schemas: Record<string, Json> = {};
  const need = (part: Json): Json => {
    if (Array.isArray(part)) return part.map(need);
    if (typeof part !== 'object' || part === null) return part;
    const name = /^#\/components\/schemas\/(.+)$/.exec(part.$ref)?.[1];
    if (name && !(name in schemas)) {
      schemas[name] = {};
      schemas[name] = need(document.components.schemas[name]);
    }
    // what a person reads of them stands in the document
    const left = ['description', 'example', 'examples', 'format'];
    return Object.fromEntries(
      Object.entries<Json>(part)
        .filter(([key, value]) => !left.includes(key) || (typeof value === 'object' && !Array.isArray(value)))
        // in which order a closed list is printed depends on the order of compiling
        .map(([key, value]) => [key, key === 'enum' ? [...value].sort() : need(value)]),
    );
  };
  const properties = Object.fromEntries(
    operations[service].map((name) => [name, need(bodyAndAnswer(service, name, document))]),
  );
  const all = { ...schemas, Operations: { type: 'object', properties, required: Object.keys(properties) } };
  const reduced = { openapi: '3.1.0', info: { title: service, version: '1' }, components: { schemas: all } };
  // a default is the service's: whoever sends a body may leave the field out
  const types = astToString(await openapiTS(reduced as Json, { defaultNonNullable: false }));
  const [, components = ''] = /^(export interface components \{\n[\s\S]*?^\})/m.exec(types) ?? [];
  return `// Written by \`npm run api-types\` from the OpenAPI document of ${service}.\n${components}\n`;
}

function bodyAndAnswer(service: string, name: string, document: Json) {
  const [method = '', path = ''] = name.split(' ');
  const operation = document.paths[path]?.[method.toLowerCase()];
  if (!operation) throw new Error(`${service} has no operation ${name}.`);
  const [, success] = Object.entries<Json>(operation.responses).find(([status]) => status.startsWith('2')) ?? [];
  const body = Object.entries<Json>(operation.requestBody?.content ?? {}).find(([type]) => /json$/.test(type))?.[1];
  const answer = success?.content?.['application/json']?.schema;
  return {
    type: 'object',
    properties: { ...(body && { body: body.schema }), ...(answer && { answer }) },
    required: [...(body && operation.requestBody.required ? ['body'] : []), ...(answer ? ['answer'] : [])],
  };
}
