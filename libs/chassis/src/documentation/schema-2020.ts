type Json = Record<string, unknown>;

/**
 * Nest writes schemas of OpenAPI 3.0; 3.1 speaks JSON Schema 2020-12: null is a type, and exclusive limits are numbers.
 */
export function toSchema2020<T extends object>(document: T): T {
  return convert(document) as T;
}

function convert(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(convert);
  if (typeof node !== 'object' || node === null) return node;
  const { nullable, ...rest } = Object.fromEntries(
    Object.entries(node).map(([name, value]) => [name, isExample(name) ? value : convert(value)]),
  ) as Json;
  const limited = exclusiveLimits(rest);
  return nullable === true
    ? withNull(limited)
    : nullable === false || nullable === undefined
      ? limited
      : { nullable, ...limited };
}

function isExample(name: string): boolean {
  return name === 'example' || name === 'examples' || name === 'default' || name === 'enum';
}

function withNull(schema: Json): Json {
  if (typeof schema['type'] === 'string') {
    const { enum: values, ...rest } = schema;
    return {
      ...rest,
      type: [schema['type'], 'null'],
      ...(Array.isArray(values) ? { enum: [...(values as unknown[]), null] } : {}),
    };
  }
  const { description, example, ...rest } = schema;
  const alternatives =
    Array.isArray(rest['allOf']) && rest['allOf'].length === 1 && Object.keys(rest).length === 1
      ? (rest['allOf'] as unknown[])
      : [rest];
  return {
    ...(description ? { description } : {}),
    ...(example ? { example } : {}),
    anyOf: [...alternatives, { type: 'null' }],
  };
}

function exclusiveLimits(schema: Json): Json {
  const result = { ...schema };
  for (const [exclusive, limit] of [
    ['exclusiveMinimum', 'minimum'],
    ['exclusiveMaximum', 'maximum'],
  ] as const) {
    if (result[exclusive] === true) {
      result[exclusive] = result[limit];
      delete result[limit];
    } else if (result[exclusive] === false) {
      delete result[exclusive];
    }
  }
  return result;
}
