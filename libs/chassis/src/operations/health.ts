import { DataSource } from 'typeorm';
import { Messaging, type MessagingChecks } from '@quen/messaging';

/** A check of health waits a few seconds at most. */
const databasePatienceMs = 3_000;

/** Whether a process is well enough, and what speaks against it. */
export interface Health {
  ok: boolean;
  reasons: string[];
  /** What operators did on purpose; it speaks against neither. */
  notes: string[];
}

/** What readiness depends on; each with its reasons, none when it is well. */
export interface Checks extends MessagingChecks {
  database: string[];
  schema: string[];
}

/** Knows whether the process lives and whether it should be given work. */
export class HealthChecks {
  private stopping = false;
  private schemaIsCurrent = false;
  private wasReady = false;

  /** @param gateway whether this process answers use cases over HTTP */
  constructor(
    private readonly dataSource: DataSource,
    private readonly messaging: Messaging,
    private readonly gateway: boolean,
  ) {}

  /** From now on the process is not ready: it is about to stop. */
  stop(): void {
    this.stopping = true;
  }

  /** Whether it is about to stop. */
  get isStopping(): boolean {
    return this.stopping;
  }

  /** Without I/O: whether the process is of use at all. */
  live(): Health {
    return this.messaging.live();
  }

  /**
   * Whether the process should be given work. It becomes ready when everything is well: database, schema version,
   * broker and the progress of the consumers. After that a gateway stays ready as long as it can write, since the
   * outbox takes what the broker cannot. What else is wrong is among the reasons, and the metrics alert.
   */
  async ready(): Promise<Health> {
    const notes = this.messaging.notes();
    if (this.stopping) return { ok: false, reasons: ['stopping'], notes };
    const checks = await this.checks();
    const reasons = Object.values(checks).flat();
    const writes = checks.database.length + checks.schema.length === 0;
    const ok = reasons.length === 0 || (this.gateway && this.wasReady && writes);
    this.wasReady ||= ok;
    return { ok, reasons, notes };
  }

  /** The checks of {@link ready}, one by one. */
  async checks(): Promise<Checks> {
    return { ...(await this.databaseChecks()), ...this.messaging.checks() };
  }

  private async databaseChecks(): Promise<Pick<Checks, 'database' | 'schema'>> {
    try {
      await within(databasePatienceMs, this.askDatabase());
      return { database: [], schema: this.schemaIsCurrent ? [] : ['the schema is behind: run migrate'] };
    } catch {
      return { database: ['the database does not answer'], schema: [] };
    }
  }

  private async askDatabase(): Promise<void> {
    if (this.schemaIsCurrent) await this.dataSource.query('select 1');
    else this.schemaIsCurrent = !(await missingMigrations(this.dataSource)).length;
  }
}

async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer within ${ms} ms`)), ms);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** Names of the migrations that the database has yet to run. */
export async function missingMigrations(dataSource: DataSource): Promise<string[]> {
  const [table]: { exists: boolean }[] = await dataSource.query(
    `select to_regclass('migration') is not null as exists`,
  );
  const done: { name: string }[] = table?.exists ? await dataSource.query('select name from migration') : [];
  const names = new Set(done.map(({ name }) => name));
  return dataSource.migrations
    .map((migration) => migration.name ?? migration.constructor.name)
    .filter((name) => !names.has(name));
}
