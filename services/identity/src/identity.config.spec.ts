import { loadConfig } from '@quen/chassis';
import { IdentityConfig } from './identity.config.js';

const base = {
  DATABASE_URL: 'postgres://identity@db/quen',
  KAFKA_BROKERS: 'kafka:9092',
  PORT: '4000',
  OIDC_ISSUER: 'http://localhost:4000/oidc',
};
const secret = 'a secret of more than thirty-two characters';
const load = (env: Record<string, string>) => loadConfig(IdentityConfig, { ...base, ...env });

describe('identity configuration', () => {
  it('is the issuer when OIDC_ISSUER is its own address', () => {
    expect(load({ SIGNING_KEY_SECRET: secret }).servesIssuer()).toBe(true);
    expect(load({ OIDC_ISSUER: 'http://127.0.0.1:4000/oidc', QUEN_MODE: 'local' }).servesIssuer()).toBe(true);
    expect(
      load({
        PUBLIC_URL: 'https://id.example.vn/',
        OIDC_ISSUER: 'https://id.example.vn/oidc',
        SIGNING_KEY_SECRET: secret,
      }).servesIssuer(),
    ).toBe(true);
    expect(load({ OIDC_ISSUER: 'https://keycloak.example.vn/realms/firm' }).servesIssuer()).toBe(false);
  });

  it('has no built-in secret outside local mode', () => {
    const starter = { LOCAL_CLIENT_ID: 'local', LOCAL_CLIENT_SECRET: 'a secret', SIGNING_KEY_SECRET: secret };
    expect(() => load(starter)).toThrow(/LOCAL_CLIENT_SECRET must not be set outside local mode/);
    expect(load({ ...starter, QUEN_MODE: 'local' }).LOCAL_CLIENT_SECRET).toBe('a secret');
  });

  it('keeps keys encrypted in production', () => {
    expect(() => load({})).toThrow(/SIGNING_KEY_SECRET is required/);
    expect(() => load({ SIGNING_KEY_SECRET: 'short' })).toThrow(/SIGNING_KEY_SECRET must be longer/);
    expect(load({ QUEN_MODE: 'local' }).SIGNING_KEY_SECRET).toBeUndefined();
  });
});
