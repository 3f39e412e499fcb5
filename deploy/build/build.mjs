/**
 * Compiles the workspace, or the projects named and what they need: TypeScript project references (only what has
 * changed)
 * with Nest's Swagger plugin. Usage: build.mjs [project folder…]
 */
import { existsSync, globSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as swaggerPlugin from '@nestjs/swagger/plugin';
import ts from 'typescript';

const root = resolve(import.meta.dirname, '../..');
const [plugin] = JSON.parse(readFileSync(resolve(root, 'nest-cli.json'), 'utf8')).compilerOptions.plugins;
const format = {
  getCurrentDirectory: () => root,
  getCanonicalFileName: (/** @type {string} */ name) => name,
  getNewLine: () => '\n',
};
const report = (/** @type {ts.Diagnostic} */ diagnostic) =>
  console.error(ts.formatDiagnosticsWithColorAndContext([diagnostic], format));

const host = ts.createSolutionBuilderHost(ts.sys, undefined, report);
const projects = process.argv.length > 2 ? process.argv.slice(2).map((name) => resolve(name)) : [root];
const builder = ts.createSolutionBuilder(
  host,
  projects.map((folder) => resolve(folder, 'tsconfig.json')),
  {},
);
let failed = false;
for (let project = builder.getNextInvalidatedProject(); project; project = builder.getNextInvalidatedProject()) {
  if (project.kind !== ts.InvalidatedProjectKind.Build) {
    project.done();
    continue;
  }
  const program = project.getProgram();
  const before = program ? [swaggerPlugin.before(plugin.options, program)] : [];
  const status = project.done(undefined, undefined, { before });
  if (status !== ts.ExitStatus.Success) failed = true;
}
// what was compiled from a file that is gone would still be run, tests above all
for (const output of globSync('{libs,services}/*/dist/**/*.{js,js.map,d.ts}', { cwd: root })) {
  const source = output.replace(/([/\\])dist([/\\])/, '$1src$2').replace(/(\.js|\.js\.map|\.d\.ts)$/, '.ts');
  if (!existsSync(join(root, source))) rmSync(join(root, output));
}
process.exitCode = failed ? 1 : 0;
