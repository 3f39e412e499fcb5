import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A certificate with its key, both PEM; and in one file, as a broker reads them. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
  readonly file: string;
}

/** A firm's own authority, as far as a test needs one. */
export interface Authority {
  readonly ca: string;
  readonly caFile: string;
  /** A certificate for this name, and for localhost. */
  issue(name: string): Promise<Certificate>;
  remove(): Promise<void>;
}

/** Makes an authority with openssl, in a folder of its own. */
export async function makeAuthority(): Promise<Authority> {
  const folder = await mkdtemp(join(tmpdir(), 'quen-ca-'));
  const at = (name: string): string => join(folder, name);
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  await run('openssl', [...request, '-keyout', at('ca.key'), '-out', at('ca.pem'), '-subj', '/CN=quen test authority']);
  return {
    ca: await readFile(at('ca.pem'), 'utf8'),
    caFile: at('ca.pem'),
    issue: async (name) => {
      await run('openssl', [
        ...request,
        '-CA',
        at('ca.pem'),
        '-CAkey',
        at('ca.key'),
        '-keyout',
        at(`${name}.key`),
        '-out',
        at(`${name}.crt`),
        '-subj',
        `/CN=${name}`,
        '-addext',
        'subjectAltName=DNS:localhost',
        '-addext',
        'basicConstraints=critical,CA:FALSE',
      ]);
      const [cert, key] = await Promise.all([readFile(at(`${name}.crt`), 'utf8'), readFile(at(`${name}.key`), 'utf8')]);
      await writeFile(at(`${name}.pem`), key + cert);
      return { cert, key, file: at(`${name}.pem`) };
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
