/**
 * `npm run api-types`: writes anew what the sample story knows of the services' OpenAPI documents, deploy/sample/api. That
 * they are up to date is checked by deploy/check/openapi.spec.ts.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from '../local/preparation.js';
import { root, services } from '../local/settings.js';
import { apiTypes } from '../sample/api-types.js';

try {
  await build();
  const folder = join(root, 'deploy/sample/api');
  mkdirSync(folder, { recursive: true });
  await Promise.all(
    services.map(async (name) => {
      const main = join(root, 'services', name, 'dist/main.js');
      const { stdout } = await promisify(execFile)(process.execPath, [main, 'openapi'], {
        env: {},
        maxBuffer: 64_000_000,
      });
      writeFileSync(join(folder, `${name}.ts`), await apiTypes(name, JSON.parse(stdout)));
    }),
  );
  console.log('deploy/sample/api is up to date; commit it');
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
