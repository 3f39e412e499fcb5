import { cpSync, globSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../local/settings.js';

/**
 * A temporary copy of the workspace's sources with some files added or replaced. It lies below the workspace, so that
 * packages are found as usual.
 * @param files content by path
 */
export function plantedCopy(files: Record<string, string>): { folder: string; remove: () => void } {
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
