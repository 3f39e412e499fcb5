import type { LoggerService } from '@nestjs/common';
import { pino, type DestinationStream, type Logger } from 'pino';
import { context } from '@quen/messaging';
import { traceIdOf } from './request-context.js';

/** Members that never reach a log, at any of the first four levels. */
export const secretMembers = [
  'authorization',
  'cookie',
  'password',
  'passwordHash',
  'secret',
  'token',
  'accessToken',
  'refreshToken',
  'idToken',
  'apiKey',
  'clientSecret',
  'phone',
  'email',
  'taxCode',
  'citizenId',
  'birthDate',
  'address',
  'query',
  'parameters',
  'driverError',
  'detail',
];

const paths = secretMembers.flatMap((member) => ['', '*.', '*.*.', '*.*.*.'].map((prefix) => `${prefix}${member}`));

/**
 * The service's log: JSON lines with time, level, service, traceId, actor and event; secrets and personal data are
 * redacted.
 */
export class Log implements LoggerService {
  readonly pino: Logger;

  constructor(service: string, level: string, destination?: DestinationStream) {
    this.pino = pino(
      {
        level,
        base: { service },
        timestamp: pino.stdTimeFunctions.isoTime,
        formatters: { level: (label) => ({ level: label }) },
        redact: { paths, censor: '[redacted]' },
        mixin: () => {
          const now = context.get();
          return { traceId: traceIdOf(now), actor: now.actor };
        },
      },
      destination,
    );
  }

  info(fields: object, message: string): void {
    this.pino.info(fields, message);
  }

  /** Nest's own messages arrive as text with a context; ours as fields and text. */
  error(message: unknown, ...rest: unknown[]): void {
    if (typeof message === 'object' && message !== null)
      this.pino.error(message, typeof rest[0] === 'string' ? rest[0] : undefined);
    else this.pino.error({ source: rest.at(-1) }, String(message));
  }

  warn(message: unknown, ...rest: unknown[]): void {
    if (typeof message === 'object' && message !== null)
      this.pino.warn(message, typeof rest[0] === 'string' ? rest[0] : undefined);
    else this.pino.warn({ source: rest.at(-1) }, String(message));
  }

  /** Nest's chatter at start goes to debug. */
  log(message: unknown, ...rest: unknown[]): void {
    this.pino.debug({ source: rest.at(-1) }, String(message));
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.pino.debug({ source: rest.at(-1) }, String(message));
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.pino.trace({ source: rest.at(-1) }, String(message));
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.pino.fatal({ source: rest.at(-1) }, String(message));
  }
}
