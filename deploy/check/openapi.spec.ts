import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { root, services } from '../local/settings.js';
import { apiTypes } from '../sample/api-types.js';

const folder = mkdtempSync(join(tmpdir(), 'quen-openapi-'));
const files = services.map((name) => join(folder, `${name}.json`));

function node(args: string[], env: NodeJS.ProcessEnv = {}) {
  return spawnSync(process.execPath, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 256_000_000,
    env: { PATH: process.env.PATH, HOME: folder, ...env },
  });
}

/** @param text the JSON in it; tools write other lines around it */
const json = (text: string) => JSON.parse(text.slice(text.search(/[[{]/)));

const printed: Map<string, { status: unknown; out: string; error: string }> = new Map();

beforeAll(async () => {
  // an empty environment: a document is printed without any setting
  await Promise.all(
    services.map(
      (name) =>
        new Promise((resolve) => {
          execFile(
            process.execPath,
            [join(root, 'services', name, 'dist/main.js'), 'openapi'],
            { env: {}, maxBuffer: 64_000_000 },
            (error, out, err) => {
              printed.set(name, { status: error?.code ?? 0, out, error: err });
              resolve(undefined);
            },
          );
        }),
    ),
  );
  for (const [index, name] of services.entries()) writeFileSync(files[index] ?? '', printed.get(name)?.out ?? '');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(services)('the OpenAPI document of %s', (name) => {
  it('is printed without any setting or connection', () => {
    const { status, error, out } = printed.get(name) ?? { status: 'not run', error: '', out: '' };
    expect({ status, error }).toEqual({ status: 0, error: '' });
    expect(JSON.parse(out)).toMatchObject({ openapi: expect.stringMatching(/^3\.1/) });
  });

  it('is what the sample story was typed by: npm run api-types', async () => {
    const kept = readFileSync(join(root, 'deploy/sample/api', `${name}.ts`), 'utf8');
    expect(await apiTypes(name, JSON.parse(printed.get(name)?.out ?? '{}'))).toBe(kept);
  });

  it('asks for no header but If-Match', () => {
    const operations = Object.values<object>(JSON.parse(printed.get(name)?.out ?? '{}').paths).flatMap((path) =>
      Object.values(path),
    );
    const required = operations.flatMap(({ operationId, parameters = [] }) =>
      parameters
        .filter(
          (each: { in?: string; required?: boolean; name: string }) =>
            each.in === 'header' && each.required && each.name !== 'If-Match',
        )
        .map((each: { name: string }) => `${operationId}: ${each.name}`),
    );
    expect(required).toEqual([]);
  });

  it('takes no field in a body that it does not declare', () => {
    const document = JSON.parse(printed.get(name)?.out ?? '{}');
    const open = Object.values<object>(document.paths)
      .flatMap((path) => Object.values(path))
      .flatMap(({ operationId, requestBody }) => {
        const reference = requestBody?.content?.['application/json']?.schema?.$ref;
        return reference && document.components.schemas[reference.split('/').at(-1)].additionalProperties === undefined
          ? [operationId]
          : [];
      });
    expect(open).toEqual([]);
  });

  it("passes redocly's recommended rules", () => {
    const linted = node(
      [
        join(root, 'node_modules/@redocly/cli/bin/cli.js'),
        'lint',
        '--config',
        'deploy/check/redocly.yaml',
        '--format',
        'json',
        '--max-problems',
        '1000',
        join(folder, `${name}.json`),
      ],
      { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
    );
    const findings = json(linted.stdout).problems.map(
      ({ location, ruleId, message }: { location: { pointer?: string }[]; ruleId: string; message: string }) =>
        `${location[0]?.pointer}: ${ruleId}: ${message}`,
    );
    expect(findings).toEqual([]);
  });
});

describe('every OpenAPI document', () => {
  it("passes spectral's rules for OpenAPI", () => {
    const linted = node([
      join(root, 'node_modules/@stoplight/spectral-cli/dist/index.js'),
      'lint',
      '--ruleset',
      'deploy/check/spectral.json',
      '--format',
      'json',
      '--quiet',
      '--fail-severity',
      'hint',
      ...files,
    ]);
    const findings = json(linted.stdout).map(
      ({ source, path, code, message }: { source: string; path: string[]; code: string; message: string }) =>
        `${basename(source)} ${path.join('.')}: ${code}: ${message}`,
    );
    expect(findings).toEqual([]);
  }, 300_000);
});
