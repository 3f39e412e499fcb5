import { Injectable } from '@nestjs/common';
import { ServiceConfig } from '../config/service.config.js';
import { Database } from '../database/database.js';
import { accountBranchAmbiguous, accountBranchUnknown } from '../problems/problems.js';

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What the claims of an outside issuer mean here: nothing but what is mapped, and no branch but one that there is. */
@Injectable()
export class OutsideClaims {
  private readonly roleByName: ReadonlyMap<string, string>;
  private readonly codeByName: ReadonlyMap<string, string>;

  constructor(
    private readonly config: ServiceConfig,
    private readonly database: Database,
  ) {
    this.roleByName = pairs(config.OIDC_ROLE_MAP);
    this.codeByName = pairs(config.OIDC_BRANCH_MAP);
  }

  /** Roles of the names in the role map; other names are none. */
  roles(names: readonly string[]): string[] {
    return [...new Set(names.flatMap((name) => this.roleByName.get(name) ?? []))];
  }

  /**
   * The branch that the values of the branch claim name, by code or id; none when they name none.
   * @throws Problem account_branch_unknown, or account_branch_ambiguous when they name several
   */
  async branch(values: readonly string[]): Promise<string | undefined> {
    const prefix = this.config.OIDC_BRANCH_PREFIX;
    const names = values.filter((value) => value.startsWith(prefix)).map((value) => value.slice(prefix.length));
    const wanted = [...new Set(names.filter(Boolean).map((name) => this.codeByName.get(name) ?? name))];
    const [one, other] = wanted;
    if (one === undefined) return undefined;
    if (other !== undefined) throw accountBranchAmbiguous({ branches: wanted.slice(0, 5).join(', ') });
    const condition = uuidPattern.test(one) ? 'id = $1::uuid' : 'code = $1';
    const [row] = await this.database.elevated((tx) =>
      tx.query<{ id: string }[]>(`select id from branch where ${condition}`, [one.replaceAll('\0', '')]),
    );
    if (!row) throw accountBranchUnknown({ branch: one.slice(0, 100) });
    return row.id;
  }
}

function pairs(text: string): ReadonlyMap<string, string> {
  return new Map(
    text
      .split(',')
      .filter(Boolean)
      .map((pair) => pair.split('=').map((part) => part.trim()) as [string, string]),
  );
}
