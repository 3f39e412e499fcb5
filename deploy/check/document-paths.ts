import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A path that a document names and that does not exist. */
export type MissingPath = { document: string; path: string };

const link = /\]\(([^)\s]+)\)/g;
const code = /`([^`\n]+)`/g;
const fromTop = /(?<![\w./@:-])(?:deploy|docs|libs|services)\/[^\s`'"()[\]#|,;:]*/g;
const fileOrRelative = /^(?:\.{1,2}\/|src\/).+|^[\w.-]+\/.*\.(?:json|js|md|mjs|sh|sql|ts|yaml)$/;

/** The documents that are ours: everything in Markdown but what was installed or is made by running. */
export function documents(root: string) {
  return globSync('**/*.md', { cwd: root, exclude: ['**/node_modules', '**/dist', '.git', '.local'] }).sort();
}

/**
 * The paths that a text in Markdown names: targets of links, whatever begins with one of the repository's folders, and
 * in backticks also what is relative or ends as a file does. Addresses, anchors and absolute paths are none.
 */
export function pathsNamed(text: string) {
  const links = [...text.matchAll(link)].map(([, target = '']) => target.replace(/#.*$/, ''));
  const words = [...text.matchAll(code)].flatMap(([, words = '']) => words.split(/\s+/));
  const named = [
    ...links.filter((target) => target && !/^[a-z]+:/.test(target)),
    ...words.filter((word) => fileOrRelative.test(word) && !word.startsWith('.local/')),
    ...[...text.matchAll(fromTop)].map(([path]) => path.replace(/\.+$/, '')),
  ];
  return [...new Set(named)];
}

/**
 * The paths that a document names and that exist neither from the repository's root nor from the document's folder nor
 * from the sources beside it. `<name>`, `…` and `*` stand for any name; a compiled file exists if its source does.
 * @param document its path from the root
 */
export function missingPaths(root: string, document: string, text = readFileSync(join(root, document), 'utf8')) {
  const folder = join(root, dirname(document));
  const bases = [folder, root, join(folder, 'src')];
  return pathsNamed(text)
    .filter((path) => !bases.some((base) => exists(base, path)))
    .map((path): MissingPath => ({ document, path }));
}

function exists(base: string, path: string) {
  const pattern = path.replaceAll(/<[^>]+>|…/g, '*');
  const sources = ['/src/', '/'].map((folder) => pattern.replace('/dist/', folder).replace(/\.js$/, '.ts'));
  return [pattern, ...sources].some((each) =>
    /[*{]/.test(each) ? globSync(each, { cwd: base }).length > 0 : existsSync(join(base, each)),
  );
}
