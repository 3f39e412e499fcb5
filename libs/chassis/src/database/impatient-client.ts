import pg from 'pg';

/** Settings of a connection that does not wait for ever. */
export interface ImpatientConfig extends pg.ClientConfig {
  /** Milliseconds; more than the server's own `statement_timeout`. */
  answerWithinMs: number;
}

/**
 * A connection that never ends its process, and that is cut when a statement stays without an answer for too long. Only
 * the network can be the reason then: it swallows what is sent, and nothing else would tell. The caller gets
 * `Connection terminated`, and the pool makes a new connection. The driver's `query_timeout` does not do: it hands the
 * connection back with its transaction open.
 */
export class ImpatientClient extends pg.Client {
  constructor(private readonly config: ImpatientConfig) {
    super(config);
    // A connection becomes ready before its caller has it. In between neither pool nor TypeORM listens, and an error
    // without a listener ends the process. A server that died in that moment took the service with it. The next
    // statement on the connection is refused, and that is heard.
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
