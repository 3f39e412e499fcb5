import { createHash, generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database, momentOf } from '@quen/chassis';
import type { Transaction } from '@quen/messaging';
import { IdentityConfig } from '../identity.config.js';
import { seal, unseal } from './sealed-text.js';
import {
  nextKeyFrom,
  publishedKeys,
  removableKeys,
  type KeyPolicy,
  type ScheduledKey,
} from './signing-key.schedule.js';

/** A private key as the provider takes it. */
export interface SigningKey extends ScheduledKey {
  jwk: JsonWebKey & { kid: string; alg: string; use: string };
}

const minute = 60_000;

/** The issuer's ES256 keys: made when due, shown before and after they sign, kept encrypted. */
@Injectable()
export class SigningKeys {
  private readonly policy: KeyPolicy;

  constructor(
    private readonly database: Database,
    private readonly config: IdentityConfig,
  ) {
    this.policy = {
      rotateEvery: config.SIGNING_KEY_DAYS * 24 * 60 * minute,
      announce: 60 * minute,
      // Longer than a session, because cookies are signed with what is derived from these keys.
      keep: 24 * 60 * minute,
    };
  }

  /**
   * The keys to show now, the signing one first. Makes the next one when it is due and forgets those that nothing
   * needs.
   */
  async current(): Promise<SigningKey[]> {
    return this.database.transaction(async (tx) => {
      const { keys, now } = await this.load(tx);
      const from = nextKeyFrom(keys, now, this.policy);
      if (from === undefined && removableKeys(keys, now, this.policy).length === 0)
        return publishedKeys(keys, now, this.policy);
      // Another process may be doing the same: under the lock the question is asked again.
      await tx.query(`select pg_advisory_xact_lock(hashtextextended(current_schema() || '.signing_key', 0))`);
      const again = await this.load(tx);
      const due = nextKeyFrom(again.keys, again.now, this.policy);
      if (due) again.keys.push(await this.create(tx, due));
      const removable = removableKeys(again.keys, again.now, this.policy).map((key) => key.kid);
      if (removable.length > 0) await tx.query('delete from signing_key where kid = any($1)', [removable]);
      return publishedKeys(again.keys, again.now, this.policy);
    });
  }

  /**
   * Makes a key that signs after the usual announcement or, when the present one has leaked, at once:
   * then all others are forgotten and every token and session signed with them is refused as soon as verifiers read the
   * keys again.
   */
  async rotate(tx: Transaction, leaked: boolean): Promise<void> {
    await tx.query(`select pg_advisory_xact_lock(hashtextextended(current_schema() || '.signing_key', 0))`);
    if (leaked) await tx.query('delete from signing_key');
    const { now } = await this.load(tx);
    await this.create(tx, leaked ? now : new Date(now.getTime() + this.policy.announce));
  }

  private async load(tx: Transaction): Promise<{ keys: SigningKey[]; now: Date }> {
    const rows = await tx.query<{ kid: string; private_key: string; signs_from: Date }[]>(
      'select kid, private_key, signs_from from signing_key',
    );
    const keys = rows.map((row) => ({
      kid: row.kid,
      signsFrom: row.signs_from,
      jwk: JSON.parse(unseal(row.private_key, this.config.SIGNING_KEY_SECRET)) as SigningKey['jwk'],
    }));
    return { keys, now: momentOf(tx).at };
  }

  private async create(tx: Transaction, signsFrom: Date): Promise<SigningKey> {
    const jwk = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });
    // RFC 7638: the thumbprint names the key, so that no two keys share a name.
    const kid = createHash('sha256')
      .update(JSON.stringify({ crv: jwk.crv, kty: jwk.kty, x: jwk.x, y: jwk.y }))
      .digest('base64url');
    const complete = { ...jwk, kid, alg: 'ES256', use: 'sig' };
    await tx.query('insert into signing_key (kid, private_key, signs_from) values ($1, $2, $3)', [
      kid,
      seal(JSON.stringify(complete), this.config.SIGNING_KEY_SECRET),
      signsFrom,
    ]);
    return { kid, signsFrom, jwk: complete };
  }
}
