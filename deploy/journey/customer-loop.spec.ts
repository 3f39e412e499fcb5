import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { engineFolder, freePort, removePostgres } from '@quen/engines';
import type { Json } from '@quen/testing';
import { presentRun } from '../local/leftovers.js';
import { metricsVariable, root, services } from '../local/settings.js';

const minutes = 60_000;

/**
 * The whole platform as `npm start` runs it, on files of a firm's own, with a service killed while the story is told.
 */
describe('the customer loop over all services', () => {
  const folder = engineFolder('quen-journey-');
  const data = join(folder, 'data');
  const ports: Record<string, number> = {};
  let start: ChildProcess;
  let printed = '';
  let book: Json;

  beforeAll(async () => {
    const made = spawnSync(
      process.execPath,
      ['deploy/dist/sample/generate.js', '--customers', '300', '--orders', '900', '--out', folder],
      { cwd: root },
    );
    expect(made.status).toBe(0);
    for (const name of [...services, 'kafka', 'postgres', 'smtp', 'mail']) ports[name] = await freePort();
  });

  afterAll(async () => {
    if (start.exitCode === null && start.signalCode === null) {
      start.kill('SIGTERM');
      await once(start, 'exit');
    }
    removePostgres(join(data, 'postgres'));
    rmSync(folder, { recursive: true, force: true });
  }, 2 * minutes);

  async function printedSoon(text: string) {
    for (const last = Date.now() + 8 * minutes; !printed.includes(text);) {
      if (start.exitCode !== null || printed.includes('The story stopped') || Date.now() > last)
        throw new Error(`"${text}" was not printed:\n${printed.slice(-4000)}`);
      await delay(200);
    }
  }

  it(
    'is told to its end, though a service is killed in the middle of it',
    async () => {
      const flags = Object.entries(ports).map(([name, port]) => `--${name}-port=${port}`);
      const metrics = Object.fromEntries(
        await Promise.all(services.map(async (name) => [metricsVariable(name), String(await freePort())])),
      );
      const { DATABASE_URL: _database, KAFKA_BROKERS: _brokers, OIDC_ISSUER: _issuer, ...env } = process.env;
      start = spawn(
        process.execPath,
        [
          'deploy/dist/commands/start.js',
          '--data',
          data,
          '--customers',
          join(folder, 'customers.csv'),
          '--orders',
          join(folder, 'orders.csv'),
          ...flags,
        ],
        { cwd: root, env: { ...env, ...metrics }, stdio: ['ignore', 'pipe', 'pipe'] },
      );
      for (const stream of [start.stdout, start.stderr])
        stream?.on('data', (chunk) => {
          printed += chunk;
        });
      await printedSoon('customers imported');
      const sales = presentRun(data)?.processes.find((each) => each.name === 'sales');
      process.kill(Number(sales?.pid), 'SIGKILL');
      await printedSoon('\nReady.');
      book = JSON.parse(readFileSync(join(data, 'story/book.json'), 'utf8'));
      expect(book.finishedAt).toBeDefined();
      expect(printed).toMatch(/sales ended \(SIGKILL\); starting it again/);
    },
    9 * minutes,
  );

  it("every row was taken in, and every buyer's revenue equals the files", () => {
    expect(book.steps['every buyer ranked']).toMatchObject({ buyers: book.steps['every buyer ranked'].equal });
    expect(book.steps['every buyer ranked'].buyers).toBeGreaterThan(100);
  });

  it("the payment arrived whole, and in the customer's value once", () => {
    const paid = book.steps['rest paid'],
      [before, after] = [book.steps['value before'], book.steps['value after the payment']];
    expect(paid).toMatchObject({ status: 'closed', delivered: 'full', balance: { amount: '0' } });
    expect(Number(after.paid.amount) - Number(before.paid.amount)).toBe(Number(paid.paid.amount));
    expect(after.orders).toBe(before.orders + 1);
  });

  it('every step was timed in the services that felt it', () => {
    expect(book.delays.length).toBeGreaterThan(5);
  });

  it('the addresses lead to gateways that explain themselves, without any other host', async () => {
    const endpoints = JSON.parse(readFileSync(join(data, 'endpoints.json'), 'utf8'));
    for (const { url, docs, openapi, events } of Object.values<Record<'url' | 'docs' | 'openapi' | 'events', string>>(
      endpoints.services,
    )) {
      const page = await (await fetch(docs)).text();
      expect(page).toContain('swagger');
      expect(page).not.toMatch(/(src|href)="https?:\/\/(?!localhost)/);
      expect(((await (await fetch(openapi)).json()) as Json).openapi).toMatch(/^3\.1/);
      expect((await fetch(events)).status).toBe(200);
      expect((await fetch(`${url}/healthz/ready`)).status).toBe(200);
    }
  });

  it(
    'SIGTERM stops everything and leaves no process',
    async () => {
      start.kill('SIGTERM');
      await once(start, 'exit');
      expect(existsSync(join(data, 'endpoints.json'))).toBe(false);
      expect(processesOf(folder)).toEqual([]);
    },
    2 * minutes,
  );
});

/** Command lines of living processes that name this folder. */
function processesOf(folder: string) {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return line.includes(folder) ? [line] : [];
      } catch {
        return [];
      }
    });
}
