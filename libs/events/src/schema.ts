import { createRequire } from 'node:module';
import type { ValidateFunction } from 'ajv';
import * as formats from 'ajv-formats';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { targetConstructorToSchema, validationMetadatasToSchemas } from 'class-validator-jsonschema';
import { civilDatePattern } from './civil-date.value.js';
import { eventOf, type EventDeclaration } from './declaration.js';
import { withOpenVocabularies } from './vocabulary.js';

// class-transformer keeps its metadata in a CommonJS module of its own; the ESM copy would be empty.
const { defaultMetadataStorage } = createRequire(import.meta.url)('class-transformer/cjs/storage.js') as {
  defaultMetadataStorage: never;
};

/** JSON Schema 2020-12 as plain JSON. */
export type JsonSchema = { [key: string]: unknown };

/** Fields that every value repeats from the headers, since many sinks drop headers. */
const envelopeFields: JsonSchema = {
  eventId: {
    type: 'string',
    format: 'uuid',
    description: 'Id of the event; a duplicate on the wire carries the same.',
  },
  aggregateId: { type: 'string', description: 'Id of the aggregate; equals the record key.' },
  aggregateVersion: { type: 'integer', minimum: 0, description: 'Version of the aggregate after this event.' },
  occurredAt: { type: 'string', format: 'date-time', description: 'Clock of the database at insert, UTC.' },
};

function refs(node: unknown, found: Set<string>): Set<string> {
  if (Array.isArray(node)) node.forEach((item) => refs(item, found));
  else if (node && typeof node === 'object') {
    for (const [key, value] of Object.entries(node)) {
      if (key === '$ref' && typeof value === 'string') found.add(value.slice(value.lastIndexOf('/') + 1));
      else refs(value, found);
    }
  }
  return found;
}

/** Closes or opens every object of a schema: producers refuse unknown fields, consumers ignore them. */
function withUnknownFields(schema: JsonSchema, allowed: boolean): JsonSchema {
  const copy = structuredClone(schema);
  const visit = (node: unknown): void => {
    if (!node || typeof node !== 'object') return;
    const object = node as JsonSchema;
    if (object['type'] === 'object' && object['properties']) object['additionalProperties'] = allowed;
    Object.values(object).forEach(visit);
  };
  visit(copy);
  return copy;
}

const converters = {
  /** An instant on the wire is RFC 3339 with its zone; the library's own rule would also admit a bare day. */
  isDateString: (): { type: 'string'; format: string } => ({ type: 'string', format: 'date-time' }),
  civilDate: (): { type: 'string'; pattern: string } => ({ type: 'string', pattern: civilDatePattern.source }),
};

const plain = new Map<EventDeclaration, JsonSchema>();

/**
 * The JSON Schema of an event's whole value, from the class's own validation decorators; closed (unknown fields
 * refused).
 */
export function jsonSchemaOf(message: object): JsonSchema {
  const declaration = eventOf(message);
  const known = plain.get(declaration);
  if (known) return known;
  const options = {
    classTransformerMetadataStorage: defaultMetadataStorage,
    refPointerPrefix: '#/$defs/',
    additionalConverters: converters,
  };
  const own = targetConstructorToSchema(declaration.target, options) as JsonSchema;
  const all = validationMetadatasToSchemas(options) as Record<string, JsonSchema>;
  const definitions: Record<string, JsonSchema> = {};
  const pending = [...refs(own, new Set())];
  for (let name = pending.pop(); name; name = pending.pop()) {
    const definition = all[name];
    if (!definition || definitions[name]) continue;
    definitions[name] = definition;
    pending.push(...refs(definition, new Set()));
  }
  const schema = withUnknownFields(
    {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: `urn:quen:${declaration.type}`,
      title: declaration.type,
      type: 'object',
      properties: { ...(own['properties'] as JsonSchema), ...envelopeFields },
      required: [...((own['required'] as string[] | undefined) ?? []), ...Object.keys(envelopeFields)],
      ...(Object.keys(definitions).length ? { $defs: definitions } : {}),
    },
    false,
  );
  plain.set(declaration, schema);
  return schema;
}

/** Whether every value of an event has the field. */
export function alwaysHas({ target }: EventDeclaration, field: string): boolean {
  return (jsonSchemaOf(target)['required'] as string[]).includes(field);
}

/** The same schema as a consumer reads it: unknown fields and values of vocabularies are none of its business. */
export function tolerant(schema: JsonSchema): JsonSchema {
  return withOpenVocabularies(withUnknownFields(schema, true), true);
}

function compiler(): Ajv2020 {
  const ajv = new Ajv2020({ allErrors: false, strict: false });
  formats.default.default(ajv);
  return ajv;
}

/** Compiles a schema of a value; Ajv's compiled check costs about 1 µs an event. */
export function compile(schema: JsonSchema): ValidateFunction {
  return compiler().compile(schema);
}

const producers = new Map<EventDeclaration, ValidateFunction>();
const consumers = new Map<EventDeclaration, ValidateFunction>();

function cached(
  cache: Map<EventDeclaration, ValidateFunction>,
  declaration: EventDeclaration,
  schema: () => JsonSchema,
): ValidateFunction {
  let validate = cache.get(declaration);
  if (!validate) cache.set(declaration, (validate = compile(schema())));
  return validate;
}

/**
 * Checks a whole value as its producer must make it (closed). Returns the first problem as text, or undefined when it
 * holds.
 */
export function problemOfProduced(declaration: EventDeclaration, value: unknown): string | undefined {
  return problem(
    cached(producers, declaration, () => withOpenVocabularies(jsonSchemaOf(declaration.target), false)),
    value,
  );
}

/**
 * Checks a whole value as a consumer reads it (tolerant). Returns the first problem as text, or undefined when it
 * holds.
 */
export function problemOfConsumed(declaration: EventDeclaration, value: unknown): string | undefined {
  return problem(
    cached(consumers, declaration, () => tolerant(jsonSchemaOf(declaration.target))),
    value,
  );
}

function problem(validate: ValidateFunction, value: unknown): string | undefined {
  if (validate(value)) return undefined;
  const first = validate.errors?.[0];
  const extra =
    first?.keyword === 'additionalProperties'
      ? ` (${String((first.params as { additionalProperty?: string }).additionalProperty)})`
      : '';
  return `${first?.instancePath || '/'} ${first?.message ?? 'is not valid'}${extra}`;
}
