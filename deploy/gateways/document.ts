import type { Json } from '@quen/testing';

/** What the probes read of OpenAPI documents. JSON of unknown shape is `any`: it comes from outside. */

export type Operation = {
  service: string;
  id: string;
  method: string;
  path: string;
  body?: Json;
  bodyRequired: boolean;
  media: string;
  conditional: boolean;
  parameters: Json[];
  document: Json;
};

const methods = ['get', 'post', 'put', 'patch', 'delete'];

export function operationsOf(service: string, document: Json): Operation[] {
  return Object.entries<Json>(document.paths).flatMap(([path, item]) =>
    methods
      .filter((method) => item[method])
      .map((method) => {
        const { operationId: id, requestBody, parameters = [] } = item[method];
        const [[media, content] = ['', undefined]] = Object.entries(requestBody?.content ?? {}) as [string, Json][];
        return {
          service,
          id,
          method: method.toUpperCase(),
          path,
          body: content?.schema,
          bodyRequired: requestBody?.required === true,
          media,
          conditional: parameters.some((each: Json) => each.name === 'If-Match'),
          parameters,
          document,
        };
      }),
  );
}

/** A schema without references and without the alternative null. */
export function plain(schema: Json, document: Json): Json {
  if (!schema) return {};
  if (schema.$ref) return plain(document.components.schemas[schema.$ref.split('/').at(-1)], document);
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives)
    return {
      ...plain(
        alternatives.find((each: Json) => each.type !== 'null'),
        document,
      ),
      ...without(schema, 'anyOf', 'oneOf'),
    };
  if (schema.allOf)
    return Object.assign({}, ...schema.allOf.map((each: Json) => plain(each, document)), without(schema, 'allOf'));
  if (Array.isArray(schema.type))
    return {
      ...schema,
      type: schema.type.find((each: string) => each !== 'null'),
      ...(schema.enum ? { enum: schema.enum.filter((each: unknown) => each !== null) } : {}),
    };
  return schema;
}

function without(object: Json, ...names: string[]) {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

/**
 * A value that a schema allows: its example, its first choice, or the least that fits.
 * @param name of the field
 * @param known values of fields by name, such as ids of records that are there
 */
export function sample(raw: Json, document: Json, name: string, known: (name: string) => unknown): Json {
  const schema = plain(raw, document);
  const given = known(name);
  if (given !== undefined) return given;
  if (schema.example !== undefined) return schema.example;
  if (schema.enum) return schema.enum[0];
  if (schema.properties)
    return Object.fromEntries(
      Object.entries(schema.properties).map(([field, each]) => [field, sample(each, document, field, known)]),
    );
  switch (schema.type) {
    case 'array':
      return Array.from({ length: Math.max(1, schema.minItems ?? 1) }, () =>
        sample(schema.items, document, name, known),
      );
    case 'integer':
    case 'number':
      return schema.minimum ?? 1;
    case 'boolean':
      return schema.default ?? false;
    case 'object':
      return {};
    default:
      return text(schema);
  }
}

function text({ format, pattern, minLength = 1, maxLength = 100 }: Json) {
  switch (format) {
    case 'uuid':
      return crypto.randomUUID();
    case 'email':
      return `${crypto.randomUUID()}@example.vn`;
    case 'uri':
      return 'https://example.vn/';
    case 'date':
      return '2026-11-20';
    case 'date-time':
      return '2026-11-20T02:00:00Z';
  }
  if (pattern?.includes('\\d{4}-')) return '2026-11-20';
  const short = crypto.randomUUID().slice(0, Math.min(8, maxLength));
  return short.padEnd(minLength, 'x');
}

/**
 * Every place in a body: path to it, and its schema. Of lists the first element stands for all.
 * @param body a body that holds as much as can be
 * @param part names the field where its object is a part with a name of its own
 */
export function placesOf(
  raw: Json,
  document: Json,
  body: Json,
  path: (string | number)[] = [],
  part?: string,
): { path: (string | number)[]; schema: Json; part?: string }[] {
  const schema = plain(raw, document);
  const here = path.length ? [{ path, schema, ...(part ? { part } : {}) }] : [];
  if (schema.properties) {
    const own = path.length ? nameOf(raw) : undefined;
    return [
      ...here,
      ...Object.entries(schema.properties).flatMap(([name, each]) =>
        placesOf(each, document, body?.[name], [...path, name], own && `${own}.${name}`),
      ),
    ];
  }
  if (schema.type === 'array') return [...here, ...placesOf(schema.items, document, body?.[0], [...path, 0])];
  // what has no schema of its own, such as a rule tree, is walked as it is
  if (body && typeof body === 'object')
    return [
      ...here,
      ...Object.keys(body).flatMap((name) =>
        placesOf({}, document, body[name], [...path, Array.isArray(body) ? Number(name) : name]),
      ),
    ];
  return here;
}

/** @returns the name that a schema has in the document */
function nameOf(raw: Json): string | undefined {
  const reference = raw?.$ref ?? [...(raw?.anyOf ?? []), ...(raw?.allOf ?? [])].find((each: Json) => each.$ref)?.$ref;
  return reference?.split('/').at(-1);
}

/** A copy of a body with another value at one place; the parts on the way are made where they are missing. */
export function withValue(body: Json, [first, ...rest]: (string | number)[], value: unknown): Json {
  if (first === undefined) return value;
  const copy = Array.isArray(body)
    ? [...body]
    : typeof first === 'number'
      ? []
      : { ...(typeof body === 'object' ? body : {}) };
  copy[first as Json] = withValue(copy[first as Json], rest, value);
  return copy;
}
