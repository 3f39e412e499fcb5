import { reachableKeys } from './issuer-keys.js';

describe("the address of the issuer's keys", () => {
  const inside = 'http://identity:8080/oidc/.well-known/openid-configuration';

  it.each([
    [
      'stays where discovery is found at the public address',
      'https://id.vn/oidc/jwks',
      'https://id.vn/oidc',
      'https://id.vn/oidc/.well-known/openid-configuration',
      'https://id.vn/oidc/jwks',
    ],
    [
      'follows discovery to where the issuer is reached',
      'http://localhost:4000/oidc/jwks',
      'http://localhost:4000/oidc',
      inside,
      'http://identity:8080/oidc/jwks',
    ],
    [
      'follows with an issuer that ends in a slash',
      'http://localhost:4000/oidc/jwks',
      'http://localhost:4000/oidc/',
      inside,
      'http://identity:8080/oidc/jwks',
    ],
    [
      'stays when another host serves the keys',
      'https://keys.vn/jwks',
      'http://localhost:4000/oidc',
      inside,
      'https://keys.vn/jwks',
    ],
  ])('%s', (_case, keys, issuer, discovery, expected) => {
    expect(reachableKeys(keys, issuer, discovery).href).toBe(expected);
  });
});
