import { importEmpty, importNotUtf8, readCsvRecords } from './csv-records.js';

const read = (text: string) => readCsvRecords(Buffer.from(text, 'utf8'));

describe('readCsvRecords', () => {
  it('reads quotes, byte order mark, CRLF and cells over several lines', () => {
    const { header, records } = read('\ufeffname,address\r\nLan,"Số 1, phố ""Huế""\r\nHà Nội"\r\nHà,\r\n');
    expect(header).toEqual(['name', 'address']);
    expect(records).toEqual([
      { line: 2, cells: ['Lan', 'Số 1, phố "Huế"\nHà Nội'] },
      { line: 4, cells: ['Hà', ''] },
    ]);
  });

  it.each([[';'], ['\t'], ['|'], [',']])('guesses the delimiter %j', (delimiter) => {
    expect(read(['a', 'b', 'c'].join(delimiter) + '\n' + ['1', '2', '3'].join(delimiter)).records[0]?.cells).toEqual(['1', '2', '3']);
  });

  it('composes decomposed letters', () => expect(read('name\nNguyễn Đức'.normalize('NFD')).records[0]?.cells).toEqual(['Nguyễn Đức']));

  it('reports short and long rows and keeps them', () => {
    expect(read('a,b,c\n1,2\n1,2,3,4\n1,2,3,,\n').records).toEqual([
      { line: 2, cells: ['1', '2'], fault: 'too_few_cells' },
      { line: 3, cells: ['1', '2', '3', '4'], fault: 'too_many_cells' },
      { line: 4, cells: ['1', '2', '3'] },
    ]);
  });

  it('loses only the line of a quote that is never closed', () => {
    const { records } = read('a,b\n1,"2\n3,4\n5,6\n');
    expect(records).toEqual([{ line: 2, cells: ['1,"2'], fault: 'unclosed_quote' }, { line: 3, cells: ['3', '4'] }, { line: 4, cells: ['5', '6'] }]);
  });

  it('loses only that line when a later row has quotes too', () => {
    const { records } = read('a,b\n1,"2\n3,"x, y"\n"p, q",6\n');
    expect(records.map(({ line, fault }) => [line, fault])).toEqual([[2, 'unclosed_quote'], [3, undefined], [4, undefined]]);
    expect(records[1]?.cells).toEqual(['3', 'x, y']);
  });

  it('refuses only the row that holds a character which cannot be read', () => {
    expect(read('a,b\n1,x\0y\n3,4\n').records.map(({ line, fault }) => [line, fault])).toEqual([[2, 'character_unreadable'], [3, undefined]]);
  });

  it('takes a quote inside a cell as typed', () => expect(read('a,b\nTV 24" LED,"màn 24" LED"\n').records[0]?.cells).toEqual(['TV 24" LED', 'màn 24" LED']));
  it('reads an empty quoted cell', () => expect(read('a,b\n"",2\n1,""\n').records.map(({ cells }) => cells)).toEqual([['', '2'], ['1', '']]));
  it('skips empty lines and rows of delimiters only', () => expect(read('a,b\n\n,,\n1,2\n').records).toEqual([{ line: 4, cells: ['1', '2'] }]));
  it('takes the guard off a formula sign', () => expect(read("a\n'=1+1\n").records[0]?.cells).toEqual(['=1+1']));
  it('reads UTF-16 with a byte order mark', () => expect(readCsvRecords(Buffer.from('\ufeffa;b\nĐỗ;2', 'utf16le')).records[0]?.cells).toEqual(['Đỗ', '2']));

  it('refuses another encoding and says where', () => {
    const file = Buffer.concat([Buffer.from('name\nNguy'), Buffer.from([0xea, 0x6e])]);
    expect(() => readCsvRecords(file)).toThrow(expect.objectContaining({ code: importNotUtf8.code }) as Error);
  });
  it('refuses an empty file', () => expect(() => read(' \n')).toThrow(expect.objectContaining({ code: importEmpty.code }) as Error));
});
