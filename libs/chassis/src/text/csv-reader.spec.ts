import { CsvFile, type CsvRecord } from './csv-reader.js';
import { writeCsv } from './csv.js';

const utf8 = (text: string): Buffer => Buffer.from(text, 'utf8');
interface Read {
  header: string[];
  records: CsvRecord[];
  delimiter: string;
  encoding: string;
}
const read = async (file: string | Buffer): Promise<Read> => {
  const csv = await CsvFile.open(typeof file === 'string' ? utf8(file) : file);
  const records: CsvRecord[] = [];
  for await (const batch of csv.batches(3)) records.push(...batch);
  expect(records.map((record) => csv.recordAt(record))).toEqual(records);
  return { header: csv.header, records, delimiter: csv.delimiter, encoding: csv.encoding };
};
const cells = async (file: string | Buffer): Promise<string[][]> =>
  (await read(file)).records.map((record) => record.cells);
/**
 * Milliseconds of computing that work took, and how often others had their turn meanwhile: neither depends on what else
 * the machine does.
 */
const cost = async (work: () => Promise<unknown>): Promise<{ milliseconds: number; turns: number }> => {
  let [turns, running] = [0, true];
  const others = (): void => {
    turns += 1;
    if (running) setImmediate(others);
  };
  const began = process.cpuUsage();
  others();
  await work();
  running = false;
  return { milliseconds: process.cpuUsage(began).user / 1_000, turns };
};

describe('CsvFile', () => {
  it('reads quotes, byte order mark, CRLF and cells over several lines', async () => {
    const { header, records } = await read('\ufeffname,address\r\nLan,"Số 1, phố ""Huế""\r\nHà Nội"\r\nHà,\r\n');
    expect(header).toEqual(['name', 'address']);
    expect(records).toMatchObject([
      { line: 2, cells: ['Lan', 'Số 1, phố "Huế"\nHà Nội'] },
      { line: 4, cells: ['Hà', ''] },
    ]);
  });

  it.each([[';'], ['\t'], ['|'], [',']])('guesses the delimiter %j', async (delimiter) => {
    expect(await cells(['a', 'b', 'c'].join(delimiter) + '\n' + ['1', '2', '3'].join(delimiter))).toEqual([
      ['1', '2', '3'],
    ]);
  });

  it('composes decomposed letters', async () =>
    expect(await cells('name\nNguyễn Đức'.normalize('NFD'))).toEqual([['Nguyễn Đức']]));
  it('reads lines that end with CR alone, or in each way once', async () =>
    expect((await read('a,b\r1,2\r\n3,4\n5,6')).records.map(({ line, cells: each }) => [line, ...each])).toEqual([
      [2, '1', '2'],
      [3, '3', '4'],
      [4, '5', '6'],
    ]));

  it('drops signs that nobody sees, but not those of pictograms', async () => {
    const { header, records } = await read(
      '\u200bname\u00ad,code\n\u202aNguyễn\u200b Lan\u2060\u202c,\ufeffKH\u200d-1\n👨\u200d👩,x\n',
    );
    expect([header, ...records.map((record) => record.cells)]).toEqual([
      ['name', 'code'],
      ['Nguyễn Lan', 'KH-1'],
      ['👨\u200d👩', 'x'],
    ]);
  });

  it('fills short rows up, and reports long ones and keeps them', async () => {
    const { records } = await read('a,b,c\n1,2\n1,2,3,4\n1,2,3,,\n');
    expect(records[0]).not.toHaveProperty('fault');
    expect(records).toMatchObject([
      { line: 2, cells: ['1', '2', ''] },
      { line: 3, cells: ['1', '2', '3', '4'], fault: 'too_many_cells' },
      { line: 4, cells: ['1', '2', '3'] },
    ]);
  });

  it('loses only the line of a quote that is never closed', async () => {
    const { records } = await read('a,b\n1,"2\n3,4\n5,6\n');
    expect(records).toMatchObject([
      { line: 2, cells: ['1,"2'], fault: 'unclosed_quote' },
      { line: 3, cells: ['3', '4'] },
      { line: 4, cells: ['5', '6'] },
    ]);
  });

  it('loses only that line when a later row has quotes too', async () => {
    const { records } = await read('a,b\n1,"2\n3,"x, y"\n"p, q",6\n');
    expect(records.map(({ line, fault }) => [line, fault])).toEqual([
      [2, 'unclosed_quote'],
      [3, undefined],
      [4, undefined],
    ]);
    expect(records[1]?.cells).toEqual(['3', 'x, y']);
  });

  it('refuses only the row that holds a character which cannot be read', async () => {
    expect((await read('a,b\n1,x\0y\n3,4\n')).records.map(({ line, fault }) => [line, fault])).toEqual([
      [2, 'character_unreadable'],
      [3, undefined],
    ]);
  });

  it('takes a quote inside a cell as typed', async () =>
    expect(await cells('a,b\nTV 24" LED,"màn 24" LED"\n')).toEqual([['TV 24" LED', 'màn 24" LED']]));
  it('reads an empty quoted cell', async () =>
    expect(await cells('a,b\n"",2\n1,""\n')).toEqual([
      ['', '2'],
      ['1', ''],
    ]));
  it('skips empty lines and rows of delimiters only', async () =>
    expect((await read('a,b\n\n,,\n1,2\n')).records).toMatchObject([{ line: 4, cells: ['1', '2'] }]));
  it('takes the guard off a formula sign', async () => expect(await cells("a\n'=1+1\n")).toEqual([['=1+1']]));
  it('reads UTF-16 with a byte order mark, and the Vietnamese Windows code page', async () => {
    expect(await cells(Buffer.from('\ufeffa;b\nĐỗ;2', 'utf16le'))).toEqual([['Đỗ', '2']]);
    expect(await read(Buffer.from([0x74, 0xea, 0x6e, 0x0a, 0xd0, 0x0a]))).toMatchObject({
      header: ['tên'],
      encoding: 'windows-1258',
      records: [{ cells: ['Đ'] }],
    });
  });

  it('takes a file in UTF-8 with one damaged place for what it is', async () => {
    const damaged = Buffer.concat([utf8('tên,b\nNguyễn,1\nTr'), Buffer.from([0xea]), utf8('n,2\nĐỗ,3\n')]);
    expect(await read(damaged)).toMatchObject({
      encoding: 'utf-8',
      records: [{ cells: ['Nguyễn', '1'] }, { fault: 'character_unreadable' }, { cells: ['Đỗ', '3'] }],
    });
  });

  it('passes over a line that names the separator', async () => {
    const { header, records, delimiter } = await read('\ufeffsep=;\r\na;b,c\r\n1;2\r\n');
    expect([header, delimiter, records]).toMatchObject([['a', 'b,c'], ';', [{ line: 3, cells: ['1', '2'] }]]);
    expect((await read('sep=\t\na\tb\n1\t2\n')).records).toMatchObject([{ cells: ['1', '2'] }]);
  });

  it('fills a short row up whose last cell goes over several lines, but not one that took in rows', async () => {
    expect((await read('a,b,c,d\nLan,"Số 1\nHà Nội"\nHà,x\n')).records).toMatchObject([
      { line: 2, cells: ['Lan', 'Số 1\nHà Nội', '', ''] },
      { line: 4, cells: ['Hà', 'x', '', ''] },
    ]);
    expect((await read('a,b,c\n1,"2\n3,4,5"\n6,7,8\n')).records.map(({ fault }) => fault)).toEqual([
      'unclosed_quote',
      undefined,
      undefined,
    ]);
  });

  it('refuses what is no text and says where', async () => {
    await expect(CsvFile.open(Buffer.from([0x6e, 0x0a, 0x8a, 0xff]))).rejects.toMatchObject({
      code: 'import_not_utf8',
      params: { offset: 2 },
    });
  });
  it.each([
    [' \n', 'csv_empty'],
    ['', 'csv_empty'],
    [',,\n', 'csv_empty'],
    ['a,'.repeat(1_200), 'csv_too_many_columns'],
    ['a'.repeat(2_000_000), 'csv_too_many_columns'],
  ])('refuses %.20j as %s', async (text, code) => {
    await expect(CsvFile.open(utf8(text))).rejects.toMatchObject({ code });
  });
  it('names columns without a name, and refuses one name for two', async () => {
    expect((await CsvFile.open(utf8('a,,c\n'))).columns()).toEqual(['a', 'column2', 'c']);
    const twice = await CsvFile.open(utf8('a,a\n1,2'));
    expect(() => twice.columns()).toThrow(expect.objectContaining({ code: 'csv_duplicate_column' }) as Error);
  });

  it('goes on behind the records that were had', async () => {
    const csv = await CsvFile.open(utf8('a\n1\n2\n3\n4\n5\n'));
    const batches: string[][] = [];
    for await (const batch of csv.batches(2, 2)) batches.push(batch.map((record) => record.cells[0] as string));
    expect([batches, await csv.count()]).toEqual([[['3', '4'], ['5']], 5]);
  });

  describe('within bounds', () => {
    it.each([
      ['blanks in a cell', `name,phone\n"x"${' '.repeat(200_000)}y,1\nb,2\n`, 'unclosed_quote'],
      ['a long cell', `name,phone\n${'x'.repeat(40_000)},1\nb,2\n`, 'cell_too_long'],
      ['a long line', `name,phone\n${'x'.repeat(2_000_000)},1\nb,2\n`, 'row_too_long'],
      ['many cells', `name,phone\n${'x,'.repeat(50_000)}1\nb,2\n`, 'cell_too_long'],
      ['quotes', `name,phone\n${'"'.repeat(100_001)},1\nb,2\n`, 'unclosed_quote'],
      ['quotes and blanks', `name,phone\n"${'" '.repeat(100_000)},1\nb,2\n`, 'unclosed_quote'],
    ])('%s cost their row only, and no time', async (_, text, fault) => {
      let records: CsvRecord[] = [];
      const { milliseconds } = await cost(async () => ({ records } = await read(text)));
      // what grows with the square takes minutes; a busy machine does not
      expect(milliseconds).toBeLessThan(5_000);
      expect([records[0]?.fault, records.at(-1)?.cells]).toEqual([fault, ['b', '2']]);
    });

    it('reads a million bytes of short or of torn lines without holding the loop', async () => {
      for (const line of ['a,b\n', 'a,"b\n', '"a\n']) {
        const csv = await CsvFile.open(utf8(`name,phone\n${line.repeat(Math.floor(1_000_000 / line.length))}`));
        const { milliseconds, turns } = await cost(() => csv.count());
        expect(milliseconds).toBeLessThan(20_000);
        expect(turns).toBeGreaterThan(12);
      }
    }, 60_000);
  });
});

describe('writeCsv', () => {
  it('keeps formulas from running, and gives back what was written', async () => {
    const rows = [{ name: '=HYPERLINK("http://x")', phone: '+84 901 234 567', amount: '-5', note: '@SUM(A1)' }];
    const file = writeCsv(['name', 'phone', 'amount', 'note'], rows);
    expect(file.toString()).toContain("'=HYPERLINK");
    expect(file.toString()).toContain(",+84 901 234 567,-5,'@SUM");
    expect(await cells(file)).toEqual([Object.values(rows[0] as object)]);
  });

  it('gives back texts that begin with the guard itself', async () => {
    const texts = ["'=1+1", "''@x", '＝1+1', "'tis", '+84 901', '-5', '- gọi lại'];
    expect(
      await cells(
        writeCsv(
          ['a'],
          texts.map((a) => ({ a })),
        ),
      ),
    ).toEqual(texts.map((each) => [each]));
  });
});
