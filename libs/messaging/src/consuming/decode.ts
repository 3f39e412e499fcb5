import { isUtf8 } from 'node:buffer';
import { plainToInstance } from 'class-transformer';
import { eventByType, events, problemOfConsumed, type EventDeclaration } from '@quen/events';
import type { MessageContext } from '../context.js';
import type { WireRecord } from '../kafka/port.js';
import type { AnyReceived, Handler, ReactionGroup } from './reaction-group.js';

/** What is to be done with a record. */
export type Step =
  | {
      readonly kind: 'event';
      readonly record: WireRecord;
      readonly id: string;
      readonly handler: Handler;
      readonly event: AnyReceived;
    }
  /** Nothing here reacts to it. */
  | { readonly kind: 'ignored'; readonly record: WireRecord }
  /** Of a type that this version does not know: its producer may be a release ahead. */
  | { readonly kind: 'unknown'; readonly record: WireRecord; readonly type: string }
  | Poison;

/** A record that can never be taken as it is. */
export interface Poison {
  readonly kind: 'poison';
  readonly record: WireRecord;
  readonly id: string | undefined;
  readonly errorClass: string;
  readonly error: string;
  readonly attempts: number;
}

/** What the envelope hands to handlers as it is. */
const texts = ['ce_subject', 'ce_correlationid', 'ce_causationid', 'ce_traceparent', 'ce_actor', 'ce_branch'];
/**
 * NUL, which no column takes, and U+FFFD, which stands for what is no text. Storing and decoding UTF-8 put it there. So
 * a record fares alike when it is read, replayed and rebuilt.
 */
const notText = /[\0\ufffd]/;
/** Four times what our own producers may send. */
const mostBytes = 1_048_576;
/** Any type that a service may come to declare. Anything else in the header is no type. */
const typeName = /^[a-z][a-z0-9]*([.-][a-z0-9]+)+\.v\d{1,4}$/;
const longestType = 200;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * Reads a record as this group does. Fields, types and values of open vocabularies that it does not know are no fault
 * of the record. A broken schema is.
 */
export function decode(record: WireRecord, group: ReactionGroup): Step {
  const { headers, value } = record;
  const type = headers['ce_type'];
  // In lower case, as Postgres answers it: an id is the same in capitals.
  const id = headers['ce_id'] && uuid.test(headers['ce_id']) ? headers['ce_id'].toLowerCase() : undefined;
  const poison = (errorClass: string, error: string): Poison => ({
    kind: 'poison',
    record,
    id,
    errorClass,
    error,
    attempts: 1,
  });
  if (record.unreadable) return poison('undecodable', record.unreadable);
  if (!type) return poison('undecodable', 'The record has no ce_type header');
  if (type.length > longestType || !typeName.test(type))
    return poison('undecodable', `ce_type ${type.slice(0, longestType)} is no type`);
  const handler = group.handlers.get(type);
  if (!handler) {
    const known = eventByType(type);
    if (known && known.topic.name !== record.topic)
      return poison('wrong_topic', `${type} belongs on ${known.topic.name}`);
    return known || isNewerVersion(type) ? { kind: 'ignored', record } : { kind: 'unknown', record, type };
  }
  if (!id) return poison('undecodable', `ce_id ${headers['ce_id'] ?? ''} is no UUID`);
  const { declaration } = handler;
  if (declaration.topic.name !== record.topic)
    return poison('wrong_topic', `${type} belongs on ${declaration.topic.name}`);
  const version = versionIn(headers);
  const occurredAt = new Date(headers['ce_time'] ?? '');
  if (!Number.isSafeInteger(version))
    return poison('undecodable', `ce_sequence ${headers['ce_sequence'] ?? ''} is no integer`);
  if (Number.isNaN(occurredAt.getTime()))
    return poison('undecodable', `ce_time ${headers['ce_time'] ?? ''} is no time`);

  if (notText.test(record.key)) return poison('undecodable', 'The key is no text');
  const subject = headers['ce_subject'] ?? record.key;
  if (subject !== record.key) return poison('contradiction', `ce_subject is ${subject}, but the key is ${record.key}`);
  const unreadable = texts.find((name) => notText.test(headers[name] ?? ''));
  if (unreadable) return poison('undecodable', `${unreadable} is no text`);

  let data: object | null = null;
  if (value === null) {
    if (!declaration.state) return poison('schema', `${type} is a fact and has no value`);
  } else {
    if (value.length > mostBytes)
      return poison('too_large', `The value has ${value.length} bytes; at most ${mostBytes} are taken`);
    if (!isUtf8(value)) return poison('undecodable', 'The value is no UTF-8');
    let plain: unknown;
    try {
      plain = JSON.parse(value.toString('utf8'));
    } catch (error) {
      return poison('undecodable', `The value is no JSON: ${(error as Error).message}`);
    }
    const wrong = problemOfConsumed(declaration, plain);
    if (wrong) return poison('schema', `${type}: ${wrong}`);
    const contradiction = contradictionIn(plain as Record<string, unknown>, repeatedIn(record, declaration));
    if (contradiction)
      return poison(
        'contradiction',
        `${contradiction.field} is ${contradiction.given}, but headers and key say ${contradiction.expected}`,
      );
    data = revive(declaration, plain as Record<string, unknown>);
  }
  const event: AnyReceived = {
    id,
    type,
    data,
    version,
    occurredAt,
    aggregateId: subject,
    topic: record.topic,
    partition: record.partition,
    offset: record.offset.toString(),
    correlationId: headers['ce_correlationid'],
    causationId: headers['ce_causationid'],
    traceparent: headers['ce_traceparent'],
    actor: headers['ce_actor'],
    branch: headers['ce_branch'],
  };
  return { kind: 'event', record, id, handler, event };
}

/**
 * What a value repeats from headers and key, since many sinks drop headers: the event's id and time, its aggregate and
 * its version.
 */
export function repeatedIn(
  { headers, key }: Pick<WireRecord, 'headers' | 'key'>,
  declaration: EventDeclaration | undefined,
): Record<string, unknown> {
  const aggregateId = headers['ce_subject'] ?? key;
  const version = versionIn(headers);
  return {
    eventId: headers['ce_id'],
    aggregateId,
    aggregateVersion: version,
    occurredAt: headers['ce_time'],
    ...(declaration ? { [declaration.key]: aggregateId } : {}),
    ...(declaration?.state ? { version } : {}),
  };
}

/** Digits only. `Number` also reads forms such as 1e3, which no producer of ours writes. */
function versionIn(headers: WireRecord['headers']): number {
  return /^\d+$/.test(headers['ce_sequence'] ?? '') ? Number(headers['ce_sequence']) : NaN;
}

/**
 * The first field in which a value contradicts what it repeats from headers and key. A consumer of such a record would
 * have one of the two wrong.
 */
export function contradictionIn(
  value: Readonly<Record<string, unknown>>,
  repeated: Readonly<Record<string, unknown>>,
): { field: string; given: string; expected: string } | undefined {
  for (const [field, expected] of Object.entries(repeated)) {
    if (value[field] !== undefined && value[field] !== expected)
      return { field, given: String(value[field]), expected: String(expected) };
  }
  return undefined;
}

/** The context in which an event is handled: what it causes carries its correlation, and names it as the cause. */
export function contextOf(event: Omit<AnyReceived, 'data'>): MessageContext {
  const { correlationId, traceparent, actor, branch } = event;
  return {
    causationId: event.id,
    correlationId: correlationId ?? event.id,
    ...(traceparent ? { traceparent } : {}),
    ...(actor ? { actor } : {}),
    ...(branch ? { branch } : {}),
  };
}

/**
 * A payload as an instance of its class, so that values such as money have their methods. A payload without such values
 * is not searched for them.
 */
function revive(
  { target }: EventDeclaration,
  { eventId, aggregateId, aggregateVersion, occurredAt, ...payload }: Record<string, unknown>,
): object {
  const flat = Object.values(payload).every((value) => typeof value !== 'object' || value === null);
  return flat ? Object.assign(new target(), payload) : plainToInstance(target, payload);
}

/** A version above those known here. For one release its producer publishes the older one too, which is taken here. */
function isNewerVersion(type: string): boolean {
  const [, name, version] = /^(.*)\.v(\d+)$/.exec(type) ?? [];
  return events().some((known) => known.type === `${name ?? ''}.v${known.version}` && known.version < Number(version));
}
