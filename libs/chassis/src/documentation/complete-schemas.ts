import type { DiscoveryService } from '@nestjs/core';
import type { OpenAPIObject } from '@nestjs/swagger';
import { bodiesOf } from '../http/check-bodies.js';
import { constraintsOf, nameOf, type Constraint } from '../http/fault-texts.js';

type Json = Record<string, unknown>;

/**
 * What a constraint of a body says in JSON Schema. Those that are missing here are said by Nest's plugin, or cannot be
 * said.
 */
const keywords: Readonly<Record<string, (...args: readonly unknown[]) => Json>> = {
  isInt: () => ({ type: 'integer' }),
  isUuid: () => ({ format: 'uuid' }),
  isNotEmpty: () => ({ minLength: 1 }),
  isLength: (least, most) => ({ minLength: least, maxLength: most }),
  maxLength: (most) => ({ maxLength: most }),
  minLength: (least) => ({ minLength: least }),
  arrayMinSize: (least) => ({ minItems: least }),
  arrayMaxSize: (most) => ({ maxItems: most }),
  arrayNotEmpty: () => ({ minItems: 1 }),
  arrayUnique: () => ({ uniqueItems: true }),
  isPastDay: () => ({ format: 'date' }),
  civilDate: () => ({ format: 'date' }),
  matches: (pattern) => ({ pattern: (pattern as RegExp).source }),
};

/**
 * Makes the schemas of bodies say what is asked of them: whole numbers, formats, lengths, patterns, where null is
 * taken, and no field that is not declared.
 */
export function completeSchemas(document: OpenAPIObject, discovery: DiscoveryService): void {
  const schemas = (document.components?.schemas ?? {}) as Record<string, Json | undefined>;
  for (const type of bodiesOf(discovery)) {
    const schema = schemas[type.name];
    const properties = schema?.['properties'] as Record<string, Json> | undefined;
    if (!schema || !properties) continue;
    schema['additionalProperties'] ??= false;
    for (const constraint of constraintsOf(type)) {
      const property = properties[constraint.propertyName];
      if (!property) continue;
      say(property, constraint);
      if (constraint.name === 'isOptional')
        properties[constraint.propertyName] =
          '$ref' in property ? { allOf: [property], nullable: true } : Object.assign(property, { nullable: true });
    }
  }
}

function say(property: Json, constraint: Constraint): void {
  const target = constraint.each ? (property['items'] as Json | undefined) : property;
  if (!target || '$ref' in target || 'allOf' in target) return;
  const said = keywords[nameOf(constraint)]?.(...((constraint.constraints ?? []) as unknown[])) ?? {};
  for (const [name, value] of Object.entries(said)) {
    // what was written by hand knows more, but that a number is whole is lost on the way here
    if (name === 'type' || !(name in target)) target[name] = value;
  }
  if (target['format'] === 'date') delete target['pattern'];
}
