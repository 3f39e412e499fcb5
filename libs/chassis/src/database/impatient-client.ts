import pg from 'pg';

/** Settings of a connection that does not wait for ever. */
export interface ImpatientConfig extends pg.ClientConfig {
  /** Milliseconds; more than the server's own `statement_timeout`. */
  answerWithinMs: number;
}

/**
 * A connection that never ends its process, and is cut when a statement stays without an answer for so long that only
 * the network can be the reason:
 * it swallows what is sent, and nothing else would ever say so. Whoever waits gets `Connection terminated`, and the
 * pool a new connection.
 * It is not the driver's `query_timeout`, which hands the connection back with its transaction open.
 */
export class ImpatientClient extends pg.Client {
  constructor(private readonly config: ImpatientConfig) {
    super(config);
    // Between the packet that makes a connection ready and whoever waited for it, neither pool nor TypeORM listens, and
    // an error without a listener
    // ends the process: a server that died in that moment took the service with it. The next statement is refused,
    // which is heard.
    this.on('error', () => undefined);
    const query = this.query.bind(this) as (...args: unknown[]) => unknown;
    this.query = ((...args: unknown[]) => this.watched(query(...args))) as typeof this.query;
  }

  private watched(result: unknown): unknown {
    if (!(result instanceof Promise)) return result;
    const { stream } = (this as unknown as { connection: { stream: { destroy(): void } } }).connection;
    const timer = setTimeout(() => stream.destroy(), this.config.answerWithinMs);
    const clear = (): void => clearTimeout(timer);
    result.then(clear, clear);
    return result;
  }
}
