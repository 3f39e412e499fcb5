import { StringDecoder } from 'node:string_decoder';
import sax from 'sax';
import { readable } from './xlsx-archive.js';

/** What happens in a part of a workbook; names come without their prefix. */
export interface XmlEvents {
  open?(name: string, attributes: Readonly<Record<string, string>>): void;
  text?(text: string): void;
  close?(name: string): void;
}

const bare = (name: string): string => name.slice(name.indexOf(':') + 1);

/**
 * Reads a part of a workbook as it is unpacked, and stops early when `events` says so. Entities of a document type are
 * not expanded. @throws Problem workbook_unreadable
 */
export async function readXml(
  pieces: AsyncIterable<Buffer>,
  events: XmlEvents,
  enough: () => boolean = () => false,
): Promise<void> {
  const parser = sax.parser(true, { position: false });
  const decoder = new StringDecoder('utf8');
  let failure: Error | undefined;
  parser.onerror = (error): void => void (failure ??= error);
  parser.onopentag = ({ name, attributes }): void =>
    events.open?.(bare(name), attributes as Readonly<Record<string, string>>);
  parser.ontext = (text): void => events.text?.(text);
  parser.oncdata = (text): void => events.text?.(text);
  parser.onclosetag = (name): void => events.close?.(bare(name));
  try {
    for await (const piece of pieces) {
      parser.write(decoder.write(piece));
      if (failure) throw failure as Error;
      if (enough()) return;
    }
    parser.close();
    if (failure) throw failure as Error;
  } catch (error) {
    throw readable(error);
  }
}
