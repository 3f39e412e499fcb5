/** Which columns bind a table's rows to people. */
export interface RowSecurity {
  /** The table has `branch_id`: the scope `branch` reaches the caller's branch and those below it. */
  branch?: boolean;
  /**
   * The table has `owner_id`: the scope `own` reaches the caller's rows. A text, or several, name other columns of
   * people's ids.
   */
  owner?: boolean | string | readonly string[];
  /** A part, such as a quote line, is reached as the whole that `column` refers to. */
  through?: { table: string; column: string };
}

/**
 * SQL that puts a table under row-level security, for its owner too. Rows outside the transaction's scope do not exist
 * for it, and none can be written there. Without a scope there are no rows. The migration that creates the table runs
 * it.
 */
export function enableRowSecurity(table: string, by: RowSecurity): string {
  const name = quoted(table);
  // Who reaches everything is not asked about the whole of each part, since the service's own bulk work reads and
  // writes thousands.
  const reached = [
    `(select quen_scope()) = 'all'`,
    ...(by.through
      ? [
          `exists (select 1 from ${quoted(by.through.table)} whole where whole.id = ${name}.${quoted(by.through.column)})`,
        ]
      : [...branchRule(by), ...ownerRules(by)]),
  ].join(' or ');
  return [
    `alter table ${name} enable row level security`,
    `alter table ${name} force row level security`,
    `create policy quen_scope on ${name} using (${reached}) with check (${reached})`,
  ].join(';\n');
}

function branchRule(by: RowSecurity): string[] {
  return by.branch ? [`((select quen_scope()) = 'branch' and branch_id = any((select quen_branches())::uuid[]))`] : [];
}

function ownerRules(by: RowSecurity): string[] {
  const columns = by.owner === true ? ['owner_id'] : typeof by.owner === 'string' ? [by.owner] : by.owner || [];
  return columns.map((column) => `((select quen_scope()) = 'own' and ${quoted(column)} = (select quen_subject()))`);
}

function quoted(name: string): string {
  if (!/^[a-z_][a-z0-9_]*$/.test(name)) throw new Error(`${name} is no plain lower-case name`);
  return `"${name}"`;
}
