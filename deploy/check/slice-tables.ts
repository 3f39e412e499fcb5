import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { getMetadataArgsStorage } from 'typeorm';
import ts from 'typescript';
import { serviceOptionsOf, sliceOptionsOf } from '@quen/chassis';
import { root } from '../local/settings.js';

const tableAt = /\b(delete\s+from|insert\s+into|merge\s+into|update|from|join|using)\s+(?:only\s+)?"?([a-z_]+)"?/gi;

/** A slice with its tables. */
export type SliceTables = { name: string; folder: string; owns: string[]; reads: string[]; writes: string[] };

/** The slices of a service, as its compiled module declares them. */
export async function slicesOf(service: string): Promise<SliceTables[]> {
  const path = join(root, 'services', service, 'dist', `${service}.module.js`);
  const [module] = Object.values<new () => object>(await import(pathToFileURL(path).href));
  if (!module) throw new Error(`${path} exports no module`);
  const files = globSync('**/*.module.ts', { cwd: join(root, 'services', service, 'src') }).map((file) =>
    join(root, 'services', service, 'src', file),
  );
  const texts = new Map(files.map((file) => [file, readFileSync(file, 'utf8')]));
  return serviceOptionsOf(module).slices.map((slice) => {
    const { entities = [], tables = {} } = sliceOptionsOf(slice);
    const file = files.find((each) => new RegExp(`^@Slice[^]*class ${slice.name} `, 'm').test(texts.get(each) ?? ''));
    if (!file) throw new Error(`no file declares ${slice.name} with @Slice`);
    const named = entities.map((entity) => getMetadataArgsStorage().tables.find(({ target }) => target === entity));
    return {
      name: slice.name,
      folder: dirname(file),
      owns: [...named.map((table) => table?.name ?? ''), ...(tables.owns ?? [])],
      reads: [...(tables.reads ?? [])],
      writes: [...(tables.writes ?? [])],
    };
  });
}

/**
 * The tables that the SQL in a program's strings reads and writes, of those that are known.
 * @param program TypeScript
 */
export function tablesUsed(program: string, known: ReadonlySet<string>) {
  const reads = new Set<string>();
  const writes = new Set<string>();
  const visit = (node: ts.Node) => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node))
      for (const [, verb = '', table = ''] of node.text.matchAll(tableAt))
        if (known.has(table)) (/^(from|join|using)$/i.test(verb) ? reads : writes).add(table);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('slice.ts', program, ts.ScriptTarget.Latest, true));
  return { reads, writes };
}

/**
 * What is wrong: a table that two slices own, one that a slice uses and neither owns nor declares, and one that is
 * declared and not used.
 * @param programOf the slice's files together
 */
export function undeclaredTables(slices: SliceTables[], programOf: (slice: SliceTables) => string) {
  const owned = slices.flatMap(({ owns }) => owns);
  const known = new Set(owned);
  const twice = [...known].filter((table) => owned.indexOf(table) !== owned.lastIndexOf(table));
  return [
    ...twice.map((table) => `two slices own ${table}`),
    ...slices.flatMap((slice) => {
      const { reads, writes } = tablesUsed(programOf(slice), known);
      const mayWrite = new Set([...slice.owns, ...slice.writes]);
      const mayRead = new Set([...mayWrite, ...slice.reads]);
      return [
        ...[...writes].filter((table) => !mayWrite.has(table)).map((table) => `${slice.name} writes ${table}`),
        ...[...reads].filter((table) => !mayRead.has(table)).map((table) => `${slice.name} reads ${table}`),
        ...slice.writes.filter((table) => !writes.has(table)).map((table) => `${slice.name} never writes ${table}`),
        ...slice.reads.filter((table) => !reads.has(table)).map((table) => `${slice.name} never reads ${table}`),
      ];
    }),
  ];
}

/** The programs of a slice: its own files without tests and migrations. */
export function programsIn({ folder }: SliceTables) {
  const files = globSync('*.ts', { cwd: folder, exclude: ['*spec.ts', '*.migration.ts', '*.fixture.ts'] });
  return files.map((file) => readFileSync(join(folder, file), 'utf8')).join('\n');
}
