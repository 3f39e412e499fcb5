import { workbookBounds, workbookUnreadable, type XlsxArchive } from './xlsx-archive.js';
import { readXml } from './xlsx-xml.js';

/** A sheet of a workbook and the part that holds it. */
export interface SheetPart {
  name: string;
  part: string;
}

/** What a workbook says of all its sheets. */
export interface Workbook {
  sheets: SheetPart[];
  /** Days are counted from 1904, as an old Mac did. */
  since1904: boolean;
}

/** @throws Problem workbook_unreadable */
export async function readWorkbook(archive: XlsxArchive): Promise<Workbook> {
  if (!archive.has('xl/workbook.xml')) throw workbookUnreadable({ why: 'no workbook inside' });
  const named: { name: string; relation: string }[] = [];
  let since1904 = false;
  await readXml(archive.read('xl/workbook.xml', workbookBounds.other), {
    open: (name, attributes) => {
      if (name === 'workbookPr') since1904 = /^(1|true)$/.test(attributes['date1904'] ?? '');
      if (name === 'sheet')
        named.push({ name: attributes['name'] ?? '', relation: attributes['r:id'] ?? relationOf(attributes) });
    },
  });
  const targets = new Map<string, string>();
  await readXml(archive.read('xl/_rels/workbook.xml.rels', workbookBounds.other), {
    open: (name, { Id, Target }) => {
      if (name === 'Relationship' && Id !== undefined && Target !== undefined)
        targets.set(Id, Target.startsWith('/') ? Target.slice(1) : `xl/${Target}`);
    },
  });
  const sheets = named.flatMap(({ name, relation }) => {
    const part = targets.get(relation);
    return part !== undefined && archive.has(part) && /worksheets?\//i.test(part) ? [{ name, part }] : [];
  });
  if (sheets.length === 0) throw workbookUnreadable({ why: 'no sheet inside' });
  return { sheets, since1904 };
}

function relationOf(attributes: Readonly<Record<string, string>>): string {
  return Object.entries(attributes).find(([name]) => name.endsWith(':id'))?.[1] ?? '';
}

/** Formats of days and times that have no text of their own in a workbook (ECMA-376, 18.8.30). */
const builtInDates = new Set([
  14, 15, 16, 17, 18, 19, 20, 21, 22, 27, 28, 29, 30, 31, 36, 45, 46, 47, 50, 51, 52, 57, 58,
]);

/** Which styles, by their number, show a number as a day or time. */
export async function dateStyles(archive: XlsxArchive): Promise<ReadonlySet<number>> {
  const ownDates = new Set<number>();
  const dates = new Set<number>();
  let [inside, style] = [false, 0];
  await readXml(archive.read('xl/styles.xml', workbookBounds.other), {
    open: (name, attributes) => {
      if (name === 'numFmt' && showsDate(attributes['formatCode'] ?? '')) ownDates.add(Number(attributes['numFmtId']));
      if (name === 'cellXfs') inside = true;
      if (name !== 'xf' || !inside) return;
      const format = Number(attributes['numFmtId']);
      if (ownDates.has(format) || builtInDates.has(format)) dates.add(style);
      style += 1;
    },
    close: (name) => {
      if (name === 'cellXfs') inside = false;
    },
  });
  return dates;
}

/** Whether a format has signs of days or hours outside of its quoted and bracketed parts. */
function showsDate(format: string): boolean {
  const [positive = ''] = format.split(';');
  const bare = positive
    .replace(/"[^"]*"|\\.|_.|\*./g, '')
    .replace(/\[(?!h+\]|m+\]|s+\])[^\]]*\]/gi, '')
    .replace(/general/gi, '');
  return /[dmyhs]/i.test(bare);
}

/** The texts that cells share, as bytes outside of the heap: there may be as many as a sheet has cells. */
export class SharedTexts {
  private bytes = Buffer.alloc(65_536);
  private ends = new Uint32Array(1_024);
  private count = 0;
  private used = 0;

  static async read(archive: XlsxArchive): Promise<SharedTexts> {
    const texts = new SharedTexts();
    let [text, taking, phonetic] = ['', false, false];
    await readXml(archive.read('xl/sharedStrings.xml', workbookBounds.texts), {
      open: (name) => {
        if (name === 'si') text = '';
        if (name === 'rPh') phonetic = true;
        taking = name === 't' && !phonetic;
      },
      text: (piece) => {
        if (taking) text += piece;
      },
      close: (name) => {
        if (name === 't') taking = false;
        if (name === 'rPh') phonetic = false;
        if (name === 'si') texts.add(text);
      },
    });
    return texts;
  }

  /** The text of a number; blank for one that there is not. */
  at(index: number): string {
    if (!(index >= 0 && index < this.count)) return '';
    return this.bytes.toString('utf8', index === 0 ? 0 : this.ends[index - 1], this.ends[index]);
  }

  private add(text: string): void {
    const size = Buffer.byteLength(text);
    if (this.used + size > this.bytes.length)
      this.bytes = Buffer.concat([this.bytes, Buffer.alloc(Math.max(this.bytes.length, size))]);
    this.used += this.bytes.write(text, this.used);
    if (this.count === this.ends.length) {
      const more = new Uint32Array(this.ends.length * 2);
      more.set(this.ends);
      this.ends = more;
    }
    this.ends[this.count] = this.used;
    this.count += 1;
  }
}
