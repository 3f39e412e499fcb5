import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { AccessTable } from './access-table.js';
import type { Principal } from './principal.js';

/**
 * What the scopes compare: whose row it is and where it lies. A row without either belongs to nobody and is reached by
 * `all` only.
 */
export interface OwnedRow {
  readonly ownerId?: string | null;
  readonly branchId?: string | null;
}

/**
 * What the caller may do to a row beyond what the route asks for, such as seeing a masked field or changing a
 * colleague's record. The scope of this permission decides. The caller's other roles do not.
 */
@Injectable()
export class Rights {
  constructor(
    private readonly database: Database,
    private readonly table: AccessTable,
  ) {}

  /** Whether the caller may do `action` to this row. */
  async may(caller: Principal, resource: string, action: string, row: OwnedRow): Promise<boolean> {
    return (await this.within(caller, resource, action))(row);
  }

  /** The same for many rows, with at most one query. */
  async within(caller: Principal, resource: string, action: string): Promise<(row: OwnedRow) => boolean> {
    switch (this.table.scopeOf(caller.roles, resource, action)) {
      case 'all':
        return () => true;
      case 'branch': {
        const branches = await this.branchesOf(caller.branchId);
        return ({ branchId }) => Boolean(branchId) && branches.has(branchId as string);
      }
      case 'own':
        return ({ ownerId }) => ownerId === caller.subject;
      case undefined:
        return () => false;
    }
  }

  /**
   * Whether the caller may do `action` to every row that the present request reaches. It is for work on rows that are
   * not known yet, such as a file's.
   */
  everywhere(caller: Principal, resource: string, action: string): boolean {
    const scope = this.table.scopeOf(caller.roles, resource, action);
    return scope === 'all' || scope === caller.scope;
  }

  /** A branch with all below it, as `quen_branches()` has them; none for a caller without a branch. */
  private async branchesOf(branchId: string | undefined): Promise<ReadonlySet<string>> {
    if (!branchId) return new Set();
    const below: { id: string }[] = await this.database.read((tx) =>
      tx.query(
        `select below.id from branch above join branch below on below.path = above.path or starts_with(below.path, above.path || '.') where above.id = $1`,
        [branchId],
      ),
    );
    return new Set([branchId, ...below.map(({ id }) => id)]);
  }
}
