import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '@quen/engines';
import { root } from '../local/settings.js';
import { withFolderLock } from './folder-lock.mjs';

describe('the lock of a folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'quen-lock-'));
  const file = join(folder, 'made/preparing.lock');
  afterAll(() => rmSync(folder, { recursive: true }));

  /**
   * Another process that takes the lock and holds it; resolves once it has it.
   * @param script what it does then
   */
  async function holder(script: string) {
    const child = spawn(
      process.execPath,
      [
        '--input-type=module',
        '--eval',
        `
      import { spawn } from 'node:child_process';
      import { withFolderLock } from ${JSON.stringify(import.meta.resolve('./folder-lock.mjs'))};
      await withFolderLock(${JSON.stringify(file)}, 'installs packages', async also => { ${script} });`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const [data] = await once(child.stdout, 'data');
    return { child, said: String(data).trim() };
  }

  it('makes the second wait, says for what, and goes to it when the holder was killed', async () => {
    const { child } = await holder(`console.log('held'); await new Promise(done => setTimeout(done, 60_000));`);
    const said: string[] = [];
    let got = false;
    const second = withFolderLock(
      file,
      'compiles',
      async () => {
        got = true;
      },
      (line) => {
        said.push(line);
        expect(got).toBe(false);
        child.kill('SIGKILL');
      },
    );
    await second;
    expect(said).toEqual([`Waiting for process ${child.pid}, which installs packages in this folder …`]);
    expect(existsSync(file)).toBe(false);
  });

  it('is held on by what a killed holder started and left', async () => {
    const { child, said: pid } = await holder(`
      const work = spawn(process.execPath, ['--eval', 'setTimeout(() => {}, 60_000)'], { stdio: 'ignore' });
      also(work.pid); console.log(work.pid); await new Promise(done => setTimeout(done, 60_000));`);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const waited = await new Promise(
      (resolve) =>
        void withFolderLock(
          file,
          'compiles',
          async () => undefined,
          (line) => {
            process.kill(Number(pid), 'SIGKILL');
            resolve(line);
          },
        ),
    );
    expect(waited).toContain(`process ${pid}`);
  });

  it('lets two commands in a fresh clone install once, and prints nothing of that among their output', async () => {
    const clone = join(folder, 'clone');
    for (const name of ['bootstrap.mjs', 'folder-lock.mjs'])
      cpSync(join(root, 'deploy/build', name), join(clone, 'deploy/build', name));
    writeFileSync(join(clone, 'deploy/build/build.mjs'), `console.log('compiled');`);
    mkdirSync(join(clone, 'deploy/dist/commands'), { recursive: true });
    writeFileSync(join(clone, 'deploy/dist/commands/hello.js'), `console.log('hello');`);
    writeFileSync(join(clone, 'package-lock.json'), '{"packages":{}}');
    // stands for npm: says something, takes its time, and leaves what npm leaves
    writeFileSync(
      join(clone, 'npm.js'),
      `
      const { appendFileSync, mkdirSync, symlinkSync, writeFileSync } = require('node:fs');
      console.log('added packages');
      appendFileSync('installed', '1');
      mkdirSync('node_modules/node/bin', { recursive: true });
      setTimeout(() => { symlinkSync(process.execPath, 'node_modules/node/bin/node'); writeFileSync('node_modules/.package-lock.json', '{"packages":{}}'); }, 500);`,
    );
    const command = () =>
      run(process.execPath, [join(clone, 'deploy/build/bootstrap.mjs'), 'hello'], {
        cwd: clone,
        env: { ...process.env, npm_execpath: join(clone, 'npm.js') },
      });
    expect(await Promise.all([command(), command()])).toEqual(['hello\n', 'hello\n']);
    expect(readFileSync(join(clone, 'installed'), 'utf8')).toBe('1');
  });

  it('is never held by two, whoever comes', async () => {
    let inside = 0;
    const most = await Promise.all(
      Array.from({ length: 5 }, () =>
        withFolderLock(
          file,
          'counts',
          async () => {
            inside += 1;
            const now = inside;
            await new Promise((done) => setTimeout(done, 5));
            inside -= 1;
            return now;
          },
          () => undefined,
        ),
      ),
    );
    expect(most).toEqual([1, 1, 1, 1, 1]);
  });
});
