import { createLocalJWKSet, type JSONWebKeySet } from 'jose';
import type { ServiceConfig } from '../config/service.config.js';
import { issuerUnavailable } from '../problems/problems.js';

/** What an issuer says of itself. Another object than before means that something changed. */
export interface KnownIssuer {
  readonly keys: ReturnType<typeof createLocalJWKSet>;
  /** Whether it is the platform's own, services/identity, which names roles and branches as the platform does. */
  readonly ours: boolean;
}

/** A token may name an unknown key. Then the keys are fetched again, but not more often than this. */
const unknownKeyMs = 10_000;
/** From this age on the keys are fetched again, while the known ones serve. */
const refreshMs = 30_000;
/** No key is used that the issuer did not show within this time. */
const freshMs = 60_000;
/** When the issuer does not answer, the keys as last seen serve for this long. Tokens seldom outlive it. */
const unreachableMs = 3_600_000;

/** The keys of the issuer, found by OpenID Connect discovery and kept no longer than they may be. */
export class IssuerKeys {
  private known?: KnownIssuer;
  private document = '';
  /** When the issuer was last asked, and when it last answered. */
  private asked = -Infinity;
  private answered = -Infinity;
  private asking?: Promise<void>;
  private found?: { keys: URL; ours: boolean };

  /** @param clock milliseconds of a clock that never jumps */
  constructor(
    private readonly config: ServiceConfig,
    private readonly clock: () => number = () => performance.now(),
  ) {}

  /**
   * What the issuer showed at most a minute ago.
   * @throws Problem issuer_unavailable when it never answered, or not for an hour
   */
  async current(): Promise<KnownIssuer> {
    const age = this.clock() - this.asked;
    if (!this.known || age >= freshMs) await this.ask();
    else if (age >= refreshMs) this.ask().catch(() => undefined);
    return this.known ?? unavailable();
  }

  /** What the issuer shows by now. It is for a token that names an unknown key. */
  async newer(): Promise<KnownIssuer> {
    if (this.clock() - this.asked >= unknownKeyMs) await this.ask();
    return this.known ?? unavailable();
  }

  private ask(): Promise<void> {
    this.asking ??= this.fetch().finally(() => {
      this.asking = undefined;
    });
    return this.asking;
  }

  private async fetch(): Promise<void> {
    try {
      const { keys, ours } = (this.found ??= await this.discover());
      const document = JSON.stringify([ours, await read(keys)]);
      if (document !== this.document || !this.known)
        this.known = { keys: createLocalJWKSet((JSON.parse(document) as [boolean, JSONWebKeySet])[1]), ours };
      this.document = document;
      this.answered = this.asked = this.clock();
    } catch {
      // It may have moved its keys: discovery tells.
      this.found = undefined;
      this.asked = this.clock();
      if (this.asked - this.answered < unreachableMs) return;
      this.known = undefined;
      throw issuerUnavailable();
    }
  }

  private async discover(): Promise<{ keys: URL; ours: boolean }> {
    const address =
      this.config.OIDC_DISCOVERY_URL ??
      `${this.config.OIDC_ISSUER.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const {
      issuer,
      jwks_uri: keys,
      quen_issuer: ours,
    } = (await read(new URL(address))) as { issuer?: unknown; jwks_uri?: unknown; quen_issuer?: unknown };
    if (issuer !== this.config.OIDC_ISSUER || typeof keys !== 'string')
      throw new Error('discovery names another issuer');
    return { keys: reachableKeys(keys, issuer, address), ours: ours === true };
  }
}

/**
 * The address of the issuer's keys as it is reached from here. Discovery names the public address, which need not exist
 * inside a network of containers.
 */
export function reachableKeys(keys: string, issuer: string, discovery: string): URL {
  const known = `${issuer.replace(/\/$/, '')}/`;
  return new URL(
    keys.startsWith(known)
      ? discovery.replace(/\.well-known\/openid-configuration$/, '') + keys.slice(known.length)
      : keys,
  );
}

async function read(address: URL): Promise<unknown> {
  const response = await fetch(address.href, {
    signal: AbortSignal.timeout(5_000),
    headers: { accept: 'application/json' },
  });
  if (!response.ok) throw new Error(`${address.href} answered ${response.status}`);
  return response.json();
}

function unavailable(): never {
  throw issuerUnavailable();
}
