import { ColumnSet } from './column-set.js';
import { choice, code, day, flag, money, name, quantity, text } from './column.js';
import { readRow, type ImportRow } from './read-row.js';

const set = new ColumnSet({
  code: code({ headings: ['Mã hàng', 'SKU'], need: 'required' }),
  name: name({ headings: ['Tên hàng'], need: 'required', most: 20 }),
  price: money({ headings: ['Giá bán', 'Đơn giá'] }),
  stock: quantity({ headings: ['Tồn kho'] }),
  since: day({ headings: [/^ngay (nhap|tao)$/] }),
  kind: choice(['goods', 'service'], { 'hàng hóa': 'goods', 'dịch vụ': 'service' }, { headings: ['Loại'] }),
  active: flag({ 'ngừng bán': false }, { headings: ['Đang bán'] }),
  note: text({ headings: ['Ghi chú'] }),
});
const header = [
  'STT',
  'Mã hàng (*)',
  'TÊN HÀNG',
  'Giá bán (VND)',
  'ton_kho',
  'Ngày nhập',
  'Loại',
  'Đang bán',
  'Ghi chú',
];
const read = (...cells: string[]): ImportRow<(typeof set)['columns']> =>
  readRow({ line: 2, start: 0, cells: header.map((_, index) => cells[index] ?? '') }, header, set.map(header), set, {
    today: '2026-11-20',
    zone: 'Asia/Ho_Chi_Minh',
  });

describe('ColumnSet', () => {
  it('knows headings in any spelling, and tells what nothing reads', () => {
    const map = set.map(header);
    expect([...map.values()]).toEqual(['code', 'name', 'price', 'stock', 'since', 'kind', 'active', 'note']);
    expect(set.unread(header, map)).toEqual(['STT']);
    expect([...set.map(['sku', 'Mã hàng', 'line', 'field', 'reason', 'code'])]).toEqual([[0, 'code']]);
  });

  it('lets the caller say otherwise', () => {
    const mapping = set.mapping('{"STT":"note","Ghi chú":null}', header);
    expect(set.map(header, mapping).get(0)).toBe('note');
    expect(set.map(header, mapping).has(8)).toBe(false);
    for (const [json, code_] of [
      ['{"X":"note"}', 'unknown_header'],
      ['{"STT":"x"}', 'unknown_target'],
      ['[]', 'wrong_type'],
    ])
      expect(() => set.mapping(json, header)).toThrow(
        expect.objectContaining({ errors: [expect.objectContaining({ code: code_ })] }) as Error,
      );
  });

  it('names the columns that each row needs and that are missing', () =>
    expect(() => set.mustCover(['Tên hàng'], set.map(['Tên hàng']))).toThrow(
      expect.objectContaining({
        code: 'import_columns_missing',
        params: { missing: 'code', headers: 'Tên hàng' },
      }) as Error,
    ));
});

describe('readRow', () => {
  it('reads what the columns say', () =>
    expect(
      read('1', ' ab-1', 'Lõi lọc', '1.500.000 ₫', '2,5', '15/01/2025 00:00:00', 'Dịch vụ', 'x', '- gọi sau'),
    ).toMatchObject({
      values: {
        code: 'AB-1',
        name: 'Lõi lọc',
        price: '1500000',
        stock: '2.5',
        since: '2025-01-15',
        kind: 'service',
        active: true,
        note: '- gọi sau',
      },
      faults: [],
      warnings: [],
    }));

  it('lets an optional cell that cannot be read cost itself, with a warning', () =>
    expect(read('1', 'AB-1', 'Lõi', 'rẻ', '1.500', '2999-01-01', 'xe', 'có lẽ', 'N/A')).toMatchObject({
      values: { code: 'AB-1', name: 'Lõi' },
      faults: [],
      warnings: [
        { field: 'Giá bán (VND)', code: 'number_invalid', text: 'rẻ' },
        { field: 'ton_kho', code: 'number_unclear' },
        { field: 'Ngày nhập', code: 'day_in_future' },
        { field: 'Loại', code: 'value_unknown' },
        { field: 'Đang bán', code: 'value_unknown' },
        { field: 'Ghi chú', code: 'placeholder' },
      ],
    }));

  it('refuses a row without what it needs, or with an unreadable key', () => {
    expect(read('1', '', 'N/A').faults).toEqual([
      { field: 'Mã hàng (*)', code: 'missing' },
      { field: 'TÊN HÀNG', code: 'missing' },
    ]);
    expect(read('1', 'a b', 'x'.repeat(21)).faults).toMatchObject([
      { code: 'code_invalid' },
      { code: 'text_too_long' },
    ]);
  });
});
