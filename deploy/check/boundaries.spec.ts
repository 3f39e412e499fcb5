import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { root } from '../local/settings.js';
import { plantedCopy } from './planted-copy.js';

/** Each rule with the file that breaks it. */
const imports = {
  'services-are-strangers': ['services/sales/src/planted/stranger.ts', `export * from '../../../support/src/main.js';`],
  'slices-meet-in-services': ['services/sales/src/planted/reach.ts', `export * from '../elsewhere/other.entity.js';`],
  'slices-meet-in-services (in groups)': [
    'services/sales/src/catalogue/products/planted.ts',
    `export * from '../prices/price-book.entity.js';`,
  ],
  'libs-know-no-service': ['libs/chassis/src/planted.ts', `export * from '../../../services/sales/src/main.js';`],
  'libs-know-no-deploy': ['libs/testing/src/planted-deploy.ts', `export * from '../../../deploy/local/settings.js';`],
  'local-knows-no-tools': ['deploy/local/planted.ts', `export * from '../check/planted.js';`],
  'events-stand-alone': ['libs/events/src/planted.ts', `export * from '../../messaging/src/ids.js';`],
  'messaging-knows-events-only': ['libs/messaging/src/planted.ts', `export * from '../../chassis/src/index.js';`],
  'testing-knows-events-only': ['libs/testing/src/planted.ts', `export * from '@quen/messaging';`],
  'chassis-imports-downwards': [
    'libs/chassis/src/lists/planted.ts',
    `export type { JobRow } from '../jobs/job.entity.js';`,
  ],
  'chassis-has-floors': ['libs/chassis/src/planted-floor.ts', `export * from './helpers/planted.js';`],
  'testing-is-for-tests': [
    'services/sales/src/planted/shipped.ts',
    `export * from '../../../../libs/testing/src/eventually.js';`,
  ],
  'testing-is-for-tests (by its name)': ['services/sales/src/planted/by-name.ts', `export * from '@quen/testing';`],
  'testing-is-for-tests (messaging)': ['libs/messaging/src/planted-lab.ts', `export * from './testing/lab.js';`],
  'testing-is-for-tests (chassis)': ['libs/chassis/src/planted-test.ts', `export * from '@quen/testing';`],
  'examples-show-what-is-public': [
    'libs/chassis/src/example-service/planted.ts',
    `export * from '../database/database.js';`,
  ],
  'libs-by-their-entry': [
    'services/sales/src/planted/inside.ts',
    `export * from '../../../../libs/messaging/src/ids.js';`,
  ],
  'testing-is-for-tests (by name)': ['services/sales/src/planted/by-name.ts', `export * from '@quen/testing';`],
  'libs-by-their-entry (by name)': [
    'services/sales/src/planted/inside-by-name.ts',
    `export * from '@quen/messaging/internal/ids.js';`,
  ],
  'engines-stand-alone': ['libs/engines/src/planted.ts', `export * from '../../events/src/index.js';`],
  'no-cycles': ['services/sales/src/planted/one.ts', `import { two } from './two.js';\nexport const one = () => two;`],
  'imports-resolve': ['services/sales/src/planted/nowhere.ts', `export * from './nowhere-at-all.js';`],
};

const allowedImports = {
  'libs/chassis/src/helpers/planted.ts': 'export const other = 1;',
  'deploy/local/settings.ts': 'export const root = 1;',
  'deploy/check/planted.ts': 'export const other = 1;',
  'services/sales/src/elsewhere/other.entity.ts': 'export const other = 1;',
  'services/sales/src/elsewhere/elsewhere.service.ts': `export * from './other.entity.js';`,
  'services/sales/src/planted/two.ts': `import { one } from './one.js';\nexport const two = () => one;`,
  'services/sales/src/planted/through-service.ts': `export * from '../elsewhere/elsewhere.service.js';`,
  'services/sales/src/planted.module.ts': `export * from './elsewhere/other.entity.js';`,
};

const lints = {
  'no-restricted-imports': [
    'services/sales/src/planted/kafka.ts',
    `import { Kafka } from 'kafkajs';\nexport const client = Kafka;`,
  ],
  'no-restricted-imports (repository)': [
    'services/sales/src/planted/repository.ts',
    `import { DataSource } from 'typeorm';\nexport const source = DataSource;`,
  ],
  'no-restricted-properties': ['services/sales/src/planted/environment.ts', 'export const home = process.env.HOME;'],
  '@typescript-eslint/no-floating-promises': [
    'services/sales/src/planted/floating.ts',
    'async function work() { await Promise.resolve(); }\nexport function start() { work(); }',
  ],
  '@typescript-eslint/switch-exhaustiveness-check': [
    'services/sales/src/planted/switch.ts',
    `export function name(side: 'left' | 'right') {\n  switch (side) {\n    case 'left': return 1;\n  }\n  return 0;\n}`,
  ],
  '@typescript-eslint/no-explicit-any': ['services/sales/src/planted/anything.ts', 'export const anything: any = 1;'],
  '@typescript-eslint/ban-ts-comment': [
    'services/sales/src/planted/ignored.ts',
    `// @ts-ignore\nexport const text: string = 1;`,
  ],
  'max-lines': ['services/sales/src/planted/long.ts', 'export {};\n'.repeat(401)],
  'quen/short-tests': [
    'services/sales/src/planted/long.spec.ts',
    `it.each([1])('takes %s', async () => {\n${'  expect(1).toBe(1);\n'.repeat(41)}});`,
  ],
  'no-restricted-syntax': ['services/sales/src/planted/skipped.spec.ts', `it.skip('runs', () => undefined);`],
  'no-restricted-syntax (day of a zone)': [
    'services/sales/src/planted/zone.ts',
    `export const day = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Ho_Chi_Minh' });`,
  ],
  'no-restricted-syntax (pattern of dates)': [
    'services/sales/src/planted/pattern.ts',
    'export const day = /^\\d{4}-\\d{2}-\\d{2}$/;',
  ],
  'no-restricted-syntax (clock)': [
    'services/sales/src/planted/clock.ts',
    `export const asked = 'select clock_timestamp() as now';`,
  ],
  'no-restricted-syntax (clock in a template)': [
    'services/sales/src/planted/clock-template.ts',
    'export const asked = `select now() as at`;',
  ],
};

const allowedLints = {
  'services/sales/src/planted/planted.config.ts': 'export const home = process.env.HOME;',
  'libs/messaging/src/planted-kafka.ts': `import { Kafka } from 'kafkajs';\nexport const client = Kafka;`,
  'services/sales/src/planted/disabled.ts':
    '// eslint-disable-next-line @typescript-eslint/no-explicit-any\nexport const anything: any = 1;',
};

const byName = {
  'services/support/src/planted/by-name.ts': `import '@quen/sales';`,
  'services/support/src/planted/library.ts': `import '@quen/events';`,
};

let copy: ReturnType<typeof plantedCopy>;
beforeAll(() => {
  copy = plantedCopy({
    ...Object.fromEntries([...Object.values(imports), ...Object.values(lints)]),
    ...byName,
    ...allowedImports,
    ...allowedLints,
  });
});
afterAll(() => copy.remove());

function run(tool: string, args: string[]) {
  const done = spawnSync(process.execPath, [join(root, 'node_modules', tool), ...args], {
    cwd: copy.folder,
    encoding: 'utf8',
    maxBuffer: 256_000_000,
  });
  return { status: done.status, report: JSON.parse(done.stdout) };
}

describe('dependency-cruiser', () => {
  let violations: { rule: { name: string }; from: string }[];
  beforeAll(() => {
    const { report } = run('dependency-cruiser/bin/dependency-cruiser.mjs', [
      '--config',
      '.dependency-cruiser.cjs',
      '--output-type',
      'json',
      'libs',
      'services',
      'deploy',
    ]);
    violations = report.summary.violations;
  });

  it.each(Object.entries(imports))('refuses %s', (rule, [file]) => {
    const broken = violations.filter((violation) => violation.from === file).map((violation) => violation.rule.name);
    expect(broken).toContain(rule.split(' ')[0]);
  });

  it("lets a slice use another one's service, and a module its entities", () => {
    const innocent = ['services/sales/src/planted/through-service.ts', 'services/sales/src/planted.module.ts'];
    expect(violations.filter((violation) => innocent.includes(violation.from))).toEqual([]);
  });
});

describe('Prettier', () => {
  const refused = (content: string) => {
    const file = join(copy.folder, 'services/sales/src/planted.ts');
    writeFileSync(file, content);
    const args = [join(root, 'node_modules/prettier/bin/prettier.cjs'), '--check', 'services/sales/src/planted.ts'];
    return spawnSync(process.execPath, args, { cwd: copy.folder }).status;
  };

  it('refuses other lines and other orders of imports, and nothing else', () => {
    const sorted = `import { join } from 'node:path';\nimport { Injectable } from '@nestjs/common';\nimport { one } from './one.js';\n`;
    const used = `\nexport const all = [join, Injectable, one];\n`;
    expect(refused(sorted + used)).toBe(0);
    expect(refused(sorted.split('\n').reverse().join('\n').trim() + '\n' + used)).toBe(1);
    expect(refused(`${sorted}\nexport const all = [join, Injectable, one,${` 'a long line',`.repeat(10)}];\n`)).toBe(1);
  });
});

describe('ESLint', () => {
  const found: Map<string, string[]> = new Map();
  beforeAll(() => {
    const files = [...Object.values(lints).map(([file]) => String(file)), ...Object.keys(allowedLints)];
    for (const { filePath, messages } of run('eslint/bin/eslint.js', ['--format', 'json', ...files]).report) {
      found.set(
        filePath.slice(copy.folder.length + 1),
        messages.map((message: { ruleId: string }) => message.ruleId),
      );
    }
  });

  it.each(Object.entries(lints))('refuses %s', (rule, [file]) => {
    expect(found.get(String(file))).toContain(rule.split(' ')[0]);
  });

  it('lets a configuration read the environment and libs/messaging know Kafka', () => {
    expect(found.get('services/sales/src/planted/planted.config.ts')).toEqual([]);
    expect(found.get('libs/messaging/src/planted-kafka.ts')).toEqual([]);
  });

  it('is not switched off by a comment', () => {
    expect(found.get('services/sales/src/planted/disabled.ts')).toContain('@typescript-eslint/no-explicit-any');
  });
});

describe('the compiler', () => {
  it('finds no service by its package name, as it exports nothing', () => {
    const program = ts.createProgram(
      Object.keys(byName).map((file) => join(copy.folder, file)),
      {
        module: ts.ModuleKind.NodeNext,
        moduleResolution: ts.ModuleResolutionKind.NodeNext,
        noEmit: true,
        skipLibCheck: true,
        types: [],
      },
    );
    const messages = ts
      .getPreEmitDiagnostics(program)
      .map((diagnostic) => ts.flattenDiagnosticMessageText(diagnostic.messageText, ' '));
    expect(messages).toEqual([expect.stringContaining('@quen/sales')]);
    expect(existsSync(join(root, 'node_modules/@quen/sales/package.json'))).toBe(true);
  });
});
