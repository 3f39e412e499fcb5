import { cpSync, globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/**
 * A temporary copy of the workspace's sources with some files added or replaced. It lies below the workspace, so that
 * packages are found as usual.
 * @param {Record<string, string>} files content by path
 * @returns {{ folder: string, remove: () => void }}
 */
export function plantedCopy(files) {
  mkdirSync(join(root, '.local'), { recursive: true });
  const folder = mkdtempSync(join(root, '.local/planted-'));
  const sources = globSync(
    [
      '*.json',
      '*.js',
      '.*.cjs',
      '.prettierignore',
      '{libs,services}/*/{package,tsconfig}.json',
      '{libs,services}/*/src',
    ],
    { cwd: root },
  );
  for (const path of sources) cpSync(join(root, path), join(folder, path), { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
