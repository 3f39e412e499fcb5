import { isUtf8 } from 'node:buffer';
import { setImmediate } from 'node:timers/promises';
import { csvNotUtf8 } from './csv-problems.js';

const piece = 262_144;

/**
 * A text file as UTF-8 without byte order mark; one in UTF-8 is not copied. What is no Unicode is read as windows-1258.
 * UTF-8 with a few damaged places stays UTF-8: these places are unreadable and the rest is right.
 * @throws Problem import_not_utf8 that says where, for bytes that no text has
 */
export async function unicodeBytes(file: Uint8Array): Promise<{ bytes: Buffer; encoding: string }> {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const [first, second, third] = bytes;
  if (first === 0xff && second === 0xfe)
    return { bytes: await decoded(bytes.subarray(2), 'utf-16le'), encoding: 'utf-16le' };
  if (first === 0xfe && second === 0xff)
    return { bytes: await decoded(bytes.subarray(2), 'utf-16be'), encoding: 'utf-16be' };
  if (isUtf8(bytes))
    return {
      bytes: first === 0xef && second === 0xbb && third === 0xbf ? bytes.subarray(3) : bytes,
      encoding: 'utf-8',
    };
  if (isMostlyUtf8(bytes)) return { bytes: await decoded(bytes, 'utf-8'), encoding: 'utf-8' };
  if (bytes.some((byte) => unusedBy1258.has(byte))) throw csvNotUtf8({ offset: firstWrongByte(bytes) });
  return { bytes: await decoded(bytes, 'windows-1258'), encoding: 'windows-1258' };
}

/** Bytes that stand for nothing in windows-1258, and NUL, which no text has. */
const unusedBy1258 = new Set([0, 0x8a, 0x8d, 0x8e, 0x8f, 0x90, 0x9a, 0x9d, 0x9e]);

/**
 * Whether most bytes above ASCII make whole characters of UTF-8. Text in a code page makes such characters by accident
 * only. A file that was cut or patched has many of them and few others.
 */
function isMostlyUtf8(bytes: Buffer): boolean {
  let [whole, torn] = [0, 0];
  for (let at = 0; at < bytes.length;) {
    const length = lengthOf(bytes[at] as number);
    if (length === 1) at += 1;
    else if (length > 1 && isUtf8(bytes.subarray(at, at + length))) [whole, at] = [whole + 1, at + length];
    else [torn, at] = [torn + 1, at + 1];
  }
  return whole > torn;
}

/** Bytes of the character that a byte begins; 0 for one that begins none. */
function lengthOf(first: number): number {
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

async function decoded(bytes: Buffer, encoding: string): Promise<Buffer> {
  const decoder = new TextDecoder(encoding);
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += piece) {
    pieces.push(Buffer.from(decoder.decode(bytes.subarray(at, at + piece), { stream: true })));
    await setImmediate();
  }
  pieces.push(Buffer.from(decoder.decode()));
  return Buffer.concat(pieces);
}

/** Where decoding first fails: the longest beginning that decodes, by halving. */
function firstWrongByte(bytes: Buffer): number {
  let [good, bad] = [0, bytes.length];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (isUtf8(bytes.subarray(0, wholeCharacters(bytes, middle)))) good = middle;
    else bad = middle;
  }
  return good;
}

/** The end, or the place of the character that it cuts through. */
function wholeCharacters(bytes: Buffer, end: number): number {
  for (let back = 1; back <= 3 && back <= end; back += 1) {
    const byte = bytes[end - back] ?? 0;
    if (byte >= 0xc0)
      return byte >= 0xf0
        ? back < 4
          ? end - back
          : end
        : byte >= 0xe0
          ? back < 3
            ? end - back
            : end
          : back < 2
            ? end - back
            : end;
    if (byte < 0x80) return end;
  }
  return end;
}
