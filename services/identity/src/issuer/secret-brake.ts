import type { default as Provider } from 'oidc-provider';
import type { Brake, BrakesService } from '../credentials/brakes.service.js';

type Middleware = Parameters<Provider['use']>[0];

/** Where clients prove themselves with their secret. */
const proving = /^\/(token|token\/revocation)$/;

/**
 * Slows down guessing of a client's secret, by client and address: neither a guesser elsewhere nor a program with a
 * wrong secret on the same network
 * locks anybody else out. While waiting a right secret is refused, too, for otherwise it could be told from a wrong
 * one.
 */
export function brakeWrongSecrets(brakes: BrakesService): Middleware {
  return async (context, next) => {
    if (!proving.test(context.path) || context.method !== 'POST') return next();
    const brake: Brake = { key: `client:${clientNamed(context.get('authorization'))}@${context.ip}`, free: 10 };
    const seconds = await brakes.wait(brake);
    if (seconds) {
      context.status = 429;
      context.set('retry-after', String(seconds));
      context.body = { error: 'slow_down', error_description: `too many wrong secrets: try again in ${seconds} s` };
      return;
    }
    await next();
    if (context.status === 401) await brakes.count(brake);
  };
}

/** The client in a header of HTTP Basic; those that name themselves in the body share one brake of their address. */
function clientNamed(authorization: string): string {
  const [, encoded] = /^basic ([\w+/=-]+)$/i.exec(authorization) ?? [];
  return encoded
    ? Buffer.from(encoded, 'base64').toString('utf8').split(':')[0]!.replaceAll('\0', '').slice(0, 100)
    : '';
}
