import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IsInt } from 'class-validator';
import { ConfigurationError, loadConfig } from './load-config.js';
import { ServiceConfig } from './service.config.js';

class ShopConfig extends ServiceConfig {
  @IsInt() SHELVES: number = 3;
}

const complete = { DATABASE_URL: 'postgres://sales@db/quen', KAFKA_BROKERS: 'a:9092,b:9092', OIDC_ISSUER: 'http://identity:4000' };

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
    expect(loadConfig(ServiceConfig, { ...complete, QUEN_MODE: 'test', QUEN_TEST_GUARDS_OFF: 'inbox,leases' }).guardsOff()).toEqual(['inbox', 'leases']);
    expect(loadConfig(ServiceConfig, complete).guardsOff()).toEqual([]);
    for (const QUEN_MODE of ['production', 'local', undefined]) expect(() => loadConfig(ServiceConfig, { ...complete, QUEN_MODE, QUEN_TEST_GUARDS_OFF: 'inbox' })).toThrow('QUEN_TEST_GUARDS_OFF must be');
    expect(() => loadConfig(ServiceConfig, { ...complete, QUEN_MODE: 'test', QUEN_TEST_GUARDS_OFF: 'seatbelt' })).toThrow('QUEN_TEST_GUARDS_OFF must be');
  });

  it('reads secrets from files', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'quen-')), 'url');
    writeFileSync(file, 'postgres://from-file/db\n');
    expect(loadConfig(ServiceConfig, { ...complete, DATABASE_URL: undefined, DATABASE_URL_FILE: file }).DATABASE_URL).toBe('postgres://from-file/db');
    expect(() => loadConfig(ServiceConfig, { ...complete, DATABASE_URL: undefined, DATABASE_URL_FILE: `${file}x` })).toThrow('DATABASE_URL_FILE names a file');
  });
});
