import { randomBytes, randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Type } from '@nestjs/common';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import pg from 'pg';
import { provision, unprovision, withDatabase } from '../../../../deploy/local/provision.mjs';
import { loadConfig } from '../config/load-config.js';
import { environment, type ServiceConfig } from '../config/service.config.js';
import { migrate } from '../service/migrate.js';
import { serve, type RunningService } from '../service/serve.js';
import { LibraryConfig, LibraryModule } from './library.module.js';

/** An answer of the trial service; the body is whatever the test asserts. */
export interface Answer {
  status: number;
  headers: Headers;
  body: ReturnType<typeof JSON.parse>;
}

/** Who calls. */
export interface Caller {
  roles?: string[];
  subject?: string;
  branch?: string;
  claims?: Record<string, unknown>;
  header?: Record<string, unknown>;
}

/** The trial service in this process, on a database of its own, with an issuer of its own. */
export class Library {
  private constructor(
    public service: RunningService,
    readonly database: pg.Pool,
    private readonly issuer: Issuer,
    private readonly serve: () => Promise<RunningService>,
    private readonly drop: () => Promise<void>,
  ) {}

  /**
   * @param settings environment; `outside` makes the issuer one that is not the platform's own @param module another
   * service of the same name
   */
  static async start(
    { outside, ...settings }: Record<string, string> = {},
    module: Type<unknown> = LibraryModule,
    configType: Type<ServiceConfig> = LibraryConfig,
  ): Promise<Library> {
    const { DATABASE_URL: admin = '', KAFKA_BROKERS: brokers = '' } = environment();
    const role = `library_${randomBytes(4).toString('hex')}`;
    const [issuer, urls] = await Promise.all([
      Issuer.start(!outside),
      provision(admin, role, [{ name: 'library', role, password: 'trial', ownerPassword: 'trial' }]),
    ]);
    const config = loadConfig(configType, {
      DATABASE_URL: urls['library']?.url,
      MIGRATION_DATABASE_URL: urls['library']?.migrationUrl,
      KAFKA_BROKERS: brokers,
      KAFKA_NAMESPACE: `${role.replace('_', '')}.`,
      KAFKA_PARTITIONS: '1',
      OIDC_ISSUER: issuer.url,
      PORT: '0',
      METRICS_PORT: '0',
      HOST: '127.0.0.1',
      LOG_LEVEL: 'silent',
      ...settings,
    });
    await migrate(module, config);
    const start = (): Promise<RunningService> => serve(module, configType, config);
    const service = await start();
    const database = new pg.Pool({
      connectionString: withDatabase(admin, role),
      max: 2,
      options: '-c search_path=library,extensions',
    });
    // a connection that is still saying goodbye when the database is dropped is told so
    database.on('error', () => undefined);
    return new Library(service, database, issuer, start, () => unprovision(admin, role, [role]));
  }

  token(caller: Caller): Promise<string> {
    return this.issuer.sign(caller);
  }

  async call(
    method: string,
    path: string,
    caller: Caller | undefined,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const raw = typeof body === 'string' || body instanceof FormData;
    const response = await fetch(`${this.service.url}${path}`, {
      method,
      headers: {
        ...(caller ? { authorization: `Bearer ${await this.token(caller)}` } : {}),
        ...(body !== undefined && !raw ? { 'content-type': 'application/json' } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: raw ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: response.headers.get('content-type')?.includes('json') && text ? JSON.parse(text) : text,
    };
  }

  async metrics(): Promise<string> {
    return (await fetch(this.service.metricsUrl)).text();
  }

  async sql(query: string, params: unknown[] = []): Promise<ReturnType<typeof JSON.parse>[]> {
    return (await this.database.query(query, params)).rows;
  }

  /** Stops the service in order and starts it anew, on another port. */
  async restart(): Promise<void> {
    await this.service.stop();
    this.service = await this.serve();
  }

  async stop(): Promise<void> {
    await this.service.stop();
    await this.database.end();
    this.issuer.stop();
    await this.drop();
  }
}

/** That an answer is a problem as everybody may see it: complete, and telling nothing of what is inside. */
export function expectProblem(answer: Answer, status: number, code: string): void {
  expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code });
  expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(answer.body).toMatchObject({
    status,
    type: `urn:quen:problem:${code}`,
    instance: expect.any(String),
    traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
  });
  expect(JSON.stringify(answer.body)).not.toMatch(/\bat \/|node_modules|select |insert |library_/i);
}

class Issuer {
  private constructor(
    private readonly server: Server,
    private readonly key: CryptoKey,
    readonly url: string,
  ) {}

  static async start(ours: boolean): Promise<Issuer> {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const key = { ...(await exportJWK(publicKey)), kid: 'trial', alg: 'ES256', use: 'sig' };
    const server = createServer((request, response) => {
      const documents: Record<string, object> = {
        '/.well-known/openid-configuration': { issuer: url, jwks_uri: `${url}/keys`, quen_issuer: ours },
        '/keys': { keys: [key] },
      };
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify(documents[request.url ?? ''] ?? {}));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return new Issuer(server, privateKey, url);
  }

  sign({ roles = [], subject = randomUUID(), branch, claims = {}, header = {} }: Caller): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({
      iss: this.url,
      aud: 'quen',
      sub: subject,
      iat: now,
      exp: now + 600,
      name: 'Trial',
      roles,
      branch,
      ...claims,
    })
      .setProtectedHeader({ alg: 'ES256', kid: 'trial', typ: 'at+jwt', ...header })
      .sign(this.key);
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
