import type { DataSource, EntityMetadata } from 'typeorm';
import type { Replica } from './replica.js';

/** A column that a replica writes. */
interface Written {
  readonly property: string;
  /** Its name in the table, plain and quoted. */
  readonly field: string;
  readonly name: string;
  readonly type: string;
}

/** How rows of a replica are taken. */
export interface TakeSql {
  /** Takes rows as JSON in $1, in the order of their keys; $2 is the state's name. */
  readonly text: string;
  /** The row as JSON has it. @throws Error when a map gives other columns than it gave first: a programming error */
  rowOf(id: string, version: number, values: Readonly<Record<string, unknown>>): Record<string, unknown>;
}

/** The statements of one replica. */
export interface ReplicaSql {
  /**
   * Notes tombstones `{id, version}` as JSON in $1, except for records with a newer row. Answers those that are news.
   */
  readonly erase: string;
  /** Deletes rows of the ids in $1. A shared row goes only when no source knows anything of it. */
  readonly remove: string;
  /** Reads the watched columns of the ids in $1, of what is known. */
  readonly read: string;
  /** @param sample what the map made of a state @throws Error for a map that does not fit the entity */
  take(sample: Readonly<Record<string, unknown>>): TakeSql;
}

/**
 * The statements of a replica on the tables of a data source.
 * @param others version properties of the replicas that share its rows
 */
export function replicaSql(replica: Replica, others: readonly string[], dataSource: DataSource): ReplicaSql {
  const metadata = dataSource.getMetadata(replica.entity);
  const column = columnsIn(replica, metadata, dataSource);
  const key = column(keyOf(metadata));
  const version = column(replica.version);
  const table = quoted(replica.table);
  const watched = replica.watch.map(column);
  const shown = (row: string, as: string): string =>
    watched.map(({ name, property }) => `, ${row}.${name} as "${as}.${property}"`).join('');
  const nothingKnown = [version, ...others.map(column)].map(({ name }) => `t.${name} = -1`).join(' and ');
  const answer =
    replica.derive || replica.after
      ? `returning t.${key.name} as id, t.${version.name} >= 0 as known, coalesce(old.${version.name} >= 0, false) as knew${shown('old', 'before')}${shown('t', 'now')}`
      : '';
  let take: TakeSql | undefined;
  return {
    erase: `
      insert into erased as e (state, id, version)
      select $2, r.id, r.version from jsonb_to_recordset($1::jsonb) as r (id uuid, version bigint)
      where not exists (select 1 from ${table} t where t.${key.name} = r.id and t.${version.name} > r.version)
      order by r.id
      on conflict (state, id) do update set version = excluded.version where e.version < excluded.version
      returning e.id`,
    remove: `
      delete from ${table} t where t.${key.name} = any($1::uuid[])
      ${replica.keepWhile === undefined ? '' : `and ${nothingKnown} and not (${replica.keepWhile})`}
      returning t.${key.name} as id, true as knew${shown('t', 'before')}`,
    read: `select t.${key.name} as id, true as known${shown('t', 'now')} from ${table} t where t.${key.name} = any($1::uuid[]) and t.${version.name} >= 0`,
    take: (sample) => {
      mustBeWhole(replica, metadata, Object.keys(sample));
      const values = Object.keys(sample).map(column);
      const received = replica.receivedAt === undefined ? [] : [column(replica.receivedAt)];
      return (take ??= {
        text: takeText(replica, { table, key, version, values, received, answer }),
        rowOf: (id, at, row) => {
          const properties = Object.keys(row);
          if (properties.length !== values.length || values.some(({ property }) => !properties.includes(property)))
            throw new Error(
              `${replica.name} is mapped to ${properties.join()}, and was to ${Object.keys(sample).join()}`,
            );
          const filled = values.map(({ property, field }): [string, unknown] => [field, row[property]]);
          return { [key.field]: id, [version.field]: at, ...Object.fromEntries(filled) };
        },
      });
    },
  };
}

interface TakeParts {
  readonly table: string;
  readonly key: Written;
  readonly version: Written;
  readonly values: readonly Written[];
  readonly received: readonly Written[];
  readonly answer: string;
}

/** One statement for a batch. In a shared row, version -1 empties what is known from this source. */
function takeText(replica: Replica, { table, key, version, values, received, answer }: TakeParts): string {
  const given = [key, version, ...values];
  const names = (columns: readonly Written[], before = ''): string =>
    columns.map(({ name }) => `${before}${name}`).join(', ');
  const shared = replica.keepWhile !== undefined;
  const set = [version, ...values, ...received].map(({ name }) => `${name} = excluded.${name}`).join(', ');
  return `
    insert into ${table} as t (${names([...given, ...received])})
    select ${names(given, 'r.')}${received.map(() => `, case when r.${version.name} >= 0 then now() end`).join('')}
    from jsonb_to_recordset($1::jsonb) as r (${given.map(({ name, type }) => `${name} ${type}`).join(', ')})
    where ${shared ? `r.${version.name} = -1 or ` : ''}not exists (select 1 from erased e where e.state = $2 and e.id = r.${key.name} and e.version >= r.${version.name})
    order by r.${key.name}
    on conflict (${key.name}) do update set ${set}
    where t.${version.name} < excluded.${version.name}${shared ? ` or excluded.${version.name} = -1 and t.${version.name} >= 0` : ''}
    ${answer}`;
}

function columnsIn(replica: Replica, metadata: EntityMetadata, { driver }: DataSource): (property: string) => Written {
  return (property) => {
    const found = metadata.findColumnWithPropertyName(property);
    if (!found) throw new Error(`${replica.name} is mapped to ${property}, which ${metadata.name} does not have`);
    const field = found.databaseName;
    return { property, field, name: quoted(field), type: driver.normalizeType(found) + (found.isArray ? '[]' : '') };
  };
}

function keyOf(metadata: EntityMetadata): string {
  const [key, ...more] = metadata.primaryColumns;
  if (!key || more.length || key.type !== 'uuid') throw new Error(`${metadata.name} needs one key, a uuid`);
  return key.propertyName;
}

/** A row of its own has to be mapped as a whole. What is left out would keep the value of an older state. */
function mustBeWhole(replica: Replica, metadata: EntityMetadata, mapped: readonly string[]): void {
  const { name, version, receivedAt, keepWhile } = replica;
  const reserved = [keyOf(metadata), version, receivedAt];
  const taken = mapped.filter((property) => reserved.includes(property));
  if (taken.length) throw new Error(`${name} may not be mapped to ${taken.join(', ')}: these come with every replica`);
  const left = metadata.columns
    .filter(({ isInsert, propertyName }) => isInsert && ![...reserved, ...mapped].includes(propertyName))
    .map(({ propertyName }) => propertyName);
  if (keepWhile === undefined && left.length) throw new Error(`${name} has to be mapped to ${left.join(', ')}, too`);
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
