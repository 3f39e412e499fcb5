import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keptSecrets, readSettings } from './settings.js';

describe('the settings of npm start', () => {
  it('have the usual ports, each moved by its variable, and by its flag before that', () => {
    expect(readSettings([], {}).ports).toEqual({
      identity: 4000,
      customers: 4001,
      marketing: 4002,
      sales: 4003,
      support: 4004,
      analytics: 4005,
      kafka: 9092,
      postgres: 5432,
      smtp: 1025,
      mail: 8025,
    });
    const { ports } = readSettings(['--sales-port', '5003'], { SALES_PORT: '5555', KAFKA_PORT: '9999' });
    expect([ports.sales, ports.kafka]).toEqual([5003, 9999]);
    expect(
      readSettings(['--sales-port', '5003'], { SUPPORT_PORT: '65500', IDENTITY_METRICS_PORT: '7000' }).metricsPorts,
    ).toMatchObject({ sales: 5103, support: 65400, identity: 7000, customers: 4101 });
  });

  it.each(['0', '65536', 'http'])('refuse the port %s and say which setting it was', (port) => {
    expect(() => readSettings([], { SALES_PORT: port })).toThrow(/SALES_PORT \(--sales-port\) must be a port number/);
  });

  it('want both files of a firm, and files that exist', () => {
    expect(() => readSettings(['--customers', import.meta.filename], {})).toThrow(/belong together/);
    expect(() => readSettings(['--customers', import.meta.filename, '--orders', '/nowhere.csv'], {})).toThrow(
      /no file \/nowhere.csv/,
    );
    expect(readSettings(['--customers', import.meta.filename, '--orders', import.meta.filename], {}).orders).toBe(
      import.meta.filename,
    );
  });

  it('refuse a flag that does not exist', () => {
    expect(() => readSettings(['--frseh'], {})).toThrow(/frseh/);
  });
});

describe('the secrets of an installation', () => {
  const folder = mkdtempSync(join(tmpdir(), 'quen-secrets-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('are made once, differ between installations and are readable by their owner only', () => {
    const first = keptSecrets(join(folder, 'one'));
    expect(keptSecrets(join(folder, 'one'))).toEqual(first);
    expect(keptSecrets(join(folder, 'two')).clientSecret).not.toBe(first.clientSecret);
    expect(statSync(join(folder, 'one/secrets.json')).mode & 0o077).toBe(0);
  });

  it('are taken from the file that is there', () => {
    writeFileSync(join(folder, 'secrets.json'), '{"clientSecret":"kept"}');
    expect(keptSecrets(folder).clientSecret).toBe('kept');
  });
});
