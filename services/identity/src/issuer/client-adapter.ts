import type { Adapter, AdapterPayload } from 'oidc-provider';
import type { ClientsService } from '../clients/clients.service.js';

/** Lets the provider read our clients. They are made and changed over REST only. */
export class ClientAdapter implements Adapter {
  constructor(private readonly clients: ClientsService) {}

  /** The client's metadata; `client_secret` is the hash of its secret. */
  async find(clientId: string): Promise<AdapterPayload | undefined> {
    // no text that Postgres takes, so the id of nobody
    return clientId.includes('\0') ? undefined : this.clients.metadata(clientId);
  }

  findByUid = readOnly;
  findByUserCode = readOnly;
  upsert = readOnly;
  consume = readOnly;
  destroy = readOnly;
  revokeByGrantId = readOnly;
}

function readOnly(): Promise<never> {
  return Promise.reject(new Error('clients are kept by their own slice'));
}
