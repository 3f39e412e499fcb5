import { readdirSync } from 'node:fs';
import { IsIn, IsInt, IsOptional, IsString, IsUUID } from 'class-validator';
import { Event, eventByType, eventOf, events, factTopic, jsonSchemaOf, type EventDeclaration } from './index.js';
import { breaks, publishedFolder, publishedOf, type Published } from './publish.js';
import { samplesOf } from './samples.js';
import { alwaysHas, compile, problemOfConsumed, problemOfProduced, type JsonSchema } from './schema.js';
import { Closed, PassedOn, vocabularyBreaks, vocabularyValue } from './vocabulary.js';

const declared = events().map((each) => [each.type, each] as const);
const topic = factTopic('test', 'gate', "Topic of the gates' own test.");

@Event('crm.test.thing-done', { version: 1, topic, key: 'id' })
class ThingDone {
  @IsUUID() id!: string;
  @IsString() name!: string;
}
@Event('crm.test.thing-grown', { version: 1, topic, key: 'id' })
class ThingGrown {
  @IsUUID() id!: string;
  @IsString() name!: string;
  @IsOptional() @IsInt() size?: number;
}
@Event('crm.test.thing-required', { version: 1, topic, key: 'id' })
class ThingRequired {
  @IsUUID() id!: string;
  @IsString() name!: string;
  @IsInt() size!: number;
}
@Event('crm.test.thing-retyped', { version: 1, topic, key: 'id' })
class ThingRetyped {
  @IsUUID() id!: string;
  @IsInt() name!: number;
}
@Event('crm.test.thing-shrunk', { version: 1, topic, key: 'id' })
class ThingShrunk {
  @IsUUID() id!: string;
}

@Event('crm.test.thing-sorted', { version: 1, topic, key: 'id' })
class ThingSorted {
  @IsUUID() id!: string;
  @IsIn(['round', 'square']) shape!: string;
  @IsIn(['round', 'square'], { each: true }) shapes!: string[];
  @Closed() @IsIn(['won', 'lost']) end!: string;
  @PassedOn() @IsIn(['red', 'blue']) colour!: string;
}

/** The schema of `ThingSorted` with other lists. */
function sortedWith(lists: Partial<Record<'shape' | 'end', string[]>>): Published {
  const published = structuredClone(asPublished(ThingSorted));
  for (const [name, values] of Object.entries(lists))
    Object.assign((published.schema['properties'] as Record<string, JsonSchema>)[name]!, { enum: values });
  return { ...published, samples: [] };
}

/** What would be in the published folder, had the first shape been published. */
const asPublished = (target: object): Published => ({
  schema: jsonSchemaOf(target),
  samples: samplesOf(eventOf(target)),
});

describe('published contracts', () => {
  it.each(declared)(
    '%s: the committed schema is the one of the declaration (npm run contracts writes it)',
    (type, declaration) => {
      expect(publishedOf(type)?.schema).toEqual(jsonSchemaOf(declaration.target));
    },
  );

  it.each(declared)(
    "%s: at least three samples, and today's consumer takes every sample ever published",
    (type, declaration) => {
      const samples = publishedOf(type)?.samples ?? [];
      expect(samples.length).toBeGreaterThanOrEqual(3);
      expect(samples.map((each) => problemOfConsumed(declaration, each))).toEqual(samples.map(() => undefined));
    },
  );

  it.each(declared)('%s: a consumer of the published schema takes every value of today', (type, declaration) => {
    expect(breaks(declaration, publishedOf(type)!)).toBeUndefined();
  });

  it('nothing that was published is forgotten', () => {
    const files = readdirSync(publishedFolder).map((each) => each.replace('.json', ''));
    expect(files.filter((type) => !eventByType(type))).toEqual([]);
  });
});

describe('the gates themselves', () => {
  const before = asPublished(ThingDone);
  const gate = (target: object): string | undefined => breaks(eventOf(target), before);

  it('let an optional field in', () => expect(gate(ThingGrown)).toBeUndefined());
  it('refuse a new required field', () => expect(gate(ThingRequired)).toMatch(/size/));
  it('refuse another type', () => expect(gate(ThingRetyped)).toMatch(/name/));
  it('refuse a field that disappears while consumers count on it', () => expect(gate(ThingShrunk)).toMatch(/name/));
});

describe('vocabularies', () => {
  const declaration = eventOf(ThingSorted);
  const [value] = samplesOf(declaration);
  const produced = (changes: object): unknown => problemOfProduced(declaration, { ...value, ...changes });
  const consumed = (changes: object): unknown => problemOfConsumed(declaration, { ...value, ...changes });

  it('are open to who reads and closed to who writes', () => {
    expect([consumed({ shape: 'oval-2' }), consumed({ shapes: ['oval', 'round'] })]).toEqual([undefined, undefined]);
    expect([produced({ shape: 'oval-2' }), produced({ shapes: ['oval'] })]).toEqual([
      expect.stringContaining('/shape'),
      expect.stringContaining('/shapes'),
    ]);
  });

  it('take what looks like a value, and nothing else', () => {
    for (const shape of [7, '', 'an oval', 'x'.repeat(61)]) expect(consumed({ shape })).toMatch(/shape/);
  });

  it('are closed to all where code decides by them, and open to all where they are passed on', () => {
    expect(consumed({ end: 'drawn' })).toMatch(/end/);
    expect([consumed({ colour: 'green' }), produced({ colour: 'green' })]).toEqual([undefined, undefined]);
  });

  it('may gain a value in the middle, lose none, and gain none when closed', () => {
    const gate = (lists: Parameters<typeof sortedWith>[0]): string | undefined =>
      breaks(declaration, sortedWith(lists));
    expect(gate({})).toBeUndefined();
    expect(gate({ shape: ['square'] })).toBeUndefined();
    expect(gate({ shape: ['round', 'oval', 'square'] })).toMatch('no longer knows oval');
    const end = (...values: string[]): JsonSchema => sortedWith({ end: values }).schema;
    expect(vocabularyBreaks(end('won', 'drawn', 'lost'), end('won', 'lost'))).toMatch('cannot take in drawn');
  });

  it('name only values that every consumer takes', () => {
    for (const each of declared.map(([, { target }]) => target)) expect(unreadable(jsonSchemaOf(each))).toEqual([]);
  });
});

describe('what people are told', () => {
  it.each(declared.filter(([, each]) => !each.state && alwaysHas(each, 'customerId')))(
    '%s, which tells of a customer, says it in both languages',
    (_, { tells }) => expect([tells?.en, tells?.vi].filter(Boolean)).toHaveLength(2),
  );
  it('has every {field} that it names', () => {
    for (const [type, { tells, target }] of declared) {
      const fields = Object.keys(jsonSchemaOf(target)['properties'] as object);
      for (const text of Object.values(tells ?? {}))
        for (const [, field] of text.matchAll(/\{(\w+)\}/g))
          expect([type, fields]).toEqual([type, expect.arrayContaining([field])]);
    }
  });
});

describe('reading and writing', () => {
  const declaration: EventDeclaration = eventOf(ThingDone);
  const [value] = samplesOf(declaration);

  it('a producer may not send an unknown field, a consumer ignores it', () => {
    expect(problemOfProduced(declaration, { ...value, extra: 1 })).toMatch(/extra/);
    expect(problemOfConsumed(declaration, { ...value, extra: 1 })).toBeUndefined();
  });

  it('an unknown field is refused inside a nested value too', () => {
    const payment = eventByType('crm.sales.payment-received.v1')!;
    const full = samplesOf(payment)[1]!;
    expect(problemOfProduced(payment, full)).toBeUndefined();
    expect(problemOfProduced(payment, { ...full, amount: { ...(full['amount'] as object), note: 'x' } })).toMatch(
      /note/,
    );
  });

  it('every schema compiles as JSON Schema 2020-12', () => {
    for (const each of events()) expect(() => compile(jsonSchemaOf(each.target))).not.toThrow();
  });
});

/** Values of lists, anywhere in a schema, that a consumer of a release before would not take. */
function unreadable(node: unknown): unknown[] {
  if (typeof node !== 'object' || node === null) return [];
  const values = (node as JsonSchema)['enum'];
  if (Array.isArray(values)) return values.filter((value) => !compile(vocabularyValue)(value));
  return Object.values(node).flatMap(unreadable);
}
