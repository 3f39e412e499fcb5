import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from '@quen/engines';
import { root, services } from '../local/settings.js';

const folder = mkdtempSync(join(tmpdir(), 'quen-image-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The Dockerfile, each command on one line. */
const dockerfile = () => readFileSync(join(root, 'deploy/images/Dockerfile'), 'utf8').replaceAll('\\\n', ' ');

/** What the stage that compiles copies from the repository: from where, to where. */
function copied() {
  const [stage = ''] =
    dockerfile()
      .split(/^FROM .* AS build$/m)[1]
      ?.split(/^FROM /m) ?? [];
  return [...stage.matchAll(/^COPY (?!--from)(.+)$/gm)].flatMap(([, words = '']) => {
    const names = words.trim().split(/\s+/);
    const target = String(names.pop());
    return names.map((source) => ({
      source,
      target: target.endsWith('/') ? join(target, String(source.split('/').at(-1))) : target,
    }));
  });
}

/** The packages of this checkout, and of the workspace what was copied. */
function linkPackages() {
  const modules = join(root, 'node_modules');
  mkdirSync(join(folder, 'node_modules/@quen'), { recursive: true });
  for (const name of readdirSync(modules))
    if (name !== '@quen' && !name.startsWith('.')) symlinkSync(join(modules, name), join(folder, 'node_modules', name));
  for (const name of readdirSync(join(modules, '@quen'))) {
    const place = realpathSync(join(modules, '@quen', name)).slice(realpathSync(root).length + 1);
    symlinkSync(join(folder, place), join(folder, 'node_modules/@quen', name));
    const own = join(root, place, 'node_modules');
    if (existsSync(own)) symlinkSync(own, join(folder, place, 'node_modules'));
  }
}

describe('the image', () => {
  it('compiles from what the Dockerfile copies, and from nothing else', async () => {
    const parts = copied();
    expect(parts.map(({ source }) => source)).toEqual(expect.arrayContaining(['libs', 'services', 'tsconfig.json']));
    for (const { source, target } of parts) {
      mkdirSync(dirname(join(folder, target)), { recursive: true });
      cpSync(join(root, source), join(folder, target === '.' || target === './' ? source : target), {
        recursive: true,
        filter: (from) => !/[/\\](dist|node_modules|\.local)$/.test(from),
      });
    }
    linkPackages();
    await run(process.execPath, [join(folder, 'deploy/build/build.mjs')], { cwd: folder });
    expect(existsSync(join(folder, 'services/sales/dist/main.js'))).toBe(true);
  }, 600_000);

  it('has all that its services load when what is for tests and development is taken out', async () => {
    const removing = /^RUN (rm -rf libs.*)$/m.exec(dockerfile())?.[1]?.split(' && ') ?? [];
    const here = removing.filter((command) => /^(rm -rf|find) libs/.test(command.trim()));
    expect(here).toHaveLength(3);
    for (const command of here) await run('sh', ['-c', command], { cwd: folder });
    expect(existsSync(join(folder, 'libs/chassis/src'))).toBe(false);
    for (const service of services)
      await run(process.execPath, [join(folder, 'services', service, 'dist/main.js'), 'openapi'], { cwd: folder });
  }, 300_000);
});
