import { hkdfSync } from 'node:crypto';
import { errors, interactionPolicy, type Adapter, type Configuration, type KoaContextWithOIDC } from 'oidc-provider';
import { contentSecurityPolicy, formTarget, messagePage, signOutPage } from './sign-in.pages.js';
import { chooseLanguage, type Language } from './sign-in.texts.js';
import type { SigningKey } from './signing-keys.js';

/** The only resource of this issuer: the platform's gateways. */
export const resource = 'urn:quen';

/** What tokens say of whoever holds them. */
export interface TokenSubject {
  /** A UUID: a member of staff, or a machine client. */
  id: string;
  name: string;
  roles: readonly string[];
  branch?: string;
  department?: string;
}

/** Where the provider finds what it does not own. */
export interface ProviderSources {
  adapter: (model: string) => Adapter;
  /** Active staff only. */
  staff: (id: string) => Promise<TokenSubject | undefined>;
  /** Active clients only. */
  client: (clientId: string) => Promise<TokenSubject | undefined>;
}

const minute = 60;
const hour = 60 * minute;

/** How long a session lives, in seconds: since it was last used, and since its sign-in whatever happens. */
export interface SessionLives {
  idle: number;
  absolute: number;
}

/** Everything that `oidc-provider` is told: what is offered, how long it lives and how pages look. */
export function providerConfiguration(
  audience: string,
  keys: readonly SigningKey[],
  lives: SessionLives,
  sources: ProviderSources,
): Configuration {
  const claimsOf = ({ id: _id, ...claims }: TokenSubject) => claims;
  return {
    adapter: sources.adapter,
    jwks: { keys: keys.map((key) => key.jwk) },
    cookies: {
      keys: keys.map(cookieKey),
      names: { session: 'quen_session', interaction: 'quen_interaction', resume: 'quen_resume' },
    },
    clientDefaults: { id_token_signed_response_alg: 'ES256', grant_types: [], response_types: [] },
    scopes: ['openid', 'offline_access'],
    claims: { openid: ['sub', 'name', 'roles', 'branch', 'department'] },
    conformIdTokenClaims: false,
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'none'],
    responseTypes: ['code'],
    pkce: { required: () => true },
    ttl: {
      AccessToken: 10 * minute,
      ClientCredentials: 10 * minute,
      AuthorizationCode: minute,
      IdToken: 10 * minute,
      Interaction: 15 * minute,
      Session: (_context, session) =>
        Math.max(
          1,
          Math.min(lives.idle, (session.loginTs ?? Infinity) + lives.absolute - Math.floor(Date.now() / 1000)),
        ),
      Grant: 14 * 24 * hour,
      RefreshToken: lives.idle,
    },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      clientCredentials: { enabled: true },
      revocation: { enabled: true },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      rpInitiatedLogout: { enabled: true, logoutSource, postLogoutSuccessSource },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => resource,
        useGrantedResource: () => true,
        getResourceServerInfo: (_context, indicator) => {
          if (indicator !== resource) throw new errors.InvalidTarget();
          return { scope: '', audience, accessTokenFormat: 'jwt', jwt: { sign: { alg: 'ES256' } } };
        },
      },
    },
    rotateRefreshToken: true,
    issueRefreshToken: (_context, client) => client.grantTypeAllowed('refresh_token'),
    // Signing out or ending a session ends its refresh tokens too, whatever scope was asked for.
    expiresWithSession: () => true,
    clientBasedCORS: (_context, origin, client) =>
      origin !== 'null' && (client.redirectUris ?? []).some((uri) => new URL(uri).origin === origin),
    findAccount: async (_context, id) => {
      const staff = await sources.staff(id);
      return staff && { accountId: id, claims: () => ({ sub: id, ...claimsOf(staff) }) };
    },
    extraTokenClaims: async (_context, token) => {
      const subject = await subjectOf(
        sources,
        token.kind === 'AccessToken' ? { staff: token.accountId } : { client: token.clientId },
      );
      return { ...claimsOf(subject) };
    },
    formats: {
      customizers: {
        // A machine's subject is the id of its record, as staff's is, so that every actor in the platform is a UUID.
        jwt: async (_context, token, parts) => {
          if (token.kind === 'ClientCredentials')
            parts.payload.sub = (await subjectOf(sources, { client: token.clientId })).id;
        },
      },
    },
    loadExistingGrant,
    interactions: { url: (_context, interaction) => `/oidc/sign-in/${interaction.uid}`, policy: policy() },
    // By this a gateway knows that roles and branches in tokens are the platform's own.
    discovery: { quen_issuer: true },
    renderError,
  };
}

async function subjectOf(sources: ProviderSources, of: { staff: string } | { client?: string }): Promise<TokenSubject> {
  const subject = 'staff' in of ? await sources.staff(of.staff) : of.client && (await sources.client(of.client));
  if (!subject) throw new errors.InvalidGrant('the holder of this grant is no longer active');
  return subject;
}

// The provider would ask again at each sign-in of a native application. All are the firm's own, registered by an
// administrator and bound to PKCE and
// to their ways back, so one that finds a session gets in as one on the web does.
function policy() {
  const prompts = interactionPolicy.base();
  prompts.get('consent')?.checks.remove('native_client_prompt');
  return prompts;
}

// All clients are the firm's own applications: signing in is the consent.
async function loadExistingGrant(context: KoaContextWithOIDC) {
  const { client, session, provider, result } = context.oidc;
  if (!client || !session?.accountId) return undefined;
  const known = result?.consent?.grantId ?? session.grantIdFor(client.clientId);
  const existing = known ? await provider.Grant.find(known) : undefined;
  if (existing && existing.accountId === session.accountId) return existing;
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope('openid offline_access');
  grant.addOIDCClaims(['name', 'roles', 'branch', 'department']);
  await grant.save();
  return grant;
}

// Derived from the signing keys: cookies then rotate with them and every process knows the same.
function cookieKey(key: SigningKey): string {
  return Buffer.from(hkdfSync('sha256', key.jwk.d ?? '', '', 'quen cookies', 32)).toString('base64url');
}

function languageOf(context: KoaContextWithOIDC): Language {
  return chooseLanguage(context.get('accept-language'));
}

function show(context: KoaContextWithOIDC, html: string, formTargets: string[] = []): void {
  context.type = 'html';
  context.set('content-security-policy', contentSecurityPolicy(formTargets));
  context.set('cache-control', 'no-store');
  context.body = html;
}

function logoutSource(context: KoaContextWithOIDC, form: string): void {
  const target = context.oidc.params?.post_logout_redirect_uri;
  show(context, signOutPage(languageOf(context), form), formTarget(target));
}

function postLogoutSuccessSource(context: KoaContextWithOIDC): void {
  show(context, messagePage(languageOf(context), 'signedOut'));
}

function renderError(context: KoaContextWithOIDC, out: { error: string; error_description?: string }): void {
  show(context, messagePage(languageOf(context), 'failed', out.error_description ?? out.error));
}
