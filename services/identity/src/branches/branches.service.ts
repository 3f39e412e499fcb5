import { Injectable } from '@nestjs/common';
import { Database, find, lock, page, type Page, type ParsedList } from '@quen/chassis';
import { defineProblem, Events, newId, type Transaction } from '@quen/messaging';
import { Branch, branchClosed } from './branch.entity.js';
import type { ChangeBranch, OpenBranch } from './branches.dto.js';
import { branches } from './branches.list.js';

export const branchUnknown = defineProblem('unprocessable', 'branch_unknown', {
  en: 'There is no branch {id}.',
  vi: 'Không có chi nhánh {id}.',
});
export const branchCodeTaken = defineProblem('conflict', 'branch_code_taken', {
  en: 'Another branch has the code {code}.',
  vi: 'Mã {code} đã được chi nhánh khác dùng.',
});

/** The tree of branches. One change at a time, so that two moves together cannot make a ring. */
@Injectable()
export class BranchesService {
  constructor(
    private readonly database: Database,
    private readonly events: Events,
  ) {}

  open(body: OpenBranch): Promise<Branch> {
    return this.database.transaction(async (tx) => {
      await this.lockTree(tx);
      const { parentId, ...details } = body;
      await this.mustBeFree(tx, body.code);
      const branch = Branch.open(newId(), details, parentId ? await this.known(tx, parentId) : null);
      await tx.save(branch);
      await this.events.publish(tx, branch, branch.state());
      return branch;
    });
  }

  list(query: ParsedList): Promise<Page<Branch>> {
    return this.database.read((tx) => page(tx, branches, query));
  }

  get(id: string): Promise<Branch> {
    return this.database.read((tx) => find(tx, Branch, id));
  }

  change(id: string, version: number, body: ChangeBranch): Promise<Branch> {
    return this.database.transaction(async (tx) => {
      await this.lockTree(tx);
      const branch = await lock(tx, Branch, id, version);
      const { parentId, active, ...details } = body;
      if (details.code !== undefined && details.code !== branch.code) await this.mustBeFree(tx, details.code);
      Object.assign(branch, details);
      const moved = parentId !== undefined && parentId !== branch.parentId;
      const before = moved
        ? branch.moveTo(parentId ? await this.known(tx, parentId) : null, await this.levelsBelow(tx, branch))
        : branch.path;
      if (active === false && branch.active) branch.close(await this.inUse(tx, branch));
      if (active === true && !branch.active)
        branch.reopen(branch.parentId ? await this.known(tx, branch.parentId) : null);
      await tx.save(branch);
      await this.events.publish(tx, branch, branch.state());
      if (moved) await this.moveBelow(tx, before, branch.path);
      return branch;
    });
  }

  /** The branch with this code, if there is one. */
  withCode(tx: Transaction, code: string): Promise<Branch | null> {
    return tx.findOneBy(Branch, { code });
  }

  /** The branch for work that is being assigned to it. */
  async mustBeOpen(tx: Transaction, id: string): Promise<void> {
    const branch = await this.known(tx, id);
    if (!branch.active) throw branchClosed({ code: branch.code });
  }

  private async moveBelow(tx: Transaction, before: string, after: string): Promise<void> {
    const moved = await tx.query<{ id: string }[]>(
      `with moved as (update branch set path = $2 || substr(path, length($1) + 1), version = version + 1
         where path like $1 || '.%' returning id)
       select id from moved`,
      [before, after],
    );
    if (moved.length === 0) return;
    const below = await tx
      .createQueryBuilder(Branch, 'b')
      .where('b.id = any(:ids)', { ids: moved.map((row) => row.id) })
      .orderBy('b.path')
      .getMany();
    await this.events.publishAll(
      tx,
      below.map((branch) => ({ aggregate: branch, messages: [branch.state()] })),
    );
  }

  private async known(tx: Transaction, id: string): Promise<Branch> {
    const branch = await tx.findOneBy(Branch, { id });
    if (!branch) throw branchUnknown({ id });
    return branch;
  }

  private async mustBeFree(tx: Transaction, code: string): Promise<void> {
    if (await tx.existsBy(Branch, { code })) throw branchCodeTaken({ code });
  }

  private async levelsBelow(tx: Transaction, branch: Branch): Promise<number> {
    const [row] = await tx.query<{ levels: number }[]>(
      `select coalesce(max(length(path) - length(replace(path, '.', ''))) - (length($1) - length(replace($1, '.', ''))), 0)::int as levels
       from branch where path = $1 or path like $1 || '.%'`,
      [branch.path],
    );
    return row?.levels ?? 0;
  }

  private async inUse(tx: Transaction, branch: Branch): Promise<boolean> {
    const [row] = await tx.query<{ used: boolean }[]>(
      `select exists (select from branch where parent_id = $1 and active)
         or exists (select from staff where branch_id = $1 and active)
         or exists (select from client where branch_id = $1 and active) as used`,
      [branch.id],
    );
    return row?.used ?? false;
  }

  private async lockTree(tx: Transaction): Promise<void> {
    await tx.query(`select pg_advisory_xact_lock(hashtextextended(current_schema() || '.branch', 0))`);
  }
}
