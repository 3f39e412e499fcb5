import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { services } from '../local/settings.mjs';

const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'quen-openapi-'));
const files = services.map(name => join(folder, `${name}.json`));

/** @param {string[]} args @param {NodeJS.ProcessEnv} [env] */
function node(args, env = {}) {
  return spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', maxBuffer: 256_000_000, env: { PATH: process.env.PATH, HOME: folder, ...env } });
}

/** @param {string} text the JSON in it; tools write other lines around it */
const json = text => JSON.parse(text.slice(text.search(/[[{]/)));

beforeAll(() => {
  for (const [index, name] of services.entries()) writeFileSync(files[index] ?? '', node([join(root, 'services', name, 'dist/main.js'), 'openapi']).stdout);
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(services)('the OpenAPI document of %s', name => {
  it('is printed without any setting or connection', () => {
    const printed = node([join(root, 'services', name, 'dist/main.js'), 'openapi']);
    expect({ status: printed.status, error: printed.stderr }).toEqual({ status: 0, error: '' });
    expect(JSON.parse(printed.stdout)).toMatchObject({ openapi: expect.stringMatching(/^3\.1/) });
  }, 60_000);
});

describe('every OpenAPI document', () => {
  it('passes spectral\'s rules for OpenAPI', () => {
    const linted = node([join(root, 'node_modules/@stoplight/spectral-cli/dist/index.js'), 'lint', '--ruleset', 'deploy/check/spectral.json', '--format', 'json', '--quiet', '--fail-severity', 'hint', ...files]);
    const findings = json(linted.stdout).map((/** @type {{ source: string, path: string[], code: string, message: string }} */ { source, path, code, message }) => `${basename(source)} ${path.join('.')}: ${code}: ${message}`);
    expect(findings).toEqual([]);
  }, 300_000);

  it('passes redocly\'s recommended rules', () => {
    const linted = node([join(root, 'node_modules/@redocly/cli/bin/cli.js'), 'lint', '--config', 'deploy/check/redocly.yaml', '--format', 'json', '--max-problems', '1000', ...files],
      { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' });
    const findings = json(linted.stdout).problems.map((/** @type {{ location: { source: { ref: string }, pointer?: string }[], ruleId: string, message: string }} */ { location, ruleId, message }) => `${basename(location[0]?.source.ref ?? '')} ${location[0]?.pointer}: ${ruleId}: ${message}`);
    expect(findings).toEqual([]);
  }, 300_000);
});
