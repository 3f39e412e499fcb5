import { readRow, type RecordFault } from '@quen/chassis';
import { customerColumnSet, type CustomerColumns } from './columns.js';
import { rowValues, type ReadRow } from './row-values.js';

const set = customerColumnSet(['email']);
const at = { today: '2026-11-20', zone: 'Asia/Ho_Chi_Minh' };

const header =
  'STT,Họ và tên,Đơn vị,Mã số thuế,Số điện thoại,Email,Địa chỉ,Ngày sinh,Giới tính,Quan tâm,Đồng ý nhận thông tin,Ghi chú';
const readWith = (names: string, row: string, fault?: RecordFault): ReadRow & { cells: string[] } => {
  const columns = names.split(',');
  // Quoted cells hold no quotes here; splitting files is tested with the reader.
  const cells = [...row.matchAll(/(?:"([^"]*)"|([^,]*))(?:,|$)/g)]
    .map(([, quoted, plain]) => quoted ?? plain ?? '')
    .slice(0, columns.length);
  const map = set.map(columns);
  const typed = readRow({ line: 2, start: 0, cells, ...(fault && { fault }) }, columns, map, set, at);
  const fieldOf = (target: keyof CustomerColumns): string =>
    columns[[...map].find(([, each]) => each === target)?.[0] ?? -1] ?? target;
  return { ...rowValues(typed, fieldOf), cells: typed.warnings.map(({ field, code }) => `${field}: ${code}`) };
};
const read = (row: string, fault?: RecordFault): ReturnType<typeof readWith> => readWith(header, row, fault);
const faults = (row: string, fault?: RecordFault): string[] =>
  read(row, fault).faults?.map(({ field, code }) => `${field}: ${code}`) ?? [];

describe('readRow', () => {
  it('reads a person', () => {
    expect(
      read(
        '1,Chị NGUYỄN THỊ THU LAN,,,01688 123 456,LAN@mail.example,"32/3 Trần Duy Hưng, Hà Nội",12/09/1981,nữ,Máy lọc nước,đồng ý,',
      ).values,
    ).toMatchObject({
      line: 2,
      details: {
        displayName: 'Nguyễn Thị Thu Lan',
        title: 'Chị',
        phones: [{ e164: '+84388123456' }],
        emails: ['lan@mail.example'],
        address: { text: '32/3 Trần Duy Hưng, Hà Nội', province: 'Hà Nội' },
        birthDate: '1981-09-12',
        sex: 'female',
        needs: 'Máy lọc nước',
      },
      consents: [{ purpose: 'marketing', channel: 'email', given: true, wording: 'Đồng ý nhận thông tin' }],
    });
  });

  it('takes the organisation as the customer and the person as its representative; a wrong tax code only warns', () => {
    expect(
      read('3,Ngô Thị Thu Nhung,Công ty CP Xây dựng Hoàng Gia,0101243151,0886449340,,,,nữ,,không,').values,
    ).toMatchObject({
      details: {
        kind: 'organisation',
        displayName: 'Công ty CP Xây dựng Hoàng Gia',
        representative: 'Ngô Thị Thu Nhung',
        taxCode: '0101243151',
      },
      consents: [{ given: false }],
      warnings: ['tax_code_checksum'],
    });
  });

  it('takes silence for no answer', () => expect(read('1,Lan,,,0912345678,,,,,,,').values?.consents).toEqual([]));
  it('reads two phones of one cell', () =>
    expect(read('1,Lan,,,0912345678 / 02437901800,,,,,,,').values?.details.phones).toHaveLength(2));

  it.each([
    ['1,,,,,,,,,,,', ['Họ và tên: name_missing', 'Số điện thoại: key_missing']],
    ['1,Lan,,,không có,,,,,,,', ['Số điện thoại: key_missing']],
    ['1,Lan,,,gọi sau,,,,,,,', ['Số điện thoại: phone_invalid']],
    [
      '1,Lan,,12345,0912345678,lan@,,,?,,có lẽ,=1+1',
      ['Mã số thuế: tax_code_invalid', 'Email: email_invalid', 'Đồng ý nhận thông tin: value_unknown'],
    ],
    [`1,${'Lan '.repeat(60)},Công ty X,,0912345678,,,,,,,`, ['Họ và tên: text_too_long']],
    ['1,Lan,,,0912345678,"lê.giữa@mail.example, lan@mail.example",,,,,,', ['Email: email_invalid']],
  ])('%s', (row, expected) => expect(faults(row)).toEqual(expected));

  it('takes what can be read of a row, and tells the rest', () => {
    const row = read('1,Lan,,,0912345678 (chị Hoa) / 12,N/A,,1985,?,,,=1+1');
    expect(row.values).toMatchObject({ details: { phones: [{ e164: '+84912345678' }], emails: [], note: '=1+1' } });
    expect(row.values?.details).toMatchObject({ birthDate: undefined, sex: undefined });
    expect(row.cells).toEqual([
      'Số điện thoại: partly_read',
      'Số điện thoại: partly_read',
      'Email: placeholder',
      'Ngày sinh: day_is_year',
      'Giới tính: placeholder',
    ]);
    expect(read('1,Lan,,,0912345678,,,31/02/1985,,,,').cells).toEqual(['Ngày sinh: date_invalid']);
  });

  it('leaves a record that could not be split alone', () =>
    expect(faults('1,Lan,,,0912345678,,,,,,,', 'unclosed_quote')).toEqual([': unclosed_quote']));

  it.each([
    [
      'Họ đệm,Tên,SĐT',
      'Nguyễn Thị Thu,Lan,0960001701',
      { displayName: 'Nguyễn Thị Thu Lan', familyName: 'Nguyễn', middleName: 'Thị Thu', givenName: 'Lan' },
    ],
    [
      'Họ,Đệm,Tên,SĐT',
      'NGUYỄN,THỊ THU,LAN,0960001701',
      { displayName: 'Nguyễn Thị Thu Lan', familyName: 'Nguyễn', middleName: 'Thị Thu', givenName: 'Lan' },
    ],
    [
      'Họ và tên đệm,Tên,SĐT',
      'Tôn Nữ Thị,Ninh,0960001701',
      { displayName: 'Tôn Nữ Thị Ninh', familyName: 'Tôn Nữ', middleName: 'Thị', givenName: 'Ninh' },
    ],
    [
      'First Name,Last Name,Phone',
      'Lan,Nguyễn,0960001701',
      { displayName: 'Nguyễn Lan', familyName: 'Nguyễn', middleName: null, givenName: 'Lan' },
    ],
    [
      'First Name,Middle Name,Last Name,Phone',
      'John,F,Smith,0960001701',
      { displayName: 'John F Smith', familyName: 'Smith', middleName: 'F', givenName: 'John' },
    ],
    [
      'givenName,familyName,phone',
      'Lan,Tran,0960001701',
      { displayName: 'Tran Lan', familyName: 'Tran', givenName: 'Lan' },
    ],
    ['Tên,SĐT', 'Lan Anh,0960001701', { displayName: 'Lan Anh' }],
  ])('keeps a name in parts: %s', (names, row, expected) =>
    expect(readWith(names, row).values?.details).toMatchObject(expected),
  );

  it('does not take parts of a person for those of a firm', () =>
    expect(readWith('Công ty,Họ,Tên,SĐT', 'Công ty An Phát,Nguyễn,Lan,0960001701').values?.details).toEqual(
      expect.objectContaining({ displayName: 'Công ty An Phát', representative: 'Nguyễn Lan' }),
    ));

  describe('of consent', () => {
    const consents = (names: string, row: string) => readWith(`Tên,SĐT,${names}`, `Lan,0912345678,${row}`).values;
    it('refuses where a column that denies is marked, and says nothing where it is blank', () => {
      expect(consents('Không nhận quảng cáo', 'x')?.consents).toMatchObject([
        { purpose: 'marketing', channel: 'email', given: false, others: true },
      ]);
      expect(consents('Không nhận quảng cáo', '')?.consents).toEqual([]);
      expect(consents('Không nhận quảng cáo', 'không')?.consents).toEqual([]);
      expect(consents('Unsubscribed at', '2024-03-01 10:00:00')?.consents).toMatchObject([
        { given: false, on: '2024-03-01' },
      ]);
    });
    it('refuses where a column that asks holds a word that denies', () =>
      expect(consents('Đồng ý nhận tin', 'unsubscribed')?.consents).toMatchObject([{ given: false }]));
    it('takes the time of a mailing tool for the day of a consent, never for one', () => {
      expect(consents('OPTIN_TIME,OPTIN_IP', '2024-02-12 17:59:31,203.0.113.5')).toMatchObject({
        consents: [],
        consentOn: '2024-02-12',
        warnings: [],
      });
      expect(consents('Đồng ý,OPTIN_TIME,CONFIRM_TIME', 'x,2024-02-12 17:59:31,2024-02-13 08:00:00')).toMatchObject({
        consents: [{ given: true }],
        consentOn: '2024-02-12',
      });
      for (const day of ['hôm qua', '01/01/2999']) {
        const row = readWith('Tên,SĐT,Đồng ý,Ngày đồng ý', `Lan,0912345678,x,${day}`);
        expect(row.values).toMatchObject({ consents: [{ given: true }], consentOn: undefined });
        expect(row.cells).toEqual(['Ngày đồng ý: consent_day_unreadable']);
      }
    });
  });
});
