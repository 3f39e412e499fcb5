import type { ColumnMap } from '@quen/chassis';
import { customerColumnSet, readTarget } from './columns.js';

const set = customerColumnSet(['email']);
const guess = (header: string): string | undefined => set.map([header]).get(0);
const mapColumns = (header: string[], told: Record<string, string | null>): ColumnMap => set.map(header, told);

describe('a heading', () => {
  it.each([
    ['Họ và tên', 'name'],
    ['HỌ TÊN', 'name'],
    ['Đơn vị', 'organisation'],
    ['Mã số thuế', 'taxCode'],
    ['MST', 'taxCode'],
    ['Số điện thoại', 'phone'],
    ['SĐT', 'phone'],
    ['Điện thoại 2', 'phone'],
    ['Email', 'email'],
    ['Địa chỉ', 'address'],
    ['Ngày sinh', 'birthDate'],
    ['Giới tính', 'sex'],
    ['Quan tâm', 'needs'],
    ['Ghi chú', 'note'],
    ['Mã KH', 'code'],
    ['code', 'code'],
    ['taxCode', 'taxCode'],
    ['birthDate', 'birthDate'],
    ['Số CCCD', 'citizenId'],
    ['branch', 'branch'],
    ['customerSince', 'customerSince'],
    ['class', 'category'],
    ['representative', 'representative'],
    ['Tỉnh/Thành phố', 'province'],
    ['Họ và tên'.normalize('NFD'), 'name'],
    ['Đồng ý nhận thông tin', 'consent:marketing:email'],
    ['marketingConsent', 'consent:marketing:email'],
    ['Đồng ý nhận SMS, Zalo', 'consent:marketing:sms+zalo'],
    ['Đồng ý khảo sát qua điện thoại', 'consent:survey:phone'],
  ])('%s → %s', (header, target) => expect(guess(header)).toBe(target));

  it('does not guess what it does not know', () => expect(guess('STT')).toBeUndefined());
});

describe('the columns of a file', () => {
  it('prefers what the caller says, leaves out what is null, guesses the rest', () => {
    const columns = mapColumns(['Tên', 'Tên công ty', 'SĐT', 'Ghi chú', 'Cột 5'], {
      Tên: 'representative',
      'Ghi chú': null,
      'Cột 5': 'consent:care:phone',
    });
    expect([...columns]).toEqual([
      [0, 'representative'],
      [1, 'organisation'],
      [2, 'phone'],
      [4, 'consent:care:phone'],
    ]);
  });

  it('leaves the report columns of a failed-rows file alone', () =>
    expect([...mapColumns(['Tên', 'line', 'field', 'reason'], {}).values()]).toEqual(['name']));

  it('takes several phones, but one name', () => {
    const columns = mapColumns(['Họ tên', 'Khách hàng', 'SĐT', 'Di động'], {});
    expect([...columns.values()]).toEqual(['name', 'phone', 'phone']);
  });
});

it.each(['consent:marketing', 'consent:spam:email', 'consent:marketing:pigeon', 'nonsense', ''])(
  '%j is no target',
  (text) => expect([readTarget(text), set.column(text)]).toEqual([undefined, undefined]),
);
