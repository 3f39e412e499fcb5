import { parseArgs } from 'node:util';
import type { INestApplicationContext } from '@nestjs/common';
import { Database } from '@quen/chassis';
import { ClientsService } from './clients.service.js';

/**
 * The command that makes a machine client with the role administrator: the way in for whoever sets an installation up,
 * since applications to sign in with are themselves registered over REST. Whoever may reach the database may run it.
 */
export async function createAdministratorClient(
  app: INestApplicationContext,
  args: readonly string[],
): Promise<string> {
  const { values } = parseArgs({ args: [...args], options: { name: { type: 'string', default: 'Set-up' } } });
  const { client, secret } = await app
    .get(Database)
    .elevated(() => app.get(ClientsService).register({ name: values.name, kind: 'machine', roles: ['administrator'] }));
  return `Client ${client.clientId} with the role administrator is made. Its secret, shown this once: ${secret}`;
}
