import { civilDatePattern } from './civil-date.value.js';
import type { EventDeclaration } from './declaration.js';
import { quantityPattern } from './quantity.value.js';
import { jsonSchemaOf, type JsonSchema } from './schema.js';

/** What a sample holds: only what is required, every field, or every field at its longest. */
type Extent = 'required' | 'full' | 'longest';

// Text of the field and of the country: marks, đ and decomposed letters must survive every consumer.
const words = 'Công ty Nước Sạch Đông Đô ';

const patterned: [pattern: string, short: string, long: string][] = [
  [civilDatePattern.source, '2026-01-31', '2028-02-29'],
  ['^-?\\d{1,15}(\\.\\d{1,4})?$', '1500000', '-999999999999999.9999'],
  [quantityPattern.source, '2', '999999999999.9999'],
  ['^\\+[1-9]\\d{6,14}$', '+84912345678', '+849123456789012'],
];

function text(schema: JsonSchema, seed: number, extent: Extent): string {
  const known = patterned.find(([pattern]) => pattern === schema['pattern']);
  if (known) return extent === 'longest' ? known[2] : known[1];
  if (schema['pattern'])
    throw new Error(`No sample text is known for the pattern ${String(schema['pattern'])}: add it to samples.ts`);
  switch (schema['format']) {
    case 'uuid':
      return `019a0000-0000-7000-8000-${String(seed).padStart(12, '0')}`;
    case 'date-time':
    case 'date':
      return `2026-03-0${1 + (seed % 9)}T08:30:00.000Z`;
    case 'email':
      return `khach${seed}@example.vn`;
  }
  if (schema['const']) return String(schema['const']);
  const least = Number(schema['minLength'] ?? 0),
    most = Number(schema['maxLength'] ?? 40);
  if (least === 3 && most === 3) return 'VND';
  const wanted = extent === 'longest' ? most : Math.min(most, 16);
  return words
    .normalize(extent === 'longest' ? 'NFD' : 'NFC')
    .repeat(Math.ceil(wanted / words.length))
    .slice(0, wanted)
    .padEnd(least, 'x');
}

function sample(
  schema: JsonSchema,
  definitions: Record<string, JsonSchema>,
  extent: Extent,
  next: () => number,
): unknown {
  const ref = schema['$ref'] as string | undefined;
  if (ref) return sample(definitions[ref.slice(ref.lastIndexOf('/') + 1)]!, definitions, extent, next);
  const choices = schema['enum'] as unknown[] | undefined;
  if (choices) return extent === 'longest' ? choices.at(-1) : choices[0];
  switch (schema['type']) {
    case 'object': {
      const required = (schema['required'] as string[] | undefined) ?? [];
      const fields = Object.entries((schema['properties'] as Record<string, JsonSchema> | undefined) ?? {});
      return Object.fromEntries(
        fields
          .filter(([name]) => extent !== 'required' || required.includes(name))
          .map(([name, field]) => [name, sample(field, definitions, extent, next)]),
      );
    }
    case 'array': {
      const items = extent === 'required' ? Number(schema['minItems'] ?? 0) : extent === 'full' ? 1 : 2;
      return Array.from({ length: items }, () => sample(schema['items'] as JsonSchema, definitions, extent, next));
    }
    case 'integer':
    case 'number':
      return extent === 'longest' ? Number(schema['maximum'] ?? 1_000_000) : Number(schema['minimum'] ?? 0) + 1;
    case 'boolean':
      return extent !== 'required';
    default:
      return text(schema, next(), extent);
  }
}

/** Three values of an event, made from its schema: the least, a usual and the fullest one. The same every time. */
export function samplesOf(declaration: EventDeclaration): JsonSchema[] {
  const schema = jsonSchemaOf(declaration.target);
  return (['required', 'full', 'longest'] as const).map((extent) => {
    let seed = 0;
    const value = sample(
      schema,
      (schema['$defs'] as Record<string, JsonSchema> | undefined) ?? {},
      extent,
      () => ++seed,
    ) as JsonSchema;
    return { ...value, aggregateId: value[declaration.key], aggregateVersion: 1 };
  });
}
