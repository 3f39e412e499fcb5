import { randomBytes } from 'node:crypto';
import type { Type } from '@nestjs/common';
import pg from 'pg';
import { provision, unprovision, withDatabase } from '@quen/engines';
import { Client, startIssuer, type Actor, type Answer, type TestIssuer } from '@quen/testing';
import { environment, loadConfig, migrate, serve, type RunningService, type ServiceConfig } from '../index.js';
import { LibraryConfig, LibraryModule } from './library.module.js';

/** The example service in this process, on a database of its own, with an issuer of its own. */
export class Library {
  private constructor(
    public service: RunningService,
    readonly database: pg.Pool,
    readonly issuer: TestIssuer,
    private readonly serve: () => Promise<RunningService>,
    private readonly drop: () => Promise<void>,
  ) {}

  /**
   * @param settings environment; `outside` makes the issuer one that is not the platform's own
   * @param module another service of the same name
   */
  static async start(
    { outside, ...settings }: Record<string, string> = {},
    module: Type<unknown> = LibraryModule,
    configType: Type<ServiceConfig> = LibraryConfig,
  ): Promise<Library> {
    const { DATABASE_URL: admin = '', KAFKA_BROKERS: brokers = '' } = environment();
    const role = `library_${randomBytes(4).toString('hex')}`;
    const [issuer, urls] = await Promise.all([
      startIssuer({ ours: !outside }),
      provision(admin, role, [{ name: 'library', role, password: 'example', ownerPassword: 'example' }]),
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

  /** Calls with a token of this person, without one where there is none. */
  as(actor: Actor | undefined): Client {
    return new Client(this.service.url, actor && this.issuer, actor);
  }

  /** Calls without a token. */
  get anonymous(): Client {
    return this.as(undefined);
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
