import { events, type EventDeclaration } from './declaration.js';
import { jsonSchemaOf, type JsonSchema } from './schema.js';
import type { Topic } from './topic.js';

/** What an AsyncAPI document says of one service. */
export interface AsyncApiOptions {
  service: string;
  title: string;
  description: string;
  version: string;
  /** Event classes that the service consumes. */
  consumes?: object[];
}

const header = (description: string, schema: JsonSchema = { type: 'string' }): JsonSchema => ({
  ...schema,
  description,
});

/** CloudEvents 1.0 attributes as record headers (binary mode). */
function headersOf(declaration: EventDeclaration): JsonSchema {
  return {
    type: 'object',
    required: ['ce_specversion', 'ce_id', 'ce_source', 'ce_type', 'ce_subject', 'ce_time', 'content-type'],
    properties: {
      ce_specversion: header('CloudEvents version.', { type: 'string', const: '1.0' }),
      ce_id: header('Id of the event (UUIDv7); a duplicate on the wire carries the same.', {
        type: 'string',
        format: 'uuid',
      }),
      ce_source: header('Who sent it.', { type: 'string', const: `/crm/${declaration.topic.service}` }),
      ce_type: header('Type of the event.', { type: 'string', const: declaration.type }),
      ce_subject: header('Id of the aggregate; equals the record key.'),
      ce_time: header('Clock of the database at insert, UTC.', { type: 'string', format: 'date-time' }),
      ce_dataschema: header('Where the schema of the value is.'),
      ce_sequence: header('Version of the aggregate after this event.'),
      ce_correlationid: header('The same in everything that one request or message set in motion.'),
      ce_causationid: header('The event or request that caused this one.'),
      ce_traceparent: header('W3C trace context.'),
      ce_actor: header('Who did it.'),
      ce_branch: header('Branch of the aggregate or the actor.'),
      ce_dataclass: header('How much the value says about a person.', {
        type: 'string',
        enum: ['none', 'basic', 'sensitive'],
      }),
      'content-type': header('Always plain JSON.', { type: 'string', const: 'application/json' }),
    },
  };
}

function withComponentRefs(schema: JsonSchema): JsonSchema {
  return JSON.parse(JSON.stringify(schema).replaceAll('#/$defs/', '#/components/schemas/')) as JsonSchema;
}

const channelId = (topic: Topic): string =>
  topic.name.replaceAll(/[.-](\w)/g, (_, letter: string) => letter.toUpperCase());

/**
 * The AsyncAPI 3.0 document of a service: the topics it owns, which it sends to, and those it receives from.
 * Derived from the event declarations, so it cannot say anything else than what is sent.
 */
export function asyncApi(options: AsyncApiOptions): JsonSchema {
  const consumed = new Set((options.consumes ?? []).map((target) => events().find((each) => each.target === target)));
  const sent = events().filter((each) => each.topic.service === options.service);
  const received = events().filter((each) => consumed.has(each));
  const channels: Record<string, JsonSchema> = {};
  const operations: Record<string, JsonSchema> = {};
  const messages: Record<string, JsonSchema> = {};
  const schemas: Record<string, JsonSchema> = {};

  for (const declaration of new Set([...sent, ...received])) {
    const { $defs, $schema: _, $id: __, ...schema } = jsonSchemaOf(declaration.target);
    for (const [name, definition] of Object.entries(($defs as Record<string, JsonSchema> | undefined) ?? {}))
      schemas[name] = withComponentRefs(definition);
    messages[declaration.type] = {
      name: declaration.type,
      title: declaration.name,
      contentType: 'application/json',
      headers: headersOf(declaration),
      payload: withComponentRefs(schema),
      bindings: { kafka: { key: { type: 'string', description: `The field ${declaration.key}.` } } },
    };
    const id = channelId(declaration.topic);
    const channel = (channels[id] ??= {
      address: declaration.topic.name,
      description: declaration.topic.description,
      messages: {},
    });
    (channel['messages'] as JsonSchema)[declaration.type] = { $ref: `#/components/messages/${declaration.type}` };
  }
  for (const [action, list] of [
    ['send', sent],
    ['receive', received],
  ] as const) {
    for (const topic of new Set(list.map((each) => each.topic))) {
      const id = channelId(topic);
      operations[`${action}${id[0]!.toUpperCase()}${id.slice(1)}`] = {
        action,
        channel: { $ref: `#/channels/${id}` },
        summary: topic.description,
        messages: list
          .filter((each) => each.topic === topic)
          .map((each) => ({ $ref: `#/channels/${id}/messages/${each.type}` })),
      };
    }
  }
  return {
    asyncapi: '3.0.0',
    id: `urn:quen:${options.service}`,
    defaultContentType: 'application/json',
    info: { title: options.title, version: options.version, description: options.description },
    channels,
    operations,
    components: { messages, schemas },
  };
}
