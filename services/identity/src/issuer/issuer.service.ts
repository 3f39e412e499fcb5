import type { IncomingMessage, ServerResponse } from 'node:http';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import Provider, { errors } from 'oidc-provider';
import { Database, Every, Log, momentOf, RateLimiter } from '@quen/chassis';
import { afterCommit } from '@quen/messaging';
import { ClientsService } from '../clients/clients.service.js';
import { BrakesService } from '../credentials/brakes.service.js';
import { CredentialsService } from '../credentials/credentials.service.js';
import { IdentityConfig } from '../identity.config.js';
import { normalLoginName, StaffService } from '../staff/staff.service.js';
import { ClientAdapter } from './client-adapter.js';
import { providerConfiguration, type SessionLives } from './provider.configuration.js';
import { RecordAdapter } from './record-adapter.js';
import { brakeWrongSecrets } from './secret-brake.js';
import { signInRoutes } from './sign-in.routes.js';
import { SigningKeys } from './signing-keys.js';

/** Path below which the issuer lives; discovery is at `/oidc/.well-known/openid-configuration`. */
const mount = '/oidc';

const refreshMilliseconds = 30_000;

/** The leeway that verifiers give a token's times. */
const toleratedMilliseconds = 60_000;

/** What tells no time: discovery and the keys. */
const timeless = /^\/(\.well-known\/|jwks\b)/;

/** The OpenID Connect issuer in this process. Its state is in Postgres: any number of processes serve it together. */
@Injectable()
export class IssuerService implements OnModuleInit, OnApplicationBootstrap, OnModuleDestroy {
  private handle?: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  private signingKeys = '';
  /** The database's clock at zero of this process's timer, which nobody can set. */
  private databaseTime = NaN;
  private building?: Promise<void>;
  private timer?: NodeJS.Timeout;
  private readonly lives: SessionLives;

  constructor(
    private readonly config: IdentityConfig,
    private readonly database: Database,
    private readonly keys: SigningKeys,
    private readonly staff: StaffService,
    private readonly clients: ClientsService,
    private readonly credentials: CredentialsService,
    private readonly brakes: BrakesService,
    private readonly limiter: RateLimiter,
    private readonly http: HttpAdapterHost,
    private readonly logger: Log,
  ) {
    this.lives = { idle: config.SESSION_IDLE_MINUTES * 60, absolute: config.SESSION_HOURS * 3_600 };
  }

  /** Mounts the issuer on the gateway's own server, unless another issuer is named by `OIDC_ISSUER`. */
  onModuleInit(): void {
    if (!this.config.servesIssuer()) return;
    const fastify = this.http.httpAdapter.getInstance<FastifyInstance>();
    const issuer = new URL(this.config.OIDC_ISSUER);
    fastify.all(`${mount}/*`, {
      // The provider reads bodies itself, so it takes over before any parser runs.
      onRequest: (request, reply, done) => {
        try {
          this.limiter.take(request.ip, reply);
        } catch (error) {
          done(error as Error);
          return;
        }
        reply.hijack();
        const { raw } = request;
        // The provider builds addresses from what it is asked with: they are the issuer's, whatever stands in front of
        // this process.
        raw.headers.host = issuer.host;
        raw.headers['x-forwarded-proto'] = issuer.protocol.slice(0, -1);
        raw.headers['x-forwarded-for'] = request.ip;
        delete raw.headers['x-forwarded-host'];
        Object.assign(raw, { originalUrl: raw.url, url: raw.url?.slice(mount.length) });
        void this.serve(raw, reply.raw);
      },
      handler: () => undefined,
    });
  }

  /** Reads the keys now and every half minute: all processes soon show what one of them made. */
  async onApplicationBootstrap(): Promise<void> {
    if (!this.config.servesIssuer()) return;
    await this.refresh();
    this.timer = setInterval(() => {
      this.refresh().catch((error: unknown) =>
        this.logger.error(error, 'the signing keys could not be read; those known are used on'),
      );
    }, refreshMilliseconds);
    this.timer.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /**
   * Takes over the signing keys as they are in the database. Requests under way finish with those that they began with.
   */
  async refresh(): Promise<void> {
    this.building ??= this.rebuild().finally(() => {
      this.building = undefined;
    });
    await this.building;
  }

  /** Makes the next signing key; when the present one has leaked, what was signed with it ends at once. */
  async rotate(leaked: boolean): Promise<void> {
    await this.database.transaction(async (tx) => {
      await this.keys.rotate(tx, leaked);
      afterCommit(tx, () => this.refresh());
    });
  }

  /** Forgets what has expired. */
  @Every('PT10M', 'issuer-records')
  async forgetExpired(): Promise<void> {
    await this.database.transaction((tx) => tx.query('delete from issuer_record where expires_at < now()'));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const timed = !timeless.test(request.url ?? '');
      if (!this.handle || (timed && this.clockIsOff())) await this.refresh();
      if (timed && this.clockIsOff()) unavailable(response);
      else await this.handle?.(request, response);
    } catch (error) {
      this.logger.error(error, 'the issuer cannot read its keys');
      unavailable(response);
    }
  }

  /**
   * The provider tells the lives of tokens, codes and cookies by this process's clock: with a wrong one they would live
   * for hours too long, or not at all.
   */
  private clockIsOff(): boolean {
    return Math.abs(Date.now() - performance.now() - this.databaseTime) > toleratedMilliseconds;
  }

  private async rebuild(): Promise<void> {
    const keys = await this.database.transaction(async (tx) => {
      this.databaseTime = momentOf(tx).at.getTime() - performance.now();
      return this.keys.current();
    });
    if (this.clockIsOff())
      this.logger.error(
        { event: 'clock_off' },
        "the clock of this process is off from the database's: it signs nobody in until that is set right",
      );
    const names = keys.map((key) => key.kid).join(' ');
    if (names === this.signingKeys) return;
    const clientAdapter = new ClientAdapter(this.clients);
    const provider = new Provider(
      this.config.OIDC_ISSUER,
      providerConfiguration(this.config.OIDC_AUDIENCE.split(',')[0] ?? '', keys, this.lives, {
        adapter: (model) => (model === 'Client' ? clientAdapter : new RecordAdapter(this.database, model)),
        staff: (id) => this.staff.tokenSubject(id),
        client: (clientId) => this.clients.tokenSubject(clientId),
      }),
    );
    provider.proxy = true;
    provider.Client.prototype.compareClientSecret = function (actual: string) {
      return ClientsService.secretMatches(this.clientSecret ?? '', actual);
    };
    provider.on('grant.success', (context) => {
      const uid =
        context.oidc.params?.['grant_type'] === 'refresh_token'
          ? context.oidc.entities.RefreshToken?.sessionUid
          : undefined;
      if (uid)
        new RecordAdapter(this.database, 'Session')
          .keep(uid, this.lives)
          .catch((error: unknown) => this.logger.error(error, 'a session could not be kept'));
    });
    provider.use(brakeWrongSecrets(this.brakes));
    provider.on('server_error', (_context, error) => this.logger.error(error, 'the issuer failed'));
    provider.use(async (context, next) => {
      try {
        await next();
      } catch (error) {
        const status = error instanceof errors.OIDCProviderError ? error.statusCode : 500;
        if (status >= 500) this.logger.error(error, 'the sign-in page failed');
        context.status = status;
        context.body = { error: status >= 500 ? 'server_error' : 'invalid_request' };
      }
    });
    provider.use(
      signInRoutes(provider, async (loginName, password, address, newPassword) => {
        const name = normalLoginName(loginName);
        return this.credentials.signIn(
          await this.staff.activeByLoginName(name),
          name,
          password.slice(0, 200),
          address,
          newPassword,
        );
      }),
    );
    this.handle = provider.callback();
    this.signingKeys = names;
    this.logger.info({ event: 'issuer_ready', signingKey: keys[0]?.kid, shown: keys.length }, 'issuer ready');
  }
}

function unavailable(response: ServerResponse): void {
  response.writeHead(503, { 'content-type': 'application/json', 'retry-after': '5' });
  response.end(JSON.stringify({ error: 'temporarily_unavailable' }));
}
