import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { localClientId, serviceUrl, type Ground } from './services.js';
import { keptSecrets, services, type Settings } from './settings.js';

/** Writes the addresses of everything, for scripts, to `endpoints.json` in the data folder. */
export async function writeEndpoints(settings: Settings, ground: Ground & { adminUrl: string }) {
  const { installation, clientSecret } = keptSecrets(settings.data);
  const endpoints = {
    services: Object.fromEntries(
      services.map((name) => {
        const url = serviceUrl(settings, name);
        return [
          name,
          {
            url,
            docs: `${url}/docs`,
            openapi: `${url}/openapi.json`,
            events: `${url}/events`,
            metrics: `http://localhost:${settings.metricsPorts[name]}/metrics`,
          },
        ];
      }),
    ),
    // an outside issuer has its own clients; only ours knows this one
    token: {
      url: await tokenEndpoint(ground.issuer),
      ...(settings.issuer ? {} : { clientId: localClientId, clientSecret }),
    },
    kafka: ground.brokers,
    postgres: ground.adminUrl,
    mail: {
      smtp: `smtp://127.0.0.1:${settings.ports.smtp}`,
      url: `http://localhost:${settings.ports.mail}`,
      messages: `http://localhost:${settings.ports.mail}/messages`,
    },
    installation,
  };
  writeFileSync(endpointsFile(settings), `${JSON.stringify(endpoints, undefined, 2)}\n`, { mode: 0o600 });
  return endpoints;
}

export function endpointsFile(settings: Settings) {
  return join(settings.data, 'endpoints.json');
}

/** Addresses of a stack that does not run help nobody. */
export function removeEndpoints(settings: Settings) {
  rmSync(endpointsFile(settings), { force: true });
}

async function tokenEndpoint(issuer: string): Promise<string> {
  const answer = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
  if (!answer.ok) throw new Error(`The issuer ${issuer} does not answer its discovery document (${answer.status}).`);
  return ((await answer.json()) as { token_endpoint: string }).token_endpoint;
}

/** The table that a person looks at. */
export function addressTable(settings: Settings, endpoints: Awaited<ReturnType<typeof writeEndpoints>>) {
  const rows = [
    ...Object.entries(endpoints.services).map(([name, { docs, events }]) => [name, docs, events]),
    ['mails', endpoints.mail.url, 'every mail that was sent'],
    ['token', endpoints.token.url, `client and secret in ${endpointsFile(settings)}`],
    ['Kafka', endpoints.kafka, `kcat -b ${endpoints.kafka} -L`],
    [
      'Postgres',
      new URL(endpoints.postgres).host,
      `database ${new URL(endpoints.postgres).pathname.slice(1)}; the URL is in the same file`,
    ],
  ];
  const widths = [0, 1].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map(
      (row) =>
        `  ${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}`,
    )
    .join('\n');
}
