import { Messaging } from '@quen/messaging';
import { DataSource } from 'typeorm';

/** Why a process is not well; empty when it is. */
export interface Health {
  ok: boolean;
  reasons: string[];
}

/** Knows whether the process lives and whether it should be given work. */
export class HealthChecks {
  private stopping = false;
  private schemaIsCurrent = false;

  constructor(private readonly dataSource: DataSource, private readonly messaging: Messaging) {}

  /** From now on the process is not ready: it is about to stop. */
  stop(): void {
    this.stopping = true;
  }

  /** Without I/O: whether the process is of use at all. */
  live(): Health {
    return this.messaging.live();
  }

  /** Database, schema version, broker and the consumers' progress. */
  async ready(): Promise<Health> {
    if (this.stopping) return { ok: false, reasons: ['stopping'] };
    const reasons = [...(await this.databaseReasons()), ...this.messaging.ready().reasons];
    return { ok: reasons.length === 0, reasons };
  }

  private async databaseReasons(): Promise<string[]> {
    try {
      if (this.schemaIsCurrent) await this.dataSource.query('select 1');
      else this.schemaIsCurrent = !(await missingMigrations(this.dataSource)).length;
      return this.schemaIsCurrent ? [] : ['the schema is behind: run migrate'];
    } catch {
      return ['the database does not answer'];
    }
  }
}

/** Names of the migrations that the database has yet to run. */
export async function missingMigrations(dataSource: DataSource): Promise<string[]> {
  const [table]: { exists: boolean }[] = await dataSource.query(`select to_regclass('migration') is not null as exists`);
  const done: { name: string }[] = table?.exists ? await dataSource.query('select name from migration') : [];
  const names = new Set(done.map(({ name }) => name));
  return dataSource.migrations.map((migration) => migration.name ?? migration.constructor.name).filter((name) => !names.has(name));
}
