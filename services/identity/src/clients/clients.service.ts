import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { AdapterPayload } from 'oidc-provider';
import { Database, find, lock, page, type Page, type ParsedList } from '@quen/chassis';
import { newId } from '@quen/messaging';
import { BranchesService } from '../branches/branches.service.js';
import { IdentityConfig } from '../identity.config.js';
import { Client, hashSecret, secretMatches } from './client.entity.js';
import type { ChangeClient, RegisterClient } from './clients.dto.js';
import { clients } from './clients.list.js';

/** Programs that get tokens: made and changed by administrators. */
@Injectable()
export class ClientsService implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly branches: BranchesService,
    private readonly config: IdentityConfig,
  ) {}

  /** Whether the secret is the one that was hashed. */
  static secretMatches(hash: string, secret: string): boolean {
    return secretMatches(hash, secret);
  }

  /**
   * In local mode the starter's administrator client is there from the beginning, with the secret that the starter
   * chose.
   */
  async onApplicationBootstrap(): Promise<void> {
    const { LOCAL_CLIENT_ID: clientId, LOCAL_CLIENT_SECRET: secret } = this.config;
    if (this.config.QUEN_MODE !== 'local' || !clientId || !secret) return;
    await this.database.elevated((tx) =>
      tx.query(
        `insert into client (id, client_id, name, kind, secret_hash, roles) values ($1, $2, 'Local administrator', 'machine', $3, '{administrator}')
         on conflict (client_id) do update set secret_hash = excluded.secret_hash, roles = excluded.roles, active = true, version = client.version + 1
         where client.secret_hash is distinct from excluded.secret_hash or not client.active or client.roles <> excluded.roles`,
        [newId(), clientId, hashSecret(secret)],
      ),
    );
  }

  register(body: RegisterClient): Promise<{ client: Client; secret: string | null }> {
    return this.database.transaction(async (tx) => {
      if (body.branchId) await this.branches.mustBeOpen(tx, body.branchId);
      const registered = Client.register(newId(), {
        name: body.name,
        kind: body.kind,
        confidential: body.confidential ?? true,
        roles: body.roles ?? [],
        branchId: body.branchId ?? null,
        redirectUris: body.redirectUris ?? [],
        postLogoutRedirectUris: body.postLogoutRedirectUris ?? [],
      });
      await tx.save(registered.client);
      return registered;
    });
  }

  list(query: ParsedList): Promise<Page<Client>> {
    return this.database.read((tx) => page(tx, clients, query));
  }

  get(id: string): Promise<Client> {
    return this.database.read((tx) => find(tx, Client, id));
  }

  change(id: string, version: number, body: ChangeClient): Promise<Client> {
    return this.database.transaction(async (tx) => {
      const client = await lock(tx, Client, id, version);
      if (body.branchId) await this.branches.mustBeOpen(tx, body.branchId);
      client.change({ ...body });
      return tx.save(client);
    });
  }

  renewSecret(id: string, version: number): Promise<{ client: Client; secret: string }> {
    return this.database.transaction(async (tx) => {
      const client = await lock(tx, Client, id, version);
      const secret = client.renewSecret();
      return { client: await tx.save(client), secret };
    });
  }

  /** An active client as the issuer reads it, the hash of the secret in the secret's place. */
  async metadata(clientId: string): Promise<AdapterPayload | undefined> {
    const client = await this.active(clientId);
    if (!client) return undefined;
    const machine = client.kind === 'machine';
    return {
      client_id: client.clientId,
      client_name: client.name,
      ...(client.secretHash ? { client_secret: client.secretHash } : {}),
      token_endpoint_auth_method: client.secretHash ? 'client_secret_basic' : 'none',
      grant_types: machine ? ['client_credentials'] : ['authorization_code', 'refresh_token'],
      response_types: machine ? [] : ['code'],
      redirect_uris: client.redirectUris,
      post_logout_redirect_uris: client.postLogoutRedirectUris,
      application_type: client.isNative() ? 'native' : 'web',
    };
  }

  /** What a machine's tokens say of it. */
  async tokenSubject(
    clientId: string,
  ): Promise<{ id: string; name: string; roles: string[]; branch?: string } | undefined> {
    const client = await this.active(clientId);
    return client
      ? {
          id: client.id,
          name: client.name,
          roles: client.roles,
          ...(client.branchId ? { branch: client.branchId } : {}),
        }
      : undefined;
  }

  private active(clientId: string): Promise<Client | null> {
    return this.database.elevated((tx) => tx.findOneBy(Client, { clientId, active: true }));
  }
}
