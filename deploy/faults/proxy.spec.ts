import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { Proxy } from './proxy.js';

describe('a proxy that spoils the network', () => {
  const echo = createServer((socket) => socket.on('error', () => undefined).pipe(socket));
  let proxy: Proxy;
  let socket: Socket;
  let port = 0;

  beforeEach(async () => {
    if (!echo.listening) await once(echo.listen(0, '127.0.0.1'), 'listening');
    proxy = new Proxy((echo.address() as AddressInfo).port);
    port = await proxy.listen();
    socket = connect(port, '127.0.0.1').on('error', () => undefined);
    await once(socket, 'connect');
  });

  afterEach(async () => {
    socket.destroy();
    await proxy.close();
  });

  afterAll(() => void echo.close());

  /**
   * Sends so many bytes.
   * @returns milliseconds until all are back
   */
  async function roundTrip(bytes: number): Promise<number> {
    const started = performance.now();
    const sent = Buffer.alloc(bytes, 'any length that is no power of two');
    const parts: Buffer[] = [];
    let received = 0;
    const whole = new Promise((resolve) =>
      socket.on('data', (part) => {
        parts.push(part);
        received += part.length;
        if (received >= bytes) resolve(undefined);
      }),
    );
    socket.write(sent);
    await whole;
    socket.removeAllListeners('data');
    expect(Buffer.concat(parts).equals(sent)).toBe(true);
    return performance.now() - started;
  }

  it('passes everything in order, beyond its buffers', async () => {
    await roundTrip(6_000_000);
  });

  it('adds latency both ways', async () => {
    proxy.set({ latencyMs: 100 });
    expect(await roundTrip(1000)).toBeGreaterThan(195);
  });

  it('limits the bandwidth', async () => {
    proxy.set({ bytesPerSecond: 5000 });
    expect(await roundTrip(1500)).toBeGreaterThan(190);
  });

  it('is a black hole, and passes what was sent meanwhile when it no longer is', async () => {
    proxy.set({ blackHole: true });
    let early = true;
    setTimeout(() => {
      early = false;
      proxy.set();
    }, 200);
    await roundTrip(2_000_000);
    expect(early).toBe(false);
  });

  it('resets what is open and whatever comes', async () => {
    await roundTrip(1);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    proxy.set({ reset: true });
    await closed;
    const refused = await new Promise<NodeJS.ErrnoException>((resolve) =>
      connect(port, '127.0.0.1').once('error', resolve),
    );
    expect(refused.code).toBe('ECONNRESET');
    expect(proxy.connections).toBe(0);
  });

  it('closes one side when the other does', async () => {
    await roundTrip(1);
    socket.end();
    await once(socket, 'close');
    expect(proxy.connections).toBe(0);
  });
});
