/**
 * What nobody sees: format characters (Unicode's Cf: zero-width signs, direction marks, the soft hyphen, the byte order
 * mark …) and whatever else is ignored when text is shown (fillers, variation selectors). Written as ranges, since SQL
 * `quen_fold` has to mean the same and Postgres knows no such classes.
 */
export const invisibleRanges: readonly (readonly [from: number, to: number])[] = [
  [0xad, 0xad],
  [0x34f, 0x34f],
  [0x600, 0x605],
  [0x61c, 0x61c],
  [0x6dd, 0x6dd],
  [0x70f, 0x70f],
  [0x890, 0x891],
  [0x8e2, 0x8e2],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x200b, 0x200f],
  [0x202a, 0x202e],
  [0x2060, 0x206f],
  [0x3164, 0x3164],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff0, 0xfffb],
  [0x110bd, 0x110bd],
  [0x110cd, 0x110cd],
  [0x13430, 0x1343f],
  [0x1bca0, 0x1bca3],
  [0x1d173, 0x1d17a],
  [0xe0000, 0xe0fff],
];

const escape = (point: number): string => `\\u{${point.toString(16)}}`;
const all = invisibleRanges.map(([from, to]) => `${escape(from)}-${escape(to)}`).join('');
const anyInvisible = new RegExp(`[${all}]`, 'u');
const everyInvisible = new RegExp(`[${all}]`, 'gu');
/** A joiner or a selector behind a pictogram is a part of what is seen. */
const invisibleOutsidePictograms = new RegExp(
  `(?<![\\p{Extended_Pictographic}\\p{Emoji_Modifier}\\ufe0f])[\\u200d\\ufe0f]|[${all.replace('\\u{200b}-\\u{200f}', '\\u200b\\u200c\\u200e\\u200f').replace('\\u{fe00}-\\u{fe0f}', '\\ufe00-\\ufe0e')}]`,
  'gu',
);

/**
 * Text without signs that nobody sees; pictograms made of several keep theirs. Two texts that look the same are then
 * the same, for keys and for search.
 */
export function visible(text: string): string {
  return anyInvisible.test(text) ? text.replace(invisibleOutsidePictograms, '') : text;
}

/** The same of pictograms, too: for text that is only compared. */
export function barelyVisible(text: string): string {
  return anyInvisible.test(text) ? text.replace(everyInvisible, '') : text;
}

/** Every text in a JSON value made {@link visible}, but for the fields of the whole value that `kept` names. */
export function visibleTexts(value: unknown, kept: (name: string) => boolean = () => false): unknown {
  if (typeof value === 'string') return visible(value);
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return value;
  if (Array.isArray(value)) return value.map((part) => visibleTexts(part));
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, kept(name) ? part : visibleTexts(part)]),
  );
}

const tone = '\\u0300\\u0301\\u0303\\u0309\\u0323';
const toneOnTheFirst = new RegExp(`(o)([${tone}])([ae])(?!\\p{M})|(u)([${tone}])(y)(?!\\p{M})`, 'giu');

/**
 * Vietnamese with its tone marks where the newer spelling has them, in NFC: `hòa` and `hoà` are one word, written in
 * two ways. For comparing only; what is shown stays as typed.
 */
export function oneToneStyle(text: string): string {
  // Nothing but what holds a letter outside of ASCII has marks.
  if (!/[^\x00-\x7f]/.test(text)) return text;
  return text
    .normalize('NFD')
    .replace(
      toneOnTheFirst,
      (_, o: string | undefined, mark: string, a: string, u: string, other: string, y: string) =>
        o === undefined ? u + y + other : o + a + mark,
    )
    .normalize('NFC');
}

/** A code as it is stored: compatibility forms, invisible signs and case make no difference. */
export function codeOf(typed: string): string {
  return barelyVisible(typed).normalize('NFKC').trim().toUpperCase();
}
