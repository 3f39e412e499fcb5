import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { events, type EventDeclaration } from './declaration.js';
import './index.js';
import { samplesOf } from './samples.js';
import { compile, jsonSchemaOf, tolerant, type JsonSchema } from './schema.js';
import { vocabularyBreaks } from './vocabulary.js';

/** Where the schema and the samples of every version that was ever published are kept. */
export const publishedFolder = new URL('../published/', import.meta.url);

/** What is published of one event type. */
export interface Published {
  schema: JsonSchema;
  /** Grows only: a sample that was once published stays. */
  samples: JsonSchema[];
}

/** What is published of a type, or undefined for a type that is new. */
export function publishedOf(type: string): Published | undefined {
  const file = new URL(`${type}.json`, publishedFolder);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Published) : undefined;
}

/**
 * Why a declaration may not replace what is published of it, or undefined when it may: inside a version only optional
 * fields and values of open vocabularies may be added, so the old schema read tolerant must accept today's values and
 * today's must accept the old ones.
 */
export function breaks(declaration: EventDeclaration, published: Published): string | undefined {
  const today = compile(tolerant(jsonSchemaOf(declaration.target)));
  const refused = published.samples.find((each) => !today(each));
  if (refused) return `today's consumer refuses a published value: ${JSON.stringify(today.errors?.[0] ?? refused)}`;
  const before = compile(tolerant(published.schema));
  const unreadable = samplesOf(declaration).find((each) => !before(each));
  if (unreadable)
    return `a consumer of the published schema refuses today's value: ${JSON.stringify(before.errors?.[0])}`;
  return vocabularyBreaks(jsonSchemaOf(declaration.target), published.schema);
}

/** Writes what is new into the published folder. @throws Error for a change that needs a new version. */
export function publish(): void {
  mkdirSync(publishedFolder, { recursive: true });
  for (const declaration of events()) {
    const before = publishedOf(declaration.type);
    const problem = before && breaks(declaration, before);
    if (problem) throw new Error(`${declaration.type} needs a new version: ${problem}`);
    const known = new Set(before?.samples.map((each) => JSON.stringify(each)));
    const samples = [
      ...(before?.samples ?? []),
      ...samplesOf(declaration).filter((each) => !known.has(JSON.stringify(each))),
    ];
    const published: Published = { schema: jsonSchemaOf(declaration.target), samples };
    writeFileSync(new URL(`${declaration.type}.json`, publishedFolder), JSON.stringify(published, null, 1) + '\n');
  }
}

if (process.argv[1] && import.meta.url.endsWith(process.argv[1].split('/').slice(-3).join('/'))) publish();
