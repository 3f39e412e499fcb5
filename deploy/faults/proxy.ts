import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** What one direction of one connection may hold back, in bytes; more is left to the sender's own buffers. */
const heldAtMost = 4_194_304;
/** A throttled direction sends this many times a second. */
const ticksPerSecond = 10;

/** The state of the network between two parties. */
export interface Conditions {
  /** added to every byte in each direction */
  latencyMs?: number;
  /** of each direction of each connection; without limit by default */
  bytesPerSecond?: number;
  /** nothing passes and nobody is told; what was sent meanwhile passes afterwards, as TCP sends it again */
  blackHole?: boolean;
  /** every connection, present and new, is reset */
  reset?: boolean;
}

/** A TCP proxy on 127.0.0.1 whose network can be spoilt while it runs. */
export class Proxy {
  #conditions: Conditions = {};
  #pairs: Set<{ resume: () => void; reset: () => void }> = new Set();
  #server = createServer({ allowHalfOpen: true }, (client) => this.#accept(client));

  /** @param target port on this machine */
  constructor(readonly target: number) {}

  /** Connections that are open now. */
  get connections() {
    return this.#pairs.size;
  }

  /**
   * @param port 0 for any
   * @returns the port it listens on
   */
  async listen(port: number = 0): Promise<number> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  /** Replaces the conditions; none is a sound network. */
  set(conditions: Conditions = {}) {
    this.#conditions = conditions;
    for (const pair of [...this.#pairs]) {
      if (conditions.reset) pair.reset();
      else pair.resume();
    }
  }

  async close() {
    for (const pair of [...this.#pairs]) pair.reset();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #accept(client: Socket) {
    client.on('error', () => undefined);
    if (this.#conditions.reset) return void client.resetAndDestroy();
    const server = connect({ port: this.target, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    client.setNoDelay(true);
    const conditions = () => this.#conditions;
    const links = [new Link(client, server, conditions), new Link(server, client, conditions)];
    const pair = {
      resume: () => links.forEach((link) => link.pump()),
      reset: () => [client, server].forEach((socket) => socket.resetAndDestroy()),
    };
    this.#pairs.add(pair);
    pair.resume();
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      one.on('error', () => other.resetAndDestroy());
      one.on('close', () => {
        links.forEach((link) => link.stop());
        this.#pairs.delete(pair);
        if (!other.destroyed) other.destroy();
      });
    }
  }
}

/** One direction of one connection. */
class Link {
  #held: { bytes: Buffer; due: number }[] = [];
  #size = 0;
  #ended = false;
  #blocked = false;
  #allowance = { at: 0, bytes: 0 };
  #timer: NodeJS.Timeout | undefined;

  constructor(
    readonly source: Socket,
    readonly sink: Socket,
    readonly conditions: () => Conditions,
  ) {
    source.on('data', (bytes) => {
      this.#held.push({ bytes, due: performance.now() + (conditions().latencyMs ?? 0) });
      this.#size += bytes.length;
      if (this.#size > heldAtMost) source.pause();
      this.pump();
    });
    source.on('end', () => {
      this.#ended = true;
      this.pump();
    });
    sink.on('drain', () => {
      this.#blocked = false;
      this.pump();
    });
  }

  /** Passes on what may pass now, and comes back for the rest. */
  pump() {
    clearTimeout(this.#timer);
    // not even the end of a connection passes a black hole
    if (this.conditions().blackHole) return void this.source.pause();
    if (this.#blocked || this.sink.destroyed) return;
    for (let head = this.#held[0]; head && !this.#blocked; head = this.#held[0]) {
      const wait = head.due - performance.now();
      if (wait > 0) return this.#later(wait);
      const allowed = this.#allowed();
      if (!allowed) return this.#later(1000 / ticksPerSecond);
      this.#pass(head, allowed);
    }
    if (this.#size <= heldAtMost && this.source.isPaused()) this.source.resume();
    if (this.#ended && !this.#held.length) this.sink.end();
  }

  stop() {
    clearTimeout(this.#timer);
    this.#held = [];
  }

  #pass(head: { bytes: Buffer }, allowed: number) {
    const part = head.bytes.subarray(0, allowed);
    head.bytes = head.bytes.subarray(part.length);
    if (!head.bytes.length) this.#held.shift();
    this.#size -= part.length;
    this.#allowance.bytes -= part.length;
    this.#blocked = !this.sink.write(part);
  }

  /** How many bytes may pass at this moment. */
  #allowed() {
    const { bytesPerSecond } = this.conditions();
    if (!bytesPerSecond) return Infinity;
    const now = performance.now();
    if (now - this.#allowance.at >= 1000 / ticksPerSecond)
      this.#allowance = { at: now, bytes: Math.ceil(bytesPerSecond / ticksPerSecond) };
    return this.#allowance.bytes;
  }

  #later(ms: number) {
    this.#timer = setTimeout(() => this.pump(), ms);
  }
}
