import { defineProblem } from '@quen/messaging';
import { invalid } from '../problems/problems.js';
import { fold } from '../text/fold.js';
import type { Column } from './column.js';

export const importColumnsMissing = defineProblem('unprocessable', 'import_columns_missing', {
  en: 'The file has no column {missing}. Its columns are: {headers}. Name them otherwise, or send mapping.',
  vi: 'Tệp thiếu cột {missing}. Các cột trong tệp: {headers}. Hãy đổi tên cột, hoặc gửi mapping.',
});

/** Columns by the name that a mapping uses. */
export type Columns = Readonly<Record<string, Column<unknown>>>;
/** What rows of declared columns hold. */
export type RowOf<C extends Columns> = { [K in keyof C]?: C[K] extends Column<infer T> ? T : never };
/** Number of the file's column → what it fills; a column without an entry is not read. */
export type ColumnMap = ReadonlyMap<number, string>;
/** What a caller says of headers: a target, or null for a column that is left out. */
export type Mapping = Readonly<Record<string, string | null>>;

/** Columns whose names are made from their headings, such as answers about consent. */
export interface MoreColumns {
  /**
   * The target of a heading. Null leaves the column out, even if something else would fit. Undefined means that the
   * heading is not known here.
   */
  guess(header: string): string | null | undefined;
  /** The column of a target; undefined for one that there is not. */
  column(target: string): Column<unknown> | undefined;
  /** A target that the other headings of the file make of a heading. */
  among?(header: string, targets: readonly (string | undefined)[]): string | undefined;
  /** What forbids to fill a target from a column; undefined when nothing does. */
  refuses?(header: string, target: string): { code: string; message: string; vi: string } | undefined;
}

/** Columns that the file of failed rows adds behind the user's own. */
export const addedColumns = ['line', 'field', 'reason', 'code'] as const;

/** A heading as declared ones are compared with it. */
function squeezed(heading: string): string {
  return fold(heading.slice(0, 200).replace(/([a-z])([A-Z])/g, '$1 $2')).replace(/[^\p{L}\p{N}]+/gu, '');
}
/** The same with blanks, for patterns. */
function spaced(heading: string): string {
  return fold(heading.slice(0, 200).replace(/([a-z])([A-Z])/g, '$1 $2'))
    .replace(/[_*:().]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** The columns of one kind of import. */
export class ColumnSet<C extends Columns> {
  /** Targets that each row needs. */
  readonly required: readonly string[];
  private readonly made = new Map<string, Column<unknown> | undefined>();

  constructor(
    readonly columns: C,
    private readonly more?: MoreColumns,
  ) {
    this.required = Object.keys(columns).filter((target) => columns[target]?.need === 'required');
  }

  /** The column of a target. */
  column(target: string): Column<unknown> | undefined {
    if (Object.hasOwn(this.columns, target)) return this.columns[target];
    if (!this.made.has(target)) this.made.set(target, this.more?.column(target));
    return this.made.get(target);
  }

  /**
   * What each column of a file fills: first what the caller said, then what its heading says. Of two columns for one
   * target the first counts, unless several may fill it.
   */
  map(header: readonly string[], told: Mapping = {}): ColumnMap {
    const own = this.own(header);
    const taken = new Set(Object.values(told).filter((target): target is string => target !== null));
    const guesses = own.map((heading) => this.guess(heading));
    const targets = [...guesses, ...taken];
    const map = new Map<number, string>();
    own.forEach((heading, index) => {
      const said = Object.hasOwn(told, heading) ? told[heading] : undefined;
      if (said === null) return;
      const target = said ?? this.more?.among?.(heading, targets) ?? guesses[index];
      if (target === undefined) return;
      if (said === undefined && taken.has(target) && !this.column(target)?.many) return;
      taken.add(target);
      map.set(index, target);
    });
    return map;
  }

  /** The headings of a file that nothing reads. */
  unread(header: readonly string[], map: ColumnMap): string[] {
    return this.own(header).filter((heading, index) => !map.has(index) && heading !== '');
  }

  /** @throws Problem import_columns_missing when a column that each row needs is not there */
  mustCover(header: readonly string[], map: ColumnMap): void {
    const targets = new Set(map.values());
    const missing = this.required.filter((target) => !targets.has(target));
    if (missing.length > 0)
      throw importColumnsMissing({ missing: missing.join(', '), headers: header.join(', ').slice(0, 1_000) });
  }

  /** Reads a form's mapping. @throws Problem validation_failed that names each header or target which does not exist */
  mapping(json: string | undefined, header: readonly string[]): Mapping {
    if (json === undefined) return {};
    let mapping: unknown;
    try {
      mapping = JSON.parse(json.normalize('NFC'));
    } catch {
      mapping = undefined;
    }
    if (typeof mapping !== 'object' || mapping === null || Array.isArray(mapping))
      throw invalid({
        pointer: '/mapping',
        code: 'wrong_type',
        message: 'must be a JSON object of headers and targets',
        vi: 'phải là đối tượng JSON gồm tiêu đề và trường đích',
      });
    const errors = Object.entries(mapping).flatMap(([heading, target]: [string, unknown]) => {
      const pointer = `/mapping/${heading}`;
      if (!header.includes(heading))
        return [
          {
            pointer,
            code: 'unknown_header',
            message: `must be one of ${header.join(', ')}`,
            vi: `phải là một trong ${header.join(', ')}`,
          },
        ];
      if (target === null) return [];
      if (typeof target !== 'string' || !this.column(target))
        return [
          {
            pointer,
            code: 'unknown_target',
            message: `must be null or one of ${Object.keys(this.columns).join(', ')}`,
            vi: `phải là null hoặc một trong ${Object.keys(this.columns).join(', ')}`,
          },
        ];
      const refused = this.more?.refuses?.(heading, target);
      return refused ? [{ pointer, ...refused }] : [];
    });
    if (errors.length > 0) throw invalid(...errors);
    return mapping as Mapping;
  }

  /** The user's headings, without those of a file of failed rows that was mended. */
  private own(header: readonly string[]): readonly string[] {
    for (const count of [4, 3])
      if (header.slice(-count).join() === addedColumns.slice(0, count).join()) return header.slice(0, -count);
    return header;
  }

  private guess(heading: string): string | undefined {
    const more = this.more?.guess(heading);
    if (more !== undefined) return more ?? undefined;
    const forms = [heading, heading.replace(/[([][^()[\]]*[)\]]\s*\**\s*$/, '')];
    for (const form of forms) {
      const [plain, withBlanks] = [squeezed(form), spaced(form)];
      const found = Object.entries(this.columns).find(([target, { headings = [] }]) =>
        [target, ...headings].some((known) =>
          typeof known === 'string' ? squeezed(known) === plain : known.test(withBlanks),
        ),
      );
      if (found && plain !== '') return found[0];
    }
    return undefined;
  }
}
