/** A condition as SQL with `$1, $2 …` for its own parameters. */
export interface Predicate {
  readonly sql: string;
  readonly params: readonly unknown[];
}

/** Collects parameters while SQL is put together. */
export class Params {
  constructor(
    private readonly first = 1,
    readonly values: unknown[] = [],
  ) {}

  /** Adds a value and returns its placeholder, cast to a Postgres type when given. */
  add(value: unknown, type?: string): string {
    this.values.push(value);
    const placeholder = `$${this.first + this.values.length - 1}`;
    return type ? `cast(${placeholder} as ${type})` : placeholder;
  }

  /** Adds a finished predicate, renumbering its parameters. */
  append(predicate: Predicate): string {
    const offset = this.first + this.values.length - 1;
    this.values.push(...predicate.params);
    return renumber(predicate.sql, offset);
  }
}

/** Shifts `$1` to `$(1 + offset)` and so on. */
export function renumber(sql: string, offset: number): string {
  return sql.replace(/\$(\d+)/g, (_, number: string) => `$${Number(number) + offset}`);
}
