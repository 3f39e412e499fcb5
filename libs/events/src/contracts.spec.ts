import { readdirSync } from 'node:fs';
import { IsInt, IsOptional, IsString, IsUUID } from 'class-validator';
import { Event, eventByType, eventOf, events, factTopic, jsonSchemaOf, type EventDeclaration } from './index.js';
import { breaks, publishedFolder, publishedOf, type Published } from './publish.js';
import { samplesOf } from './samples.js';
import { compile, problemOfConsumed, problemOfProduced } from './schema.js';

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
