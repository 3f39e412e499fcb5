/** When a key signs: from `signsFrom` until the next key does. */
export interface ScheduledKey {
  kid: string;
  signsFrom: Date;
}

/** Durations in milliseconds. */
export interface KeyPolicy {
  /** How long one key signs. */
  rotateEvery: number;
  /** How long a key is shown in the JWKS before it signs, so that every verifier has it by then. */
  announce: number;
  /** How long a key is shown after it stopped signing: longer than anything that it signed lives. */
  keep: number;
}

/** The keys to show, the signing one first, because the provider signs with the first that fits. */
export function publishedKeys<Key extends ScheduledKey>(keys: readonly Key[], now: Date, policy: KeyPolicy): Key[] {
  const signing = signingKey(keys, now);
  const retired = new Set(removableKeys(keys, now, policy));
  return keys
    .filter((key) => !retired.has(key))
    .sort((a, b) => Number(b === signing) - Number(a === signing) || b.signsFrom.getTime() - a.signsFrom.getTime());
}

/** The newest key whose time has come. */
export function signingKey<Key extends ScheduledKey>(keys: readonly Key[], now: Date): Key | undefined {
  return keys.filter((key) => key.signsFrom <= now).sort((a, b) => b.signsFrom.getTime() - a.signsFrom.getTime())[0];
}

/** The keys that no unexpired token can need. */
export function removableKeys<Key extends ScheduledKey>(keys: readonly Key[], now: Date, policy: KeyPolicy): Key[] {
  const ordered = [...keys].sort((a, b) => a.signsFrom.getTime() - b.signsFrom.getTime());
  return ordered.filter((_key, index) => {
    const next = ordered[index + 1];
    return next !== undefined && next.signsFrom.getTime() + policy.keep <= now.getTime();
  });
}

/** When a key made now should begin to sign; nothing when no new key is due. */
export function nextKeyFrom(keys: readonly ScheduledKey[], now: Date, policy: KeyPolicy): Date | undefined {
  const newest = keys.reduce((latest, key) => Math.max(latest, key.signsFrom.getTime()), -Infinity);
  if (newest === -Infinity) return now;
  const due = newest + policy.rotateEvery;
  if (due - policy.announce > now.getTime()) return undefined;
  return new Date(Math.max(due, now.getTime() + policy.announce));
}
