import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { errors, jwtVerify, type JWTPayload, type JWTVerifyResult } from 'jose';
import { v5 } from 'uuid';
import { Problem } from '@quen/messaging';
import { ServiceConfig } from '../config/service.config.js';
import { unauthenticated } from '../problems/problems.js';
import { IssuerKeys, type KnownIssuer } from './issuer-keys.js';
import { OutsideClaims } from './outside-claims.js';

/** Who an access token speaks for. */
export interface Identity {
  readonly subject: string;
  readonly name: string;
  readonly roles: readonly string[];
  readonly branchId?: string;
  readonly department?: string;
}

const algorithms = ['RS256', 'ES256', 'EdDSA'];
const leewaySeconds = 60;

/** So long is a token's check remembered. */
const rememberedMs = 60_000;
const rememberedTokens = 10_000;

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Checks access tokens against the issuer's published keys, found by OpenID Connect discovery. */
@Injectable()
export class TokenVerifier {
  /**
   * What is known of a token that was checked: whom it speaks for, with which keys, and until when it is believed
   * without another check. The key is a hash, so that no token is kept.
   */
  private readonly verified = new Map<string, { identity: Identity; by: KnownIssuer; until: number }>();

  constructor(
    private readonly config: ServiceConfig,
    private readonly outside: OutsideClaims,
    private readonly issuer: IssuerKeys,
  ) {}

  /**
   * Checks signature, issuer, audience, type and times (60 s leeway) and reads the caller's claims. A good token is
   * believed for a minute, but never beyond its end, and only while the issuer's keys are the same. Those keys are a
   * minute old at most.
   * @throws Problem unauthenticated; issuer_unavailable when the keys cannot be had; account_branch_unknown or
   * account_branch_ambiguous by an outside issuer's claims
   */
  async verify(token: string, now = Date.now()): Promise<Identity> {
    const key = hash('sha256', token, 'base64');
    const by = await this.issuer.current();
    const known = this.verified.get(key);
    if (known?.by === by && now < known.until) return known.identity;
    const good = await this.check(token, by);
    const identity = await this.identityOf(good.payload, good.by);
    if (this.verified.size >= rememberedTokens) this.verified.clear();
    this.verified.set(key, {
      identity,
      by: good.by,
      until: Math.min(now + rememberedMs, (Number(good.payload.exp) + leewaySeconds) * 1000),
    });
    return identity;
  }

  private async check(token: string, by: KnownIssuer): Promise<{ payload: JWTPayload; by: KnownIssuer }> {
    try {
      const { payload, protectedHeader } = await this.signed(token, by);
      if (!isAccessToken(protectedHeader.typ, payload) || this.livesTooLong(payload)) throw unauthenticated();
      return { payload, by };
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey) {
        const newer = await this.issuer.newer();
        if (newer !== by) return this.check(token, newer);
      }
      throw error instanceof Problem ? error : unauthenticated();
    }
  }

  private signed(token: string, by: KnownIssuer): Promise<JWTVerifyResult> {
    return jwtVerify(token, by.keys, {
      issuer: this.config.OIDC_ISSUER,
      audience: this.config.OIDC_AUDIENCE.split(','),
      algorithms,
      clockTolerance: leewaySeconds,
      requiredClaims: ['exp', 'iat', 'iss', 'aud'],
    });
  }

  /**
   * A token of the future, or one that lasts longer than any that is issued, breaks the issuer's rules. Somebody else
   * made it with the issuer's key.
   */
  private livesTooLong({ iat, exp }: JWTPayload): boolean {
    return (
      Number(iat) > Date.now() / 1000 + leewaySeconds || Number(exp) - Number(iat) > this.config.OIDC_TOKEN_MAX_AGE
    );
  }

  private async identityOf(payload: JWTPayload, { ours }: KnownIssuer): Promise<Identity> {
    const subject = claim(payload, this.config.OIDC_CLAIM_SUBJECT);
    if (typeof subject !== 'string' || !subject) throw unauthenticated();
    const name = claim(payload, this.config.OIDC_CLAIM_NAME) ?? payload['preferred_username'];
    const roles = listOf(claim(payload, this.config.OIDC_CLAIM_ROLES));
    const [department] = listOf(claim(payload, this.config.OIDC_CLAIM_DEPARTMENT), false);
    const branches = listOf(claim(payload, this.config.OIDC_CLAIM_BRANCH), false);
    const branch = ours
      ? branches.filter((id) => uuidPattern.test(id))[0]?.toLowerCase()
      : await this.outside.branch(branches);
    return {
      subject: uuidPattern.test(subject) ? subject.toLowerCase() : v5(`${this.config.OIDC_ISSUER}#${subject}`, v5.URL),
      name: typeof name === 'string' ? name : subject,
      roles: ours ? roles : this.outside.roles(roles),
      ...(branch ? { branchId: branch } : {}),
      ...(department ? { department } : {}),
    };
  }
}

/**
 * Issuers sign id, refresh and logout tokens with the same keys. Access tokens say what they are in their header (RFC
 * 9068), or in a claim as those of Keycloak do. Of other tokens only an access token names the program that it was made
 * for. Only an id token holds a nonce or hashes of its request.
 */
function isAccessToken(type: string | undefined, payload: JWTPayload): boolean {
  const says = payload['typ'];
  if (typeof says === 'string' && says.toLowerCase() !== 'bearer') return false;
  switch (type?.toLowerCase()) {
    case 'at+jwt':
    case 'application/at+jwt':
      return true;
    case 'jwt':
      return (
        says !== undefined ||
        (['azp', 'appid', 'client_id', 'cid'].some((name) => name in payload) &&
          !['nonce', 'at_hash', 'c_hash', 's_hash'].some((name) => name in payload))
      );
    default:
      return false;
  }
}

/** The claim at a path of names joined by dots, or by slashes for names that hold dots. */
function claim(payload: JWTPayload, path: string): unknown {
  const names = path.includes('/') ? path.split('/').filter(Boolean) : path.split('.');
  const direct: unknown = payload[path];
  if (direct !== undefined) return direct;
  return names.reduce<unknown>(
    (value, name) =>
      typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined,
    payload,
  );
}

/** The texts of a claim that holds one or several. `parted` splits one text with several at blanks and commas. */
function listOf(value: unknown, parted = true): string[] {
  if (typeof value === 'string') return (parted ? value.split(/[ ,]+/) : [value]).filter(Boolean);
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string' && each !== '') : [];
}
