import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { alive, freePort, launch, output, portIsFree, untilReady, type Running } from '@quen/engines';
import { presentRun, stopLeftovers, writeRun } from './leftovers.js';
import { Supervisor, type Start } from './supervisor.js';

const folder = mkdtempSync(join(tmpdir(), 'quen-supervisor-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A process that says "ready" and notes when it ends. */
const program = (name: string) =>
  `process.on('SIGTERM', () => { console.log('${name} ends'); process.exit(0); }); setInterval(() => undefined, 1000); console.log('ready');`;

const starting =
  (name: string): Start =>
  async (launched) => {
    const running = await launch(name, process.execPath, ['-e', program(name)], { logFile: join(folder, 'all.log') });
    launched(running);
    await untilReady(running, () => output(running).includes('ready'));
  };

async function until(holds: () => boolean) {
  for (const deadline = Date.now() + 30_000; !holds() && Date.now() < deadline;) await delay(20);
  expect(holds()).toBe(true);
}

describe('the supervisor', () => {
  let said: string[];
  let pids: Map<string, number>;
  let supervisor: Supervisor;
  beforeEach(() => {
    said = [];
    pids = new Map();
    supervisor = new Supervisor(
      (line) => said.push(line),
      (processes) => {
        pids = new Map(processes.map(({ name, pid }) => [name, pid]));
      },
    );
  });
  afterEach(() => supervisor.stop());

  it('reports a process that dies, and starts it again under a pid that is its own', async () => {
    await supervisor.keep('sales', 1, starting('sales'));
    const first = Number(pids.get('sales'));
    process.kill(first, 'SIGKILL');
    await until(() => pids.has('sales') && pids.get('sales') !== first);
    await until(() => said.some((line) => line.includes('runs again')));
    expect(said[0]).toMatch(/^sales ended \(SIGKILL\); starting it again/);
    expect(alive(first)).toBe(false);
  });

  it('stops the highest tier first and leaves nothing running', async () => {
    await supervisor.keep('engine', 0, starting('engine'));
    await supervisor.keep('service', 2, starting('service'));
    const all = [...pids.values()];
    const log = await launch('reader', process.execPath, ['-e', ''], { logFile: join(folder, 'all.log') });
    await supervisor.stop();
    expect(all.map(alive)).toEqual([false, false]);
    expect(output(log).match(/\w+ ends/g)).toEqual(['service ends', 'engine ends']);
  });

  it('leaves a released service to whoever took it, and takes it back', async () => {
    await supervisor.keep('sales', 1, starting('sales'));
    await supervisor.release('sales');
    expect(pids.size).toBe(0);
    await supervisor.resume('sales');
    expect(pids.has('sales')).toBe(true);
  });

  it('says why a process does not become ready', async () => {
    await expect(
      supervisor.keep('broken', 1, async (launched) => {
        const running = await launch(
          'broken',
          process.execPath,
          ['-e', 'console.error("no database"); process.exit(3)'],
          { logFile: join(folder, 'broken.log') },
        );
        launched(running);
        await untilReady(running, () => false);
      }),
    ).rejects.toThrow(/broken ended before it was ready \(exit code 3\)[^]*no database/);
  });
});

describe('a service that is not ready in time', () => {
  it('is stopped, so that it does not keep the port from the next one, which is then the one that answers', async () => {
    const supervisor = new Supervisor(
      () => undefined,
      () => undefined,
    );
    const port = await freePort();
    const logFile = join(folder, 'slow.log');
    const started: number[] = [];
    // answers with its pid, when at all: the first of them does not within its time
    const server = `const first = ${JSON.stringify(join(folder, 'slow.first'))}; const { existsSync, writeFileSync } = require('node:fs'); const slow = !existsSync(first); writeFileSync(first, '');
      require('node:http').createServer((_, answer) => { if (!slow) answer.end(String(process.pid)); }).listen(${port}, '127.0.0.1');`;
    const start = async (launched: (running: Running) => void) => {
      const running = await launch('slow', process.execPath, ['-e', server], { logFile });
      launched(running);
      started.push(running.pid);
      await untilReady(
        running,
        () =>
          fetch(`http://127.0.0.1:${port}`, { signal: AbortSignal.timeout(500) }).then(
            (answer) => answer.ok,
            () => false,
          ),
        started.length === 1 ? 1_000 : 20_000,
      );
    };
    try {
      await expect(supervisor.keep('slow', 1, start)).rejects.toThrow(/was not ready after 1 s/);
      expect(alive(Number(started[0]))).toBe(false);
      expect(await portIsFree(port)).toBe(true);
      await supervisor.keep('slow', 1, start);
      expect(await (await fetch(`http://127.0.0.1:${port}`)).text()).toBe(String(started[1]));
    } finally {
      await supervisor.stop();
    }
  });
});

describe('what a killed supervisor leaves', () => {
  it("is stopped by the next start; a pid that is somebody else's is not", async () => {
    const data = join(folder, 'data');
    const ours = await launch('ours', process.execPath, ['-e', program('ours'), data], {
      logFile: join(folder, 'ours.log'),
    });
    const stranger = await launch('stranger', process.execPath, ['-e', program('stranger')], {
      logFile: join(folder, 'stranger.log'),
    });
    await untilReady(ours, () => output(ours).includes('ready'));
    writeRun(data, {
      supervisor: 2 ** 22 + 1,
      processes: [
        { name: 'ours', pid: ours.pid },
        { name: 'stranger', pid: stranger.pid },
      ],
    });
    expect(presentRun(data)).toBeUndefined();
    await stopLeftovers(data, [data], () => undefined);
    await ours.exited;
    expect([alive(ours.pid), alive(stranger.pid)]).toEqual([false, true]);
    stranger.child.kill('SIGKILL');
    await stranger.exited;
  });
});

describe('a port', () => {
  it('is in use when anybody listens on it', async () => {
    const { createServer } = await import('node:net');
    const server = createServer();
    await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
    const { port } = server.address() as AddressInfo;
    expect(await portIsFree(port)).toBe(false);
    await new Promise((resolve) => server.close(() => resolve(undefined)));
    expect(await portIsFree(port)).toBe(true);
  });
});
