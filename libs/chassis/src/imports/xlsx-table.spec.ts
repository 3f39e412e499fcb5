import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import { openTable } from './open-table.js';

const workbook = (sheets: Record<string, string>, rest: Record<string, string> = {}): Promise<Buffer> => {
  const zip = new ZipFile();
  const names = Object.keys(sheets);
  const parts: Record<string, string> = {
    'xl/workbook.xml': `<workbook xmlns:r="r"><sheets>${names.map((name, at) => `<sheet name="${name}" sheetId="${at + 1}" r:id="rId${at + 1}"/>`).join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships>${names.map((_, at) => `<Relationship Id="rId${at + 1}" Target="worksheets/sheet${at + 1}.xml"/>`).join('')}</Relationships>`,
    'xl/styles.xml': `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/><numFmt numFmtId="165" formatCode="#,##0\\ &quot;đồng&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="22"/></cellXfs></styleSheet>`,
    ...Object.fromEntries(
      names.map((name, at) => [
        `xl/worksheets/sheet${at + 1}.xml`,
        `<worksheet><sheetData>${sheets[name]}</sheetData></worksheet>`,
      ]),
    ),
    ...rest,
  };
  for (const [name, text] of Object.entries(parts)) zip.addBuffer(Buffer.from(text), name);
  zip.end();
  return buffer(zip.outputStream);
};
const text = (value: string): string => `<c t="inlineStr"><is><t>${value}</t></is></c>`;
const rows = async (file: Buffer, sheet?: string): Promise<unknown[]> => {
  const table = await openTable(file, { ...(sheet && { sheet }) });
  const all: unknown[] = [table.header];
  for await (const batch of table.batches(100)) all.push(...batch.map(({ line, cells }) => [line, ...cells]));
  return all;
};

describe('a workbook', () => {
  it('is read with its numbers and days as they are meant', async () => {
    const file = await workbook({
      Khách: `<row r="1">${['Tên', 'Ngày', 'Tiền', 'Số'].map(text).join('')}</row>
        <row r="3"><c r="A3" t="inlineStr"><is><r><t>Nguyễn</t></r><r><t xml:space="preserve"> "Lan"</t></r></is></c><c r="B3" s="1"><v>31182</v></c><c r="C3" s="2"><v>1500000</v></c><c r="D3"><v>1.234</v></c></row>
        <row r="4"><c r="A4" t="str"><v>Hà_x000D_
Nội</v></c><c r="B4" s="3"><v>45672.5</v></c><c r="D4"><v>0.30000000000000004</v></c></row>
        <row r="5"><c r="C5"><v>1.5E+9</v></c><c r="D5" t="b"><v>1</v></c></row>`,
      Khác: `<row>${text('x')}</row>`,
    });
    expect(await rows(file)).toEqual([
      ['Tên', 'Ngày', 'Tiền', 'Số'],
      [3, 'Nguyễn "Lan"', '1985-05-15', '1500000', '1.2340'],
      [4, 'Hà\nNội', '2025-01-15 12:00:00', '', '0.3'],
      [5, '', '', '1500000000', 'TRUE'],
    ]);
    expect(await rows(file, 'Khác')).toEqual([['x']]);
    await expect(openTable(file, { sheet: 'X' })).rejects.toMatchObject({ code: 'sheet_unknown' });
  });

  it('shares texts, and counts days from 1904 where it says so', async () => {
    const file = await workbook(
      { A: `<row><c t="s"><v>1</v></c></row><row><c t="s"><v>0</v></c></row><row><c s="1"><v>29720</v></c></row>` },
      {
        'xl/sharedStrings.xml': '<sst><si><t>một</t><rPh><t>x</t></rPh></si><si><t>tên</t></si></sst>',
        'xl/workbook.xml':
          '<workbook xmlns:r="r"><workbookPr date1904="1"/><sheets><sheet name="A" r:id="rId1"/></sheets></workbook>',
      },
    );
    expect(await rows(file)).toEqual([['tên'], [2, 'một'], [3, '1985-05-15']]);
  });

  it.each([
    ['a torn archive', async () => (await workbook({ A: '' })).subarray(0, 300), 'workbook_unreadable'],
    [
      'torn XML',
      () => workbook({ A: '<row><c>' }, { 'xl/worksheets/sheet1.xml': '<worksheet><row>' }),
      'workbook_unreadable',
    ],
    ['another archive', () => workbook({ A: '' }, { 'xl/workbook.xml': '<x/>' }), 'workbook_unreadable'],
    ['a bomb', () => workbook({ A: '' }, { 'xl/styles.xml': ' '.repeat(9_000_000) }), 'workbook_too_large'],
    ['rows that go back', () => workbook({ A: '<row r="5"/><row r="2"/>' }), 'workbook_too_large'],
    ['nothing', () => workbook({ A: '' }), 'csv_empty'],
  ])('with %s is refused', async (_, make, code) => expect(openTable(await make())).rejects.toMatchObject({ code }));
});
