/** What the probes read of OpenAPI documents. JSON of unknown shape is `any`: it comes from outside. */

/**
 * @typedef {{ service: string, id: string, method: string, path: string, body?: any, bodyRequired: boolean, media:
 * string, conditional: boolean, parameters: any[], document: any }} Operation
 */

const methods = ['get', 'post', 'put', 'patch', 'delete'];

/** @param {string} service @param {any} document @returns {Operation[]} */
export function operationsOf(service, document) {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    methods
      .filter((method) => item[method])
      .map((method) => {
        const { operationId: id, requestBody, parameters = [] } = item[method];
        const [[media, content] = ['', undefined]] = /** @type {[string, any][]} */ (
          Object.entries(requestBody?.content ?? {})
        );
        return {
          service,
          id,
          method: method.toUpperCase(),
          path,
          body: content?.schema,
          bodyRequired: requestBody?.required === true,
          media,
          conditional: parameters.some((/** @type {any} */ each) => each.name === 'If-Match'),
          parameters,
          document,
        };
      }),
  );
}

/**
 * A schema without references and without the alternative null. @param {any} schema @param {any} document @returns
 * {any}
 */
export function plain(schema, document) {
  if (!schema) return {};
  if (schema.$ref) return plain(document.components.schemas[schema.$ref.split('/').at(-1)], document);
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives)
    return {
      ...plain(
        alternatives.find((/** @type {any} */ each) => each.type !== 'null'),
        document,
      ),
      ...without(schema, 'anyOf', 'oneOf'),
    };
  if (schema.allOf)
    return Object.assign(
      {},
      ...schema.allOf.map((/** @type {any} */ each) => plain(each, document)),
      without(schema, 'allOf'),
    );
  if (Array.isArray(schema.type))
    return {
      ...schema,
      type: schema.type.find((/** @type {string} */ each) => each !== 'null'),
      ...(schema.enum ? { enum: schema.enum.filter((/** @type {unknown} */ each) => each !== null) } : {}),
    };
  return schema;
}

/** @param {any} object @param {...string} names */
function without(object, ...names) {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

/**
 * A value that a schema allows: its example, its first choice, or the least that fits.
 * @param {any} raw @param {any} document @param {string} name of the field @param {(name: string) => unknown} known
 * values of fields by name, such as ids of records that are there
 * @returns {any}
 */
export function sample(raw, document, name, known) {
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

/** @param {any} schema */
function text({ format, pattern, minLength = 1, maxLength = 100 }) {
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
 * @param {any} raw @param {any} document @param {any} body a body that holds as much as can be @param {(string |
 * number)[]} [path]
 * @param {string} [part] names the field where its object is a part with a name of its own
 * @returns {{ path: (string | number)[], schema: any, part?: string }[]}
 */
export function placesOf(raw, document, body, path = [], part) {
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

/** @param {any} raw @returns {string | undefined} the name that a schema has in the document */
function nameOf(raw) {
  const reference =
    raw?.$ref ?? [...(raw?.anyOf ?? []), ...(raw?.allOf ?? [])].find((/** @type {any} */ each) => each.$ref)?.$ref;
  return reference?.split('/').at(-1);
}

/**
 * A copy of a body with another value at one place; the parts on the way are made where they are missing. @param {any}
 * body @param {(string | number)[]} path @param {unknown} value @returns {any}
 */
export function withValue(body, [first, ...rest], value) {
  if (first === undefined) return value;
  const copy = Array.isArray(body)
    ? [...body]
    : typeof first === 'number'
      ? []
      : { ...(typeof body === 'object' ? body : {}) };
  copy[/** @type {any} */ (first)] = withValue(copy[/** @type {any} */ (first)], rest, value);
  return copy;
}
