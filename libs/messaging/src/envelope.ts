import { type EventDeclaration } from '@quen/events';
import type { MessageContext } from './context.js';

/** Largest value of a record, in bytes. */
export const maxValueBytes = 256 * 1024;

/** What the headers of one event need besides its declaration. */
export interface EnvelopeFields {
  id: string;
  service: string;
  aggregateId: string;
  version: number;
}

/** CloudEvents 1.0 in binary mode, all but `ce_time`, which only the database's clock may give. */
export function headersOf(
  declaration: Pick<EventDeclaration, 'type' | 'dataClass'>,
  fields: EnvelopeFields,
  from: MessageContext,
): Record<string, string> {
  const headers: Record<string, string> = {
    ce_specversion: '1.0',
    ce_id: fields.id,
    ce_source: `/crm/${fields.service}`,
    ce_type: declaration.type,
    ce_subject: fields.aggregateId,
    ce_dataschema: `urn:quen:${declaration.type}`,
    'content-type': 'application/json',
    ce_sequence: String(fields.version),
    ce_dataclass: declaration.dataClass,
    // An event that nothing caused begins a correlation of its own.
    ce_correlationid: from.correlationId ?? fields.id,
  };
  if (from.causationId) headers['ce_causationid'] = from.causationId;
  if (from.traceparent) headers['ce_traceparent'] = from.traceparent;
  if (from.actor) headers['ce_actor'] = from.actor;
  if (from.branch) headers['ce_branch'] = from.branch;
  return headers;
}
