import { isIP } from 'node:net';
import {
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsTimeZone,
  IsUrl,
  Matches,
  Max,
  Min,
  MinLength,
  ValidateBy,
  ValidateIf,
} from 'class-validator';
import { guardNames, kafkaClients, type GuardName } from '@quen/messaging';
import { defaultZone } from '../time/civil-day.js';

/** The process's environment, read here and nowhere else. */
export function environment(): Readonly<Record<string, string | undefined>> {
  return process.env;
}

const needsClientCertificate = ({ KAFKA_CERT, KAFKA_KEY }: ServiceConfig): boolean => Boolean(KAFKA_CERT ?? KAFKA_KEY);

const looseUrl = { require_tld: false, require_protocol: true, protocols: ['http', 'https'] };

/** Names of guards, and only in mode `test`: no installation runs without them. */
function GuardNames(): PropertyDecorator {
  return ValidateBy({
    name: 'guardNames',
    validator: {
      validate: (value, on) =>
        value === undefined ||
        ((on?.object as ServiceConfig | undefined)?.QUEN_MODE === 'test' &&
          String(value)
            .split(',')
            .every((name) => (guardNames as readonly string[]).includes(name))),
      defaultMessage: () =>
        `must be ${guardNames.join(', ')}, separated by commas, and must not be set unless QUEN_MODE is test`,
    },
  });
}

/** Addresses and networks, or the names that stand for those of a machine and of private networks. */
function ProxyAddresses(): PropertyDecorator {
  return ValidateBy({
    name: 'proxyAddresses',
    validator: {
      validate: (value) => value === '' || String(value).split(',').every(isProxyAddress),
      defaultMessage: () =>
        'must be addresses or networks such as 10.0.0.0/8, or loopback, linklocal, uniquelocal, separated by commas',
    },
  });
}

function isProxyAddress(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const version = isIP(address);
  if (!version) return ['loopback', 'linklocal', 'uniquelocal'].includes(text);
  return (
    more.length === 0 &&
    (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) > 0 && Number(bits) <= (version === 4 ? 32 : 128)))
  );
}

/**
 * What every service reads from its environment. Subclass it for a service's own settings: one property per variable,
 * with class-validator decorators, an initial value where there is a default. `NAME_FILE` names a file to read `NAME`
 * from.
 */
export class ServiceConfig {
  /** `local` on a developer's machine, `test` under a test; what only these may do is refused in `production`. */
  @IsIn(['local', 'test', 'production']) QUEN_MODE: string = 'production';
  /** Fault tests only: guards of messaging that are off, separated by commas. */
  @GuardNames() QUEN_TEST_GUARDS_OFF?: string;

  /**
   * Connection URL of the service's own Postgres role, which is no superuser: row-level security does not bind
   * superusers.
   */
  @Matches(/^postgres(ql)?:\/\//, { message: 'must be a postgres:// URL' }) DATABASE_URL!: string;
  /**
   * The connection URL of the role that owns the tables. Only `migrate` reads it. The default is DATABASE_URL, whose
   * role then can also switch off what guards its rows.
   */
  @IsOptional()
  @Matches(/^postgres(ql)?:\/\//, { message: 'must be a postgres:// URL' })
  MIGRATION_DATABASE_URL?: string;
  /** Schema of the service; by default its name. */
  @IsOptional() @Matches(/^[a-z_][a-z0-9_]*$/) DATABASE_SCHEMA?: string;
  /** Connections at most that this process holds. */
  @IsInt() @Min(2) @Max(200) DATABASE_POOL: number = 10;
  /** Milliseconds after which the database ends a statement; the caller gets 503. */
  @IsInt() @Min(100) @Max(600_000) STATEMENT_TIMEOUT_MS: number = 10_000;

  /** `host:port` of the bootstrap brokers, separated by commas. */
  @Matches(/^[^\s,:]+:\d+(,[^\s,:]+:\d+)*$/, { message: 'must be host:port, separated by commas' })
  KAFKA_BROKERS!: string;
  /** Prefix of topics and consumer groups, so that several installations share a cluster. */
  @Matches(/^[a-z0-9.-]*$/) KAFKA_NAMESPACE: string = '';
  /** The client library: @platformatic/kafka, or kafkajs. Processes of a service may differ in it. */
  @IsIn(kafkaClients) KAFKA_CLIENT: (typeof kafkaClients)[number] = 'platformatic';
  /** TLS to the brokers. A KAFKA_CA or KAFKA_CERT asks for it as well. */
  @IsIn(['true', 'false']) KAFKA_TLS: string = 'false';
  /**
   * Certificates (PEM) of the firm's own authority that signed the brokers'; by default the public authorities are
   * trusted.
   */
  @IsOptional() @Matches(/-----BEGIN CERTIFICATE-----/, { message: 'must be PEM' }) KAFKA_CA?: string;
  /** Client certificate and its key (PEM), where the brokers want one; each needs the other. */
  @ValidateIf(needsClientCertificate)
  @Matches(/-----BEGIN CERTIFICATE-----/, { message: 'must be PEM, and come with KAFKA_KEY' })
  KAFKA_CERT?: string;
  @ValidateIf(needsClientCertificate)
  @Matches(/-----BEGIN [A-Z ]*PRIVATE KEY-----/, { message: 'must be PEM, and come with KAFKA_CERT' })
  KAFKA_KEY?: string;
  @IsOptional() @IsString() KAFKA_KEY_PASSPHRASE?: string;
  @IsOptional() @IsIn(['plain', 'scram-sha-256', 'scram-sha-512']) KAFKA_SASL_MECHANISM?:
    'plain' | 'scram-sha-256' | 'scram-sha-512';
  @IsOptional() @IsString() KAFKA_USERNAME?: string;
  @IsOptional() @IsString() KAFKA_PASSWORD?: string;
  @IsInt() @Min(1) @Max(1000) KAFKA_PARTITIONS: number = 12;
  @IsInt() @Min(1) @Max(9) KAFKA_REPLICATION: number = 1;
  @IsInt() @Min(1) @Max(9) KAFKA_MIN_INSYNC: number = 1;
  /** Days that facts are kept; −1 for ever. */
  @IsInt() @Min(-1) KAFKA_FACT_RETENTION_DAYS: number = -1;

  /** Issuer of access tokens, exactly as in their claim `iss`. */
  @IsUrl(looseUrl) OIDC_ISSUER!: string;
  /** Where the issuer's discovery document is reached from here, when that differs from the issuer's public address. */
  @IsOptional() @IsUrl(looseUrl) OIDC_DISCOVERY_URL?: string;
  /** What the platform is called in the tokens' claim `aud`; several, any of which will do, are separated by commas. */
  @Matches(/^[^\s,]+(,[^\s,]+)*$/) OIDC_AUDIENCE: string = 'quen';
  /** Seconds for which an access token may be issued at most: one for longer is refused. */
  @IsInt() @Min(60) @Max(2_592_000) OIDC_TOKEN_MAX_AGE: number = 86_400;
  /**
   * Claims by path, e.g. `realm_access.roles` for Keycloak. Keys that hold dots themselves are written with a slash
   * between parts.
   */
  @IsString() OIDC_CLAIM_SUBJECT: string = 'sub';
  @IsString() OIDC_CLAIM_NAME: string = 'name';
  @IsString() OIDC_CLAIM_ROLES: string = 'roles';
  @IsString() OIDC_CLAIM_BRANCH: string = 'branch';
  @IsString() OIDC_CLAIM_DEPARTMENT: string = 'department';
  /**
   * What the issuer's roles and groups are here: `Sales.Rep=seller,Sales.Lead=branch-manager`. Of an outside issuer
   * nothing else counts; our own names its roles itself.
   */
  @Matches(/^([^=,]+=[^=,]+(,[^=,]+=[^=,]+)*)?$/, { message: 'must be NAME=role, separated by commas' })
  OIDC_ROLE_MAP: string = '';
  /**
   * Outside issuers: what is before the branch's code in the claim, such as `/Branches/` of a group; values without it
   * are not about branches.
   */
  @IsString() OIDC_BRANCH_PREFIX: string = '';
  /**
   * Outside issuers: codes of branches by the issuer's names, after the prefix: `Hanoi=HN,Saigon=SG`; a name that is
   * not in it is the code itself.
   */
  @Matches(/^([^=,]+=[^=,]+(,[^=,]+=[^=,]+)*)?$/, { message: 'must be NAME=code, separated by commas' })
  OIDC_BRANCH_MAP: string = '';

  @IsInt() @Min(0) @Max(65_535) PORT: number = 8080;
  @IsString() HOST: string = '0.0.0.0';
  /** Where `/metrics` is answered, and nowhere else: keep this port inside the network. */
  @IsInt() @Min(0) @Max(65_535) METRICS_PORT: number = 9464;
  /**
   * Proxies in front of this gateway, whose `X-Forwarded-For` is believed: addresses and networks such as `10.0.0.0/8`,
   * separated by commas. None by default.
   */
  @ProxyAddresses() TRUST_PROXY: string = '';
  /** Milliseconds for which a process that stops keeps idle connections open, on which a request may be on its way. */
  @IsInt() @Min(0) @Max(15_000) HTTP_GRACE_MS: number = 1_000;
  /** Public address of this gateway, for its documents; by default the one asked. */
  @IsOptional() @IsUrl(looseUrl) PUBLIC_URL?: string;
  /** Web origins that may call this gateway from a browser, separated by commas; `*` for any. */
  @IsString() CORS_ORIGINS: string = '';
  /** Parts that run in this process: http, consumer (reactions, jobs, schedules), relay. */
  @Matches(/^(http|consumer|relay)(,(http|consumer|relay))*$/, {
    message: 'must be http, consumer or relay, separated by commas',
  })
  ROLES: string = 'http,consumer,relay';
  @IsIn(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']) LOG_LEVEL: string = 'info';

  /** Bytes of a request's body at most, files apart. */
  @IsInt() @Min(1024) BODY_LIMIT_BYTES: number = 1_048_576;
  /** Bytes of an uploaded file at most. */
  @IsInt() @Min(1024) UPLOAD_LIMIT_BYTES: number = 52_428_800;
  /**
   * Requests a minute that one subject may make of one process, and one address without a valid token; 0 for no limit.
   */
  @IsInt() @Min(0) RATE_LIMIT_PER_MINUTE: number = 3_000;
  /** Jobs that run at the same time in one process. */
  @IsInt() @Min(1) @Max(32) JOBS_CONCURRENCY: number = 2;
  /**
   * IANA zone where the firm is: decides which civil day it is, and where a day begins. The same for all services of an
   * installation.
   */
  @IsTimeZone() TIME_ZONE: string = defaultZone;
  /** Signs paging cursors; by default derived from the database's URL, which every process of a service shares. */
  @IsOptional() @MinLength(16) CURSOR_SECRET?: string;

  /** The guards of messaging that are off; none but in fault tests. */
  guardsOff(): GuardName[] {
    return (this.QUEN_TEST_GUARDS_OFF?.split(',') ?? []) as GuardName[];
  }

  /** Whether this process runs the given part. */
  hasRole(role: 'http' | 'consumer' | 'relay'): boolean {
    return this.ROLES.split(',').includes(role);
  }
}
