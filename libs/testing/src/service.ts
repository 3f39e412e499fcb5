import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { withDatabase } from '@quen/engines';
import { deadLetterTopic, eventOf, type TopicSettings } from '@quen/events';
import { TestBus, type EnvelopeOptions, type Published } from './bus.js';
import { Client, type Json } from './client.js';
import { eventually, type EventuallyOptions } from './eventually.js';
import { testIssuer, type Actor, type TestIssuer } from './issuer.js';
import { freePorts, ServiceProcess } from './service-process.js';
import { copyOf, dropCopy, templateOf, type Logins } from './template.js';

/** Where Postgres and Kafka are, when they are not the run's. */
export interface TestEngines {
  /** A superuser's. */
  databaseUrl: string;
  brokers: string;
  /** How topics are made; default: two partitions, one replica. */
  topics?: TopicSettings;
  /** Makes of a service's connection URL the one that it is given, e.g. through a proxy. */
  forServices?: (databaseUrl: string) => string;
}

export interface ServiceOptions {
  /**
   * Settings of the service beyond those that every test needs; as a function where they depend on the service's
   * address.
   */
  env?: Record<string, string> | ((url: string) => Record<string, string>);
  /** Shared by the services of a journey, so that they hear each other; default: one of its own. */
  namespace?: string;
  /** How long it may take until it says that it is ready; default 90 s. */
  readyWithinMs?: number;
  /** Default: those of the run, DATABASE_URL and KAFKA_BROKERS. */
  engines?: TestEngines;
}

const shiftedClock = pathToFileURL(resolve(import.meta.dirname, 'clock-preload.js')).href;
const compileCache = resolve(import.meta.dirname, '../../../.local/cache/compiled');

/**
 * Settings of a service whose process's wall clock is ahead by so many milliseconds, or behind where negative. One that
 * is ahead finds ordinary tokens expired.
 */
export function clockOff(milliseconds: number): Record<string, string> {
  return { NODE_OPTIONS: `--import=${shiftedClock}`, QUEN_TEST_CLOCK: String(milliseconds) };
}

/** A namespace for a journey over several services. */
export function newNamespace(): string {
  return `t${randomBytes(4).toString('hex')}.`;
}

/**
 * Starts a service as a process of its own on the run's Postgres and Kafka: fresh database, own topics, free
 * port, tokens from a real issuer. Stop it in `afterAll`.
 * @param name the service's folder
 */
export async function startService(name: string, options: ServiceOptions = {}): Promise<TestService> {
  const admin = options.engines?.databaseUrl ?? required('DATABASE_URL');
  const brokers = options.engines?.brokers ?? required('KAFKA_BROKERS');
  const reached = options.engines?.forServices ?? ((databaseUrl) => databaseUrl);
  const topics = { partitions: 2, replication: 1, minInSyncReplicas: 1, ...options.engines?.topics };
  const namespace = options.namespace ?? newNamespace();
  const [issuer, [port, metricsPort]] = await Promise.all([testIssuer(), freePorts()]);
  const url = `http://127.0.0.1:${port}`;
  const process_ = (logins: Logins, within: string): ServiceProcess =>
    new ServiceProcess(name, {
      ...inherited(),
      NODE_ENV: 'test',
      NODE_COMPILE_CACHE: compileCache,
      QUEN_MODE: 'test',
      LOG_LEVEL: 'warn',
      HTTP_GRACE_MS: '0',
      DATABASE_URL: reached(logins.url),
      MIGRATION_DATABASE_URL: reached(logins.migrationUrl),
      KAFKA_BROKERS: brokers,
      KAFKA_NAMESPACE: within,
      KAFKA_PARTITIONS: String(topics.partitions),
      KAFKA_REPLICATION: String(topics.replication),
      KAFKA_MIN_INSYNC: String(topics.minInSyncReplicas),
      OIDC_ISSUER: issuer.url,
      OIDC_AUDIENCE: 'quen',
      PORT: String(port),
      METRICS_PORT: String(metricsPort),
      RATE_LIMIT_PER_MINUTE: '30000',
      PUBLIC_URL: url,
      ...(typeof options.env === 'function' ? options.env(url) : options.env),
    });
  const template = await templateOf(admin, name, async (logins) => {
    const maker = process_(logins, newNamespace());
    await maker.command('migrate');
    return topicsOf(JSON.parse(await maker.command('asyncapi')) as AsyncApi);
  });
  const bus = new TestBus(brokers, namespace, topics, [...template.topics, deadLetterTopic(name).name]);
  const database = `${name}_${randomBytes(4).toString('hex')}`;
  const [logins] = await Promise.all([copyOf(admin, name, template, database), bus.createTopics()]);
  const running = new TestService({
    name,
    url,
    bus,
    issuer,
    process: process_(logins, namespace),
    databaseUrl: withDatabase(admin, database),
    drop: () => dropCopy(admin, database),
  });
  try {
    await running.process.serve(options.readyWithinMs);
  } catch (error) {
    await running.stop();
    throw error;
  }
  return running;
}

interface AsyncApi {
  channels: Record<string, { address: string }>;
}

/** What a service publishes and hears, as its own document says. */
function topicsOf({ channels }: AsyncApi): string[] {
  return Object.values(channels).map(({ address }) => address);
}

/** What a process needs of the environment of the tests. */
function inherited(): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR } = process.env;
  return { PATH, HOME, TMPDIR };
}

function required(variable: string): string {
  const value = process.env[variable];
  if (!value)
    throw new Error(
      `${variable} is not set: it-specs run under the root jest.config.js, whose setup starts Postgres and Kafka`,
    );
  return value;
}

/** A state without what is new with each event. */
function bare(state: object): object {
  return Object.fromEntries(Object.entries(state).filter(([name]) => name !== 'eventId' && name !== 'occurredAt'));
}

interface Parts {
  name: string;
  url: string;
  bus: TestBus;
  issuer: TestIssuer;
  process: ServiceProcess;
  databaseUrl: string;
  drop: () => Promise<void>;
}

/** A running service, seen from outside: its gateway, its topics and its tables. */
export class TestService {
  private readonly database: pg.Pool;

  constructor(private readonly parts: Parts) {
    this.database = new pg.Pool({
      connectionString: parts.databaseUrl,
      max: 4,
      options: `-c search_path=${parts.name},extensions`,
    });
    this.database.on('error', () => undefined);
  }

  get name(): string {
    return this.parts.name;
  }
  get url(): string {
    return this.parts.url;
  }
  /** The process, to be stopped, killed and looked at. */
  get process(): ServiceProcess {
    return this.parts.process;
  }
  /** Where its metrics are read. */
  get metricsUrl(): string {
    return this.parts.process.metricsUrl;
  }
  get bus(): TestBus {
    return this.parts.bus;
  }
  get issuer(): TestIssuer {
    return this.parts.issuer;
  }
  /** What the service has logged. */
  get log(): string {
    return this.parts.process.log;
  }

  /** Calls with a valid token of this person, for a process whose clock is behind issued by the same clock. */
  as(actor: Actor): Client {
    const behind = Math.min(0, Number(this.parts.process.env.QUEN_TEST_CLOCK ?? 0));
    const claims = behind ? { iat: Math.floor((Date.now() + behind) / 1000), ...actor.claims } : actor.claims;
    const person = { subject: crypto.randomUUID(), ...actor, ...(claims ? { claims } : {}) };
    return new Client(this.url, this.issuer, person, this.complain);
  }

  /** Calls without a token. */
  get anonymous(): Client {
    return new Client(this.url, undefined, {}, this.complain);
  }

  private readonly complain = (): string =>
    `${this.name} ${this.process.pid ? 'runs' : 'does not run'}, and logged:\n${this.log.slice(-3_000)}`;

  /** As if the service that owns this event had published it. */
  receive(message: object, options?: EnvelopeOptions): Promise<void> {
    return this.bus.send(message, options);
  }

  /** As if the owner of this state had erased it. */
  receiveErased(state: new () => object, id: string, options?: EnvelopeOptions): Promise<void> {
    return this.bus.sendErased(state, id, options);
  }

  /** Waits until an event of this type, and like this, is on its topic. */
  async published<T extends object>(
    message: new () => T,
    like: (data: T) => boolean = () => true,
    options?: EventuallyOptions,
  ): Promise<T> {
    return (await this.record(message, (record) => record.data !== null && like(record.data), options)).data;
  }

  /** Like {@link published}, with key and headers; also sees erased states, whose data is null. */
  record<T extends object>(
    message: new () => T,
    like: (record: Published<T>) => boolean,
    options?: EventuallyOptions,
  ): Promise<Published<T>> {
    return eventually(async () => {
      const records = await this.bus.published(message);
      const found = records.find(like);
      if (!found)
        throw new Error(
          `No such ${message.name} on its topic; of that type there were ${records.length}: ${JSON.stringify(records.slice(-3))}\nThe service logged:\n${this.log.slice(-3_000)}`,
        );
      return found;
    }, options);
  }

  /**
   * Has the service publish every state of this kind again, and waits until they are on the topic.
   * @returns each with what was published of it before, without the envelope's own fields
   */
  async republished<T extends object>(state: new () => T): Promise<{ before: object | undefined; after: object }[]> {
    const subject = crypto.randomUUID();
    const operator = this.as({ roles: ['administrator'], subject });
    const {
      body: { id },
    } = await operator.post('/v1/bus/republications', { topic: eventOf(state).topic.name, reason: 'a test' });
    const published = await eventually(async () => {
      const { body: job } = await operator.get(`/v1/jobs/${id}`);
      if (job.state !== 'succeeded')
        throw new Error(
          `The republication is ${job.state}: ${JSON.stringify(job.problem)}\nThe service logged:\n${this.log.slice(-3_000)}`,
        );
      return job.result.published as number;
    });
    return eventually(async () => {
      const last = new Map<string, object>();
      const again = (await this.bus.published(state)).flatMap(({ key, data, headers }) => {
        const before = last.get(key);
        last.set(key, bare(data));
        return headers.ce_actor === subject ? [{ before, after: bare(data) }] : [];
      });
      if (again.length !== published) throw new Error(`${again.length} of ${published} states are on the topic`);
      return again;
    });
  }

  /** Reads or writes the service's tables as the superuser, so that row-level security hides nothing. */
  async sql<Row extends object = Json>(query: string, params: unknown[] = []): Promise<Row[]> {
    return (await this.database.query(query, params)).rows as Row[];
  }

  /** Ends the process as a crash would. */
  async kill(): Promise<void> {
    await this.parts.process.end('SIGKILL');
  }

  /** Starts the process again, after {@link kill}, on the same database and topics. */
  restart(): Promise<void> {
    return this.parts.process.serve();
  }

  /**
   * One more process of this service, on the same database and topics and a port of its own; the caller starts and ends
   * it.
   */
  async another(env: Record<string, string> = {}): Promise<ServiceProcess> {
    const [port, metricsPort] = (await freePorts()).map(String);
    return new ServiceProcess(this.name, {
      ...this.parts.process.env,
      PORT: port,
      METRICS_PORT: metricsPort,
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      ...env,
    });
  }

  /** Ends the connections of the test itself, and leaves process and database to whoever made the engines. */
  async leave(): Promise<void> {
    await Promise.all([this.database.end(), this.bus.stop()]);
  }

  /** Runs a command of the service, such as `openapi`; returns what it printed. */
  command(name: string, ...args: string[]): Promise<string> {
    return this.parts.process.command(name, ...args);
  }

  /** Stops the service in order and removes its database. */
  async stop(): Promise<void> {
    await this.parts.process.end();
    await Promise.all([this.database.end(), this.bus.stop()]);
    await this.parts.drop();
  }
}
