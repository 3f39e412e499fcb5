import { Client, secretMatches, type ClientDetails } from './client.entity.js';

const id = '01890000-0000-7000-8000-000000000001';
const machine: ClientDetails = {
  name: 'Import job',
  kind: 'machine',
  confidential: true,
  roles: ['seller'],
  branchId: null,
  redirectUris: [],
  postLogoutRedirectUris: [],
};
const application: ClientDetails = {
  ...machine,
  kind: 'application',
  roles: [],
  redirectUris: ['https://app.example/back'],
};

describe('client', () => {
  it('keeps only a hash of its secret', () => {
    const { client, secret } = Client.register(id, machine);
    expect(JSON.stringify(client)).not.toContain(secret);
    expect(secretMatches(client.secretHash!, secret!)).toBe(true);
    expect(secretMatches(client.secretHash!, 'another')).toBe(false);
  });

  it('gets another secret and forgets the old one', () => {
    const { client, secret } = Client.register(id, machine);
    const next = client.renewSecret();
    expect(secretMatches(client.secretHash!, next)).toBe(true);
    expect(secretMatches(client.secretHash!, secret!)).toBe(false);
  });

  it('has no secret when it could not keep one', () => {
    const { client, secret } = Client.register(id, { ...application, confidential: false });
    expect(secret).toBeNull();
    expect(() => client.renewSecret()).toThrow(/client_without_secret/);
  });

  it('has roles or redirects, as its kind needs', () => {
    expect(() => Client.register(id, { ...machine, roles: [] })).toThrow(/client_roles_misplaced/);
    expect(() => Client.register(id, { ...application, roles: ['seller'] })).toThrow(/client_roles_misplaced/);
    expect(() => Client.register(id, { ...application, redirectUris: [] })).toThrow(/client_redirects_misplaced/);
    expect(() => Client.register(id, { ...machine, redirectUris: ['https://app.example'] })).toThrow(
      /client_redirects_misplaced/,
    );
    const { client } = Client.register(id, machine);
    expect(() => client.change({ roles: [] })).toThrow(/client_roles_misplaced/);
  });
});
