import { mapColumns } from './columns.js';
import { readCsvRecords } from './csv-records.js';
import { readRow, type ReadRow } from './row-values.js';

const header = 'STT,Họ và tên,Đơn vị,Mã số thuế,Số điện thoại,Email,Địa chỉ,Ngày sinh,Giới tính,Quan tâm,Đồng ý nhận thông tin,Ghi chú';
const read = (row: string): ReadRow => {
  const file = readCsvRecords(Buffer.from(`${header}\n${row}\n`));
  return readRow(file.records[0]!, file.header, mapColumns(file.header, {}, ['email']));
};
const faults = (row: string): string[] => read(row).faults?.map(({ field, code }) => `${field}: ${code}`) ?? [];

describe('readRow', () => {
  it('reads a person', () => {
    expect(read('1,Chị NGUYỄN THỊ THU LAN,,,01688 123 456,LAN@mail.example,"32/3 Trần Duy Hưng, Hà Nội",12/09/1981,nữ,Máy lọc nước,đồng ý,').values).toMatchObject({
      line: 2,
      details: {
        displayName: 'Nguyễn Thị Thu Lan', title: 'Chị', phones: [{ e164: '+84388123456' }], emails: ['lan@mail.example'],
        address: { text: '32/3 Trần Duy Hưng, Hà Nội', province: 'Hà Nội' }, birthDate: '1981-09-12', sex: 'female', needs: 'Máy lọc nước',
      },
      consents: [{ purpose: 'marketing', channel: 'email', given: true, wording: 'Đồng ý nhận thông tin' }],
    });
  });

  it('takes the organisation as the customer and the person as its representative; a wrong tax code only warns', () => {
    expect(read('3,Ngô Thị Thu Nhung,Công ty CP Xây dựng Hoàng Gia,0101243151,0886449340,,,,nữ,,không,').values).toMatchObject({
      details: { kind: 'organisation', displayName: 'Công ty CP Xây dựng Hoàng Gia', representative: 'Ngô Thị Thu Nhung', taxCode: '0101243151' },
      consents: [{ given: false }], warnings: ['tax_code_checksum'],
    });
  });

  it('takes silence for no answer', () => expect(read('1,Lan,,,0912345678,,,,,,,').values?.consents).toEqual([]));
  it('reads two phones of one cell', () => expect(read('1,Lan,,,0912345678 / 02437901800,,,,,,,').values?.details.phones).toHaveLength(2));

  it.each([
    ['1,,,,,,,,,,,', ['Họ và tên: name_missing', 'Số điện thoại: key_missing']],
    ['1,Lan,,,0912345678,,,31/02/1985,,,,', ['Ngày sinh: date_invalid']],
    ['1,Lan,,,không có,,,,,,,', ['Số điện thoại: phone_invalid']],
    ['1,Lan,,12345,0912345678,lan@,,,?,,có lẽ,=1+1', ['Đồng ý nhận thông tin: value_unknown', 'Ghi chú: formula_cell', 'Email: email_invalid', 'Mã số thuế: tax_code_invalid', 'Giới tính: value_unknown']],
    ['1,Lan\0,,,0912345678,,,,,,,', [': character_unreadable']],
    [`1,${'Lan '.repeat(60)},Công ty X,,0912345678,,,,,,,`, ['Họ và tên: text_too_long']],
    ['1,Lan,,,0912345678', [': too_few_cells']],
    ['1,"Lan,,,0912345678,,,,,,,', [': unclosed_quote']],
  ])('%s', (row, expected) => expect(faults(row)).toEqual(expected));
});
