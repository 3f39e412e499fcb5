/**
 * Compiles the workspace, or the projects named and what they need: TypeScript project references (only what has
 * changed) with Nest's Swagger plugin, after whoever else compiles in this folder. Usage: build.mjs [project folder…]
 */
import { existsSync, globSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as swaggerPlugin from '@nestjs/swagger/plugin';
import ts from 'typescript';
import { withFolderLock } from './folder-lock.mjs';

const root = resolve(import.meta.dirname, '../..');
const [plugin] = JSON.parse(readFileSync(resolve(root, 'nest-cli.json'), 'utf8')).compilerOptions.plugins;
const format = {
  getCurrentDirectory: () => root,
  getCanonicalFileName: (/** @type {string} */ name) => name,
  getNewLine: () => '\n',
};
const report = (/** @type {ts.Diagnostic} */ diagnostic) =>
  console.error(ts.formatDiagnosticsWithColorAndContext([diagnostic], format));

const projects = process.argv.length > 2 ? process.argv.slice(2).map((name) => resolve(name)) : [root];
await withFolderLock(join(root, '.local/preparing.lock'), 'compiles', async () => {
  if (!compiled()) process.exitCode = 1;
  removeOrphans();
});

function compiled() {
  const builder = ts.createSolutionBuilder(
    ts.createSolutionBuilderHost(ts.sys, undefined, report),
    projects.map((folder) => resolve(folder, 'tsconfig.json')),
    {},
  );
  let succeeded = true;
  for (let project = builder.getNextInvalidatedProject(); project; project = builder.getNextInvalidatedProject()) {
    if (project.kind !== ts.InvalidatedProjectKind.Build) {
      project.done();
      continue;
    }
    const program = project.getProgram();
    const before = program ? [swaggerPlugin.before(plugin.options, program)] : [];
    if (project.done(undefined, undefined, { before }) !== ts.ExitStatus.Success) succeeded = false;
  }
  return succeeded;
}

/** What was compiled from a file that is gone would still be run, tests above all. */
function removeOrphans() {
  const outputs = globSync(['{libs,services}/*/dist/**/*.{js,js.map,d.ts}', 'deploy/dist/**/*.{js,js.map,d.ts}'], {
    cwd: root,
  });
  for (const output of outputs) {
    const sources = output.startsWith('deploy') ? '$1' : '$1src$1';
    const source = output.replace(/([/\\])dist[/\\]/, sources).replace(/(\.js|\.js\.map|\.d\.ts)$/, '.ts');
    if (!existsSync(join(root, source))) rmSync(join(root, output));
  }
}
