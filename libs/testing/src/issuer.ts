import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

/** Who a test acts as. */
export interface Actor {
  roles?: string[];
  /** Defaults to a new id. */
  subject?: string;
  name?: string;
  branchId?: string;
  department?: string;
  /** Further claims, or replacements of the usual ones (`iss`, `aud`, …). */
  claims?: Record<string, unknown>;
  /** Fields of the token's header, as additions or replacements. */
  header?: Record<string, unknown>;
  /** Lifetime in seconds, negative for an expired token; default one hour. */
  expiresIn?: number;
}

/** An OpenID Connect issuer: discovery and keys over HTTP, and tokens for whoever a test needs to be. */
export interface TestIssuer {
  readonly url: string;
  /** The name of its one key. */
  readonly keyId: string;
  /** An access token as the configured issuer of a real installation would sign it. */
  token(actor: Actor): Promise<string>;
}

/** What a client needs of an issuer. */
export type TokenSource = Pick<TestIssuer, 'token'>;

let shared: Promise<TestIssuer> | undefined;

/** The issuer of this test process; started at first use, gone with the process. */
export function testIssuer(): Promise<TestIssuer> {
  return (shared ??= startIssuer());
}

/**
 * Starts one more issuer, gone with the process.
 * @param ours whether it says that it is the platform's own; an identity provider of a firm does not
 */
export async function startIssuer({ ours = true } = {}): Promise<TestIssuer> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const key = { ...(await exportJWK(publicKey)), kid: randomUUID(), alg: 'ES256', use: 'sig' };
  const server = createServer((request, response) => {
    const documents: Record<string, object> = {
      '/.well-known/openid-configuration': {
        issuer: url,
        jwks_uri: `${url}/jwks`,
        authorization_endpoint: `${url}/auth`,
        token_endpoint: `${url}/token`,
        quen_issuer: ours,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['ES256'],
      },
      '/jwks': { keys: [key] },
    };
    const document = documents[request.url ?? ''];
    response
      .writeHead(document ? 200 : 404, { 'content-type': 'application/json' })
      .end(JSON.stringify(document ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    keyId: key.kid,
    token: async (actor) => {
      const now = Math.floor(Date.now() / 1000);
      const claims = {
        iss: url,
        aud: 'quen',
        sub: actor.subject ?? randomUUID(),
        iat: now,
        exp: now + (actor.expiresIn ?? 3600),
        jti: randomUUID(),
        roles: actor.roles ?? [],
        name: actor.name ?? 'Test',
        branch: actor.branchId,
        department: actor.department,
        ...actor.claims,
      };
      return new SignJWT(claims)
        .setProtectedHeader({ alg: 'ES256', kid: key.kid, typ: 'at+jwt', ...actor.header })
        .sign(privateKey);
    },
  };
}
