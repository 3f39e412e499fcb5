import { randomBytes } from 'node:crypto';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import pg from 'pg';
import { ImpatientClient } from './impatient-client.js';

const target = new URL(process.env.DATABASE_URL ?? '');

/** A pool of one connection through this proxy. */
async function poolThrough(server: Server, answerWithinMs: number): Promise<pg.Pool> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return new pg.Pool({
    connectionString: url.href,
    max: 1,
    Client: ImpatientClient,
    answerWithinMs,
  } as unknown as pg.PoolConfig);
}

describe('a connection whose network swallows everything', () => {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(one);
      one
        .on('error', () => undefined)
        .on('close', () => {
          other.destroy();
          sockets.delete(one);
        })
        .pipe(other);
    }
  });
  let pool: pg.Pool;

  beforeAll(async () => {
    pool = await poolThrough(server, 500);
    pool.on('error', () => undefined);
  });

  afterAll(async () => {
    await pool.end();
    sockets.forEach((socket) => socket.destroy());
    server.close();
  });

  it('is cut, nothing of its transaction stays, and the pool has a new one', async () => {
    const table = `impatient_${randomBytes(4).toString('hex')}`;
    await pool.query(`create table ${table} (n integer)`);
    const client = await pool.connect();
    client.on('error', () => undefined);
    await client.query('begin');
    await client.query(`insert into ${table} values (1)`);
    const stuck = [...sockets];
    stuck.forEach((socket) => socket.pause());
    const started = performance.now();
    await expect(client.query(`insert into ${table} values (2)`)).rejects.toThrow('Connection terminated');
    await expect(client.query('rollback')).rejects.toThrow();
    expect(performance.now() - started).toBeLessThan(2_000);
    client.release();
    expect((await pool.query(`select n from ${table}`)).rows).toEqual([]);
    // the server learns of it when the network is back, and lets go of its locks
    stuck.forEach((socket) => socket.destroy());
    await pool.query(`drop table ${table}`);
  });
});

describe('a connection that the server ends in the same packet in which it says to be ready', () => {
  const ready = Buffer.from('Z\0\0\0\x05I', 'latin1');
  const fields = 'SFATAL\0VFATAL\0C57P01\0Mterminating connection due to unexpected postmaster exit\0\0';
  const farewell = Buffer.concat([
    Buffer.from('E'),
    Buffer.from(Uint32Array.of(fields.length + 4).buffer).swap32(),
    Buffer.from(fields),
  ]);
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    client
      .on('error', () => undefined)
      .on('close', () => upstream.destroy())
      .pipe(upstream);
    upstream
      .on('error', () => undefined)
      .on('data', (bytes: Buffer) => {
        if (bytes.subarray(-ready.length).equals(ready)) client.end(Buffer.concat([bytes, farewell]));
        else client.write(bytes);
      });
  });

  afterAll(() => server.close());

  it('fails what is asked of it, and never the process, though nobody listens yet', async () => {
    const pool = await poolThrough(server, 5_000);
    const client = await pool.connect();
    await expect(client.query('select 1')).rejects.toThrow('not queryable');
    client.release();
    await pool.end();
  });
});
