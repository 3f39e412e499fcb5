import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload } from 'jose';
import { v5 } from 'uuid';
import { issuerUnavailable, unauthenticated } from '../problems/problems.js';
import { ServiceConfig } from '../service/service.config.js';

/** Who an access token speaks for. */
export interface Identity {
  readonly subject: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly branchId?: string;
  readonly department?: string;
}

type IssuerKeys = ReturnType<typeof createRemoteJWKSet>;

const algorithms = ['RS256', 'ES256', 'EdDSA'];
const accessTokenTypes = ['at+jwt', 'application/at+jwt', 'jwt'];
const leewaySeconds = 60;

/** So long is a token's check remembered; no longer than the issuer's keys are. */
const rememberedMs = 60_000;
const rememberedTokens = 10_000;

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Checks access tokens against the issuer's published keys, found by OpenID Connect discovery. */
@Injectable()
export class TokenVerifier {
  private keys?: Promise<IssuerKeys>;
  /** By the hash of a token, so that no token is kept: whom it speaks for, and until when that is believed without another check. */
  private readonly verified = new Map<string, { identity: Identity; until: number }>();
  /** The issuer's keys by which those tokens were good. */
  private goodBy: string | undefined;

  constructor(private readonly config: ServiceConfig) {}

  /**
   * Checks signature, issuer, audience, type and times (60 s leeway) and reads the caller's claims. A token that was good is
   * believed for a minute, never beyond its end, and no longer than the issuer's keys are known to be the same.
   * @throws Problem unauthenticated, or issuer_unavailable when the keys cannot be had
   */
  async verify(token: string, now = Date.now()): Promise<Identity> {
    const key = hash('sha256', token, 'base64');
    const known = this.verified.get(key);
    if (known && now < known.until) return known.identity;
    const { identity, expires } = await this.check(token).finally(() => this.forgetOfOtherKeys());
    if (this.verified.size >= rememberedTokens) this.verified.clear();
    this.verified.set(key, { identity, until: Math.min(now + rememberedMs, (expires + leewaySeconds) * 1000) });
    return identity;
  }

  /** The issuer took keys back, as it does with one that leaked: what was signed with them has to be checked again. */
  private async forgetOfOtherKeys(): Promise<void> {
    const keys = JSON.stringify((await this.keys?.catch(() => undefined))?.jwks()?.keys.map(({ kid, n, x }) => [kid, n, x]));
    if (keys !== this.goodBy) this.verified.clear();
    this.goodBy = keys;
  }

  private async check(token: string): Promise<{ identity: Identity; expires: number }> {
    const keys = await this.issuerKeys();
    try {
      const { payload, protectedHeader } = await jwtVerify(token, keys, {
        issuer: this.config.OIDC_ISSUER, audience: this.config.OIDC_AUDIENCE, algorithms, clockTolerance: leewaySeconds, requiredClaims: ['exp', 'iss', 'aud'],
      });
      if (!accessTokenTypes.includes(protectedHeader.typ?.toLowerCase() ?? '') || isOtherToken(payload)) throw unauthenticated();
      return { identity: this.identityOf(payload), expires: Number(payload.exp) };
    } catch (error) {
      if (error instanceof errors.JWKSTimeout || isFetchFailure(error)) throw issuerUnavailable();
      throw unauthenticated();
    }
  }

  private identityOf(payload: JWTPayload): Identity {
    const subject = claim(payload, this.config.OIDC_CLAIM_SUBJECT);
    if (typeof subject !== 'string' || !subject) throw unauthenticated();
    const name = claim(payload, this.config.OIDC_CLAIM_NAME) ?? payload['preferred_username'];
    const branch = first(claim(payload, this.config.OIDC_CLAIM_BRANCH));
    const department = first(claim(payload, this.config.OIDC_CLAIM_DEPARTMENT));
    return {
      subject: uuidPattern.test(subject) ? subject.toLowerCase() : v5(`${this.config.OIDC_ISSUER}#${subject}`, v5.URL),
      name: typeof name === 'string' ? name : subject,
      roles: this.rolesOf(claim(payload, this.config.OIDC_CLAIM_ROLES)),
      ...(branch && uuidPattern.test(branch) ? { branchId: branch.toLowerCase() } : {}),
      ...(department ? { department } : {}),
    };
  }

  private rolesOf(value: unknown): string[] {
    const names = Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : typeof value === 'string' ? value.split(/[ ,]+/) : [];
    const renamed = new Map(this.config.OIDC_ROLE_MAP.split(',').filter(Boolean).map((pair) => pair.split('=') as [string, string]));
    return names.map((name) => renamed.get(name) ?? name);
  }

  /** Discovery happens once; a failure is forgotten, so that the next request tries again. */
  private issuerKeys(): Promise<IssuerKeys> {
    this.keys ??= this.discover().catch(() => {
      this.keys = undefined;
      throw issuerUnavailable();
    });
    return this.keys;
  }

  private async discover(): Promise<IssuerKeys> {
    const address = this.config.OIDC_DISCOVERY_URL ?? `${this.config.OIDC_ISSUER.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const response = await fetch(address, { signal: AbortSignal.timeout(5_000) });
    if (!response.ok) throw new Error(`discovery answered ${response.status}`);
    const { issuer, jwks_uri: keys } = (await response.json()) as { issuer?: unknown; jwks_uri?: unknown };
    if (issuer !== this.config.OIDC_ISSUER || typeof keys !== 'string') throw new Error('discovery names another issuer');
    return createRemoteJWKSet(reachableKeys(keys, issuer, address), { timeoutDuration: 5_000, cooldownDuration: 10_000 });
  }
}

/** The address of the issuer's keys as it is reached from here: discovery names the public one, which need not exist inside a network of containers. */
export function reachableKeys(keys: string, issuer: string, discovery: string): URL {
  const known = `${issuer.replace(/\/$/, '')}/`;
  return new URL(keys.startsWith(known) ? discovery.replace(/\.well-known\/openid-configuration$/, '') + keys.slice(known.length) : keys);
}

/** Keycloak signs id, refresh and logout tokens with the same keys and says so in a claim. */
function isOtherToken(payload: JWTPayload): boolean {
  return typeof payload['typ'] === 'string' && payload['typ'].toLowerCase() !== 'bearer';
}

/** The claim at a path of names joined by dots, or by slashes for names that hold dots. */
function claim(payload: JWTPayload, path: string): unknown {
  const names = path.includes('/') ? path.split('/').filter(Boolean) : path.split('.');
  const direct: unknown = payload[path];
  if (direct !== undefined) return direct;
  return names.reduce<unknown>((value, name) => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined), payload);
}

function first(value: unknown): string | undefined {
  const one: unknown = Array.isArray(value) ? value[0] : value;
  return typeof one === 'string' && one ? one : undefined;
}

function isFetchFailure(error: unknown): boolean {
  return (error instanceof errors.JOSEError && error.code === 'ERR_JOSE_GENERIC') || (error instanceof TypeError && error.message === 'fetch failed');
}
