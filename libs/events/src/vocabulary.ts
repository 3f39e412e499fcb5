import { JSONSchema } from 'class-validator-jsonschema';
import type { Texts } from './declaration.js';
import type { JsonSchema } from './schema.js';

/** Keyword of a schema that says who may read or write values that the list does not name. */
const keyword = 'x-vocabulary';

/**
 * Any value that a vocabulary may come to have. A list of `@IsIn` names those that are known: a producer sends no other,
 * a consumer takes whatever looks like one, since its producer may be a release ahead.
 */
export const vocabularyValue: JsonSchema = {
  type: 'string',
  pattern: '^[a-z][a-z0-9]*([_-][a-z0-9]+)*$',
  maxLength: 60,
};

/**
 * Beside `@IsIn`: code decides by the value, so no consumer can do anything with one that it does not know. A new value
 * needs a new version of the event.
 */
export const Closed = (): ReturnType<typeof JSONSchema> => JSONSchema({ [keyword]: 'closed' });

/** Beside `@IsIn`: the producer itself has it from others, and passes on what it does not know yet. */
export const PassedOn = (): ReturnType<typeof JSONSchema> => JSONSchema({ [keyword]: 'passed-on' });

/** The schema as it is read (`consumed`) or written: where values need not be known, any that looks like one holds. */
export function withOpenVocabularies(schema: JsonSchema, consumed: boolean): JsonSchema {
  const copy = structuredClone(schema);
  for (const { node, list } of vocabulariesIn(copy)) {
    if (node[keyword] === 'closed' || (!consumed && node[keyword] !== 'passed-on')) continue;
    delete list['enum'];
    Object.assign(list, vocabularyValue);
  }
  return copy;
}

/**
 * Why a consumer or a stored event would be hurt by these vocabularies in the place of those, or undefined: values are
 * never taken away, and a closed list stays as it is.
 */
export function vocabularyBreaks(today: JsonSchema, published: JsonSchema): string | undefined {
  const now = new Map(vocabulariesIn(today).map((each) => [each.path, each]));
  for (const { path, node, list } of vocabulariesIn(published)) {
    const present = now.get(path);
    if (!present) return `${path} was a vocabulary`;
    const [before, after] = [list['enum'] as unknown[], present.list['enum'] as unknown[]];
    const gone = before.filter((value) => !after.includes(value));
    if (gone.length) return `${path} no longer knows ${gone.join(', ')}`;
    if (node[keyword] !== 'closed') continue;
    const added = after.filter((value) => !before.includes(value));
    if (added.length) return `${path} is closed and cannot take in ${added.join(', ')}`;
    if (present.node[keyword] !== 'closed') return `${path} was closed, and consumers count on it`;
  }
  return undefined;
}

/** A field with a list of values; of a list field, `list` are its items. */
interface Vocabulary {
  path: string;
  node: JsonSchema;
  list: JsonSchema;
}

function vocabulariesIn(schema: JsonSchema, path = ''): Vocabulary[] {
  return Object.entries(schema).flatMap(([name, node]): Vocabulary[] => {
    if (!isSchema(node)) return [];
    const list = isSchema(node['items']) && node['items']['enum'] ? node['items'] : node;
    if (list['enum']) return [{ path: `${path}/${name}`, node, list }];
    return vocabulariesIn(node, `${path}/${name}`);
  });
}

function isSchema(node: unknown): node is JsonSchema {
  return typeof node === 'object' && node !== null && !Array.isArray(node);
}

const words = new Map<string, Texts>();

/**
 * Says what each value of a vocabulary is called in the languages of the people.
 * @throws Error when another vocabulary calls the same value otherwise, since a text may name a value without its field
 */
export function defineWords<V extends string>(_list: readonly V[], texts: Readonly<Record<V, Texts>>): void {
  for (const [value, text] of Object.entries<Texts>(texts)) {
    const known = words.get(value);
    if (known && (known.en !== text.en || known.vi !== text.vi))
      throw new Error(`${value} is called ${known.vi} elsewhere, and ${text.vi} here`);
    words.set(value, text);
  }
}

/** What a vocabulary's value is called; a value without words, or one that is not known yet, is its own word. */
export function wordOf(value: string, language: keyof Texts): string {
  return words.get(value)?.[language] ?? value;
}
