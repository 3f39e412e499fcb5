import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';

const memory = 19_456;
const passes = 2;
const parallelism = 1;
const length = 32;

/** A password as it may be stored: argon2id with OWASP's parameters, in the PHC string format. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const tag = await derive(password, salt, memory, passes, parallelism);
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(tag)}`;
}

/**
 * Whether the password is the one that was hashed.
 * Without a stored hash the same work is done and the answer is no, so that the time taken does not tell which sign-in
 * names exist.
 */
export async function verifyPassword(stored: string | null, password: string): Promise<boolean> {
  const match = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/.exec(stored ?? '');
  if (!match) {
    await derive(password, randomBytes(16), memory, passes, parallelism);
    return false;
  }
  const [, m, t, p, salt, tag] = match;
  const expected = Buffer.from(tag!, 'base64');
  const actual = await derive(password, Buffer.from(salt!, 'base64'), Number(m), Number(t), Number(p));
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

function derive(password: string, nonce: Buffer, memoryKiB: number, rounds: number, lanes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // NFC, because Vietnamese keyboards differ in whether they send composed or decomposed letters.
    const message = Buffer.from(password.normalize('NFC'), 'utf8');
    argon2(
      'argon2id',
      { message, nonce, memory: memoryKiB, passes: rounds, parallelism: lanes, tagLength: length },
      (error, tag) => (error ? reject(error) : resolve(tag)),
    );
  });
}

const unpadded = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');
