import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IsInt } from 'class-validator';
import { kafkaSettings } from '../service/kafka-settings.js';
import { ConfigurationError, loadConfig } from './load-config.js';
import { ServiceConfig } from './service.config.js';

class ShopConfig extends ServiceConfig {
  @IsInt() SHELVES: number = 3;
}

const complete = {
  DATABASE_URL: 'postgres://sales@db/quen',
  KAFKA_BROKERS: 'a:9092,b:9092',
  OIDC_ISSUER: 'http://identity:4000',
};

describe('loadConfig', () => {
  it('converts numbers and keeps defaults', () => {
    const config = loadConfig(ShopConfig, { ...complete, PORT: '4001', SHELVES: '' });
    expect(config).toMatchObject({ PORT: 4001, SHELVES: 3, OIDC_AUDIENCE: 'quen', ROLES: 'http,consumer,relay' });
    expect(config.hasRole('relay')).toBe(true);
  });

  it('lists every problem at once and shows no value', () => {
    try {
      loadConfig(ShopConfig, { KAFKA_BROKERS: 'nowhere', PORT: 'secret', OIDC_ISSUER: 'http://i' });
      throw new Error('accepted');
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigurationError);
      const text = (error as Error).message;
      expect(text).toContain('DATABASE_URL is required');
      expect(text).toContain('KAFKA_BROKERS must be host:port');
      expect(text).toContain('PORT must');
      expect(text).not.toMatch(/nowhere|secret/);
    }
  });

  it('lets a test, and nobody else, switch guards off', () => {
    expect(
      loadConfig(ServiceConfig, { ...complete, QUEN_MODE: 'test', QUEN_TEST_GUARDS_OFF: 'inbox,leases' }).guardsOff(),
    ).toEqual(['inbox', 'leases']);
    expect(loadConfig(ServiceConfig, complete).guardsOff()).toEqual([]);
    for (const QUEN_MODE of ['production', 'local', undefined])
      expect(() => loadConfig(ServiceConfig, { ...complete, QUEN_MODE, QUEN_TEST_GUARDS_OFF: 'inbox' })).toThrow(
        'QUEN_TEST_GUARDS_OFF must be',
      );
    expect(() =>
      loadConfig(ServiceConfig, { ...complete, QUEN_MODE: 'test', QUEN_TEST_GUARDS_OFF: 'seatbelt' }),
    ).toThrow('QUEN_TEST_GUARDS_OFF must be');
  });

  it('takes as proxies addresses, networks and the names of private ones', () => {
    for (const proxies of ['', '10.0.0.1', '10.0.0.0/8,fd00::/8', 'loopback,uniquelocal'])
      expect(loadConfig(ServiceConfig, { ...complete, TRUST_PROXY: proxies }).TRUST_PROXY).toBe(proxies);
    for (const proxies of ['true', '*', '10.0.0.0/33', '10.0.0.0/0', '10.0.0.0/8/8', 'proxy.example', '10.0.0.1,'])
      expect(() => loadConfig(ServiceConfig, { ...complete, TRUST_PROXY: proxies })).toThrow(
        'TRUST_PROXY must be addresses',
      );
  });

  it('reads secrets from files', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'quen-')), 'url');
    writeFileSync(file, 'postgres://from-file/db\n');
    expect(
      loadConfig(ServiceConfig, { ...complete, DATABASE_URL: undefined, DATABASE_URL_FILE: file }).DATABASE_URL,
    ).toBe('postgres://from-file/db');
    expect(() =>
      loadConfig(ServiceConfig, { ...complete, DATABASE_URL: undefined, DATABASE_URL_FILE: `${file}x` }),
    ).toThrow('DATABASE_URL_FILE names a file');
  });

  it('reads how the brokers want to be reached: with an authority and a certificate of the firm, by either client', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'quen-')), 'ca.pem');
    writeFileSync(file, '-----BEGIN CERTIFICATE-----\nMII\n');
    const pem = { cert: '-----BEGIN CERTIFICATE-----\nMIJ', key: '-----BEGIN EC PRIVATE KEY-----\nMIK' };
    const settings = (env: Record<string, string>): unknown =>
      kafkaSettings(loadConfig(ServiceConfig, { ...complete, ...env }));
    expect(settings({})).toEqual({
      client: expect.any(String) as unknown,
      brokers: ['a:9092', 'b:9092'],
      namespace: '',
    });
    expect(settings({ KAFKA_TLS: 'true', KAFKA_CLIENT: 'kafkajs' })).toMatchObject({ client: 'kafkajs', ssl: true });
    expect(
      settings({
        KAFKA_CLIENT: 'platformatic',
        KAFKA_CA_FILE: file,
        KAFKA_CERT: pem.cert,
        KAFKA_KEY: pem.key,
        KAFKA_SASL_MECHANISM: 'scram-sha-512',
        KAFKA_USERNAME: 'bus',
        KAFKA_PASSWORD: 'pw',
      }),
    ).toMatchObject({
      client: 'platformatic',
      ssl: { ca: '-----BEGIN CERTIFICATE-----\nMII', ...pem },
      sasl: { mechanism: 'scram-sha-512', username: 'bus', password: 'pw' },
    });
    expect(() => settings({ KAFKA_CERT: pem.cert })).toThrow('KAFKA_KEY is required');
    expect(() => settings({ KAFKA_CA: '/etc/ca.pem', KAFKA_CLIENT: 'other' })).toThrow(
      /KAFKA_CLIENT must be one of[\s\S]*KAFKA_CA must be PEM/,
    );
  });
});
