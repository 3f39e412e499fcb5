import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import yauzl, { type Entry, type ZipFile } from 'yauzl';
import { defineProblem } from '@quen/messaging';

export const workbookUnreadable = defineProblem('invalid', 'workbook_unreadable', {
  en: 'The file is no Excel workbook that can be read ({why}). Save it as .xlsx without a password, or as CSV UTF-8.',
  vi: 'Tệp không phải bảng tính Excel đọc được ({why}). Hãy lưu thành .xlsx không mật khẩu, hoặc CSV UTF-8.',
});
export const workbookTooLarge = defineProblem('too_large', 'workbook_too_large', {
  en: 'Unpacked, the workbook is larger than is read ({part}). Split it, or save the sheet as CSV UTF-8.',
  vi: 'Bảng tính sau khi giải nén lớn hơn mức được đọc ({part}). Hãy tách tệp, hoặc lưu trang tính thành CSV UTF-8.',
});

/** Bytes of a workbook's parts, counted as they are unpacked. What a packed file says of its size is no bound. */
export const workbookBounds = { sheet: 536_870_912, texts: 134_217_728, other: 8_388_608, parts: 10_000 } as const;

/** The parts of a workbook's archive, each unpacked as a stream and never beyond its bound. */
export class XlsxArchive {
  private constructor(
    private readonly zip: ZipFile,
    private readonly entries: ReadonlyMap<string, Entry>,
  ) {}

  /** @throws Problem workbook_unreadable, workbook_too_large */
  static async open(bytes: Buffer): Promise<XlsxArchive> {
    const open = promisify(
      (buffer: Buffer, options: yauzl.Options, done: (error: Error | null, zip: ZipFile) => void): void =>
        yauzl.fromBuffer(buffer, options, done),
    );
    const entries = new Map<string, Entry>();
    try {
      const zip = await open(bytes, { lazyEntries: true, validateEntrySizes: true });
      if (zip.entryCount > workbookBounds.parts) throw workbookTooLarge({ part: 'parts' });
      await new Promise<void>((resolve, reject) => {
        zip.on('entry', (entry: Entry) => {
          entries.set(entry.fileName.replace(/^\//, '').toLowerCase(), entry);
          zip.readEntry();
        });
        zip.once('end', resolve);
        zip.once('error', reject);
        zip.readEntry();
      });
      return new XlsxArchive(zip, entries);
    } catch (error) {
      throw readable(error);
    }
  }

  has(name: string): boolean {
    return this.entries.has(name.toLowerCase());
  }

  /** The bytes of a part, piece by piece; none for a part that there is not. @throws Problem as {@link open} */
  async *read(name: string, most: number): AsyncGenerator<Buffer> {
    const entry = this.entries.get(name.toLowerCase());
    if (!entry) return;
    if (entry.isEncrypted()) throw workbookUnreadable({ why: 'encrypted' });
    if (entry.uncompressedSize > most) throw workbookTooLarge({ part: name });
    const open = promisify((which: Entry, done: (error: Error | null, stream: Readable) => void): void =>
      this.zip.openReadStream(which, done),
    );
    let size = 0;
    try {
      const stream = await open(entry);
      for await (const piece of stream as AsyncIterable<Buffer>) {
        size += piece.length;
        if (size > most) throw workbookTooLarge({ part: name });
        yield piece;
      }
    } catch (error) {
      throw readable(error);
    }
  }
}

/** What went wrong inside a library, as the user's problem: the bytes are his. */
export function readable(error: unknown): unknown {
  return error instanceof Error && !('kind' in error)
    ? workbookUnreadable({ why: error.message.split('\n')[0]?.slice(0, 200) ?? '' })
    : error;
}
