import { readFileSync } from 'node:fs';
import ts from 'typescript';
import * as swaggerPlugin from '@nestjs/swagger/plugin';
const plugins = JSON.parse(readFileSync('nest-cli.json', 'utf8')).compilerOptions.plugins;
const host = ts.createSolutionBuilderHost(ts.sys, undefined, d => console.error(ts.formatDiagnosticsWithColorAndContext([d], { getCurrentDirectory: ts.sys.getCurrentDirectory, getCanonicalFileName: f => f, getNewLine: () => '\n' })));
const b = ts.createSolutionBuilder(host, ['tsconfig.json'], {});
let p, bad = 0;
while ((p = b.getNextInvalidatedProject())) {
  const t = Date.now();
  if (p.kind === ts.InvalidatedProjectKind.Build) {
    const program = p.getProgram();
    const r = p.done(undefined, undefined, { before: [swaggerPlugin.before(plugins[0].options, program)] });
    if (r !== ts.ExitStatus.Success) bad = 1;
  } else p.done();
  console.log(p.project, Date.now() - t);
}
process.exit(bad);
