import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { postgresFolders, removePostgres, startPostgres } from './postgres.js';
import { freePort } from './processes.js';

it('leaves nothing behind when it is removed, wherever its data had to be put', async () => {
  // only its owner may enter: where that is root, the server's user may not
  const folder = mkdtempSync(join(tmpdir(), 'quen-postgres-'));
  const data = join(folder, 'postgres');
  try {
    const server = await startPostgres({
      folder: data,
      port: await freePort(),
      password: 'secret',
      logFile: join(folder, 'postgres.log'),
      disposable: true,
    });
    expect(postgresFolders(data).filter(existsSync)).toHaveLength(1);
    await server.stop();
    removePostgres(data);
    expect(postgresFolders(data).filter(existsSync)).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
