import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { newId, type Language, type MessageContext } from '@quen/messaging';

const traceparentPattern = /^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/;

/** The context that a request begins in: the caller's trace goes on, or a new one begins. */
export function contextOf(headers: IncomingHttpHeaders): MessageContext {
  const given = headers['traceparent'];
  const trace = typeof given === 'string' ? traceparentPattern.exec(given)?.[1] : undefined;
  const correlation = headers['x-correlation-id'];
  return {
    correlationId: typeof correlation === 'string' && /^[\w.-]{1,100}$/.test(correlation) ? correlation : newId(),
    traceparent: `00-${trace && !/^0+$/.test(trace) ? trace : randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`,
  };
}

/** Trace id inside a traceparent. */
export function traceIdOf(context: Readonly<MessageContext>): string | undefined {
  return context.traceparent?.split('-')[1];
}

/** The language that an answer's texts are in: English unless the caller prefers Vietnamese. */
export function languageOf(acceptLanguage: string | undefined): Language {
  const preferences = (acceptLanguage ?? '')
    .split(',')
    .map((part, index) => {
      const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
      const quality = Number(/q=([\d.]+)/.exec(parameters.join(';'))?.[1] ?? 1);
      return { tag: tag.split('-')[0], quality, index };
    })
    .filter(({ tag, quality }) => (tag === 'vi' || tag === 'en') && quality > 0);
  preferences.sort((left, right) => right.quality - left.quality || left.index - right.index);
  return preferences[0]?.tag === 'vi' ? 'vi' : 'en';
}
