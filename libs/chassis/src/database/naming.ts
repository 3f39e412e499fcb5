import { DefaultNamingStrategy } from 'typeorm';

/** `expectedCloseOn` → `expected_close_on`. */
export function snakeCase(name: string): string {
  return name.replace(/(?<=.)[A-Z]/g, '_$&').toLowerCase();
}

/** `expected_close_on` → `expectedCloseOn`; a name without underscores stays as it is. */
export function camelCase(name: string): string {
  return name.replace(/(?<=.)_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** Tables and columns are called as their class and property, in snake case, unless the declaration says otherwise. */
export class SnakeCaseNames extends DefaultNamingStrategy {
  override tableName(className: string, given: string | undefined): string {
    return given ?? snakeCase(className);
  }

  override columnName(property: string, given: string | undefined, prefixes: string[]): string {
    return [...prefixes.filter(Boolean).map(snakeCase), given ?? snakeCase(property)].join('_');
  }
}
