import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

/**
 * Text encrypted with AES-256-GCM under a secret from the environment, so that a copy of the database alone cannot sign
 * tokens.
 * Without a secret (local mode only) the text is kept as it is.
 */
export function seal(text: string, secret: string | undefined): string {
  if (secret === undefined) return `open:${text}`;
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', keyOf(secret), nonce);
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return `sealed:${Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64')}`;
}

/** The text again. Throws when the secret is missing or another one. */
export function unseal(stored: string, secret: string | undefined): string {
  if (stored.startsWith('open:')) return stored.slice('open:'.length);
  if (secret === undefined) throw new Error('a signing key is encrypted, but SIGNING_KEY_SECRET is not set');
  const bytes = Buffer.from(stored.slice('sealed:'.length), 'base64');
  const decipher = createDecipheriv('aes-256-gcm', keyOf(secret), bytes.subarray(0, 12));
  decipher.setAuthTag(bytes.subarray(12, 28));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
  } catch {
    throw new Error('a signing key cannot be decrypted: SIGNING_KEY_SECRET is not the one that it was encrypted with');
  }
}

// The secret is required to be long and random, so one hash is enough to fit it to the cipher.
const keyOf = (secret: string) => createHash('sha256').update(`quen signing keys ${secret}`).digest();
