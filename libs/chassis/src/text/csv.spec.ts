import { readCsv, writeCsv } from './csv.js';

const utf8 = (text: string): Buffer => Buffer.from(text, 'utf8');

describe('readCsv', () => {
  it('reads a semicolon file with byte order mark, quotes and line breaks, and numbers lines as the file does', () => {
    const table = readCsv(utf8('\ufeffTên;Ghi chú\r\n"Đỗ Ánh";"dòng 1\ndòng 2"\r\n\r\nBình;\r\n'));
    expect(table.columns).toEqual(['Tên', 'Ghi chú']);
    expect(table.rows).toEqual([
      { line: 2, values: { Tên: 'Đỗ Ánh', 'Ghi chú': 'dòng 1\ndòng 2' } },
      { line: 5, values: { Tên: 'Bình', 'Ghi chú': '' } },
    ]);
  });

  it('reads UTF-16 and the Vietnamese Windows code page', () => {
    expect(readCsv(Buffer.from('\ufeffTên\tSố\nÁnh\t1\n', 'utf16le')).rows[0]?.values).toEqual({ Tên: 'Ánh', Số: '1' });
    expect(readCsv(Buffer.from([0x74, 0xea, 0x6e, 0x0a, 0xd0, 0x0a])).rows[0]?.values).toEqual({ tên: 'Đ' });
  });

  it('fills rows that are too short and joins decomposed marks', () => {
    expect(readCsv(utf8('a,b,c\nĐỗ\n'.normalize('NFD'))).rows[0]?.values).toEqual({ a: 'Đỗ', b: '', c: '' });
  });

  it.each([['', 'csv_empty'], ['a,a\n1,2', 'csv_duplicate_column'], ['a,b\n"x,1', 'csv_unreadable']])('refuses %j as %s', (text, code) => {
    expect(() => readCsv(utf8(text))).toThrow(expect.objectContaining({ code }));
  });
});

describe('writeCsv', () => {
  it('keeps formulas from running, and gives back what was written', () => {
    const rows = [{ name: '=HYPERLINK("http://x")', phone: '+84 901 234 567', amount: '-5', note: '@SUM(A1)' }];
    const file = writeCsv(['name', 'phone', 'amount', 'note'], rows);
    expect(file.toString()).toContain("'=HYPERLINK");
    expect(file.toString()).toContain(',+84 901 234 567,-5,\'@SUM');
    expect(readCsv(file).rows[0]?.values).toEqual(rows[0]);
  });
});
