import type { MailOutcome } from '../mail/mail.service.js';
import type { TemplateFault } from '../templates/templates.service.js';
import type { Settlement } from './outbound.queries.js';

/** What became of a try: the mail server's answer, or why there was nothing to hand over. */
export type DeliveryOutcome = MailOutcome | { kind: 'unfilled'; reason: TemplateFault['code']; answer: string };

/** Seconds between tries that the mail server asked for; after the last one the message is refused. */
export const retryDelays = [60, 300, 1800, 7200];

/** Seconds to wait when no mail server can be reached; such a try does not count. */
export const unreachableDelay = 15;

/**
 * What becomes of a message after a try.
 * @param attempts tries so far, this one included
 * @param interruptions tries before this one of which nobody knows how they ended
 */
export function settlementOf(
  id: string,
  outcome: DeliveryOutcome,
  attempts: number,
  interruptions: number,
): Settlement {
  const base = { id, reason: null, answer: outcome.answer, delay: 0, interrupted: 0, counted: 1 };
  switch (outcome.kind) {
    case 'accepted':
      return { ...base, status: 'sent' };
    case 'bounced':
      return { ...base, status: 'refused', reason: 'bounced' };
    case 'unfilled':
      return { ...base, status: 'refused', reason: outcome.reason };
    case 'rejected':
      return { ...base, status: 'refused', reason: 'rejected' };
    case 'unreachable':
      return { ...base, status: 'queued', delay: unreachableDelay, counted: 0 };
    case 'unknown':
      return interruptions > 0
        ? { ...base, status: 'unconfirmed', reason: 'interrupted', interrupted: 1 }
        : { ...base, status: 'queued', interrupted: 1, delay: retryDelays[0]! };
    case 'deferred': {
      const delay = retryDelays[attempts - 1];
      return delay === undefined
        ? { ...base, status: 'refused', reason: 'undeliverable' }
        : { ...base, status: 'queued', delay };
    }
  }
}
