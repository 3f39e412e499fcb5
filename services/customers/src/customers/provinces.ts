import { fold } from '@quen/chassis';

/**
 * The 34 provinces and cities since 1 July 2025, each with the old ones that were merged into it (Resolution
 * 202/2025/QH15)
 * and common short forms. Each old province went whole into one new one, so that the name of today can always be told.
 */
const provinces: Record<string, string[]> = {
  'Hà Nội': ['hn', 'ha tay'],
  Huế: ['thua thien hue', 'tt hue', 'hue'],
  'Lai Châu': [],
  'Điện Biên': [],
  'Sơn La': [],
  'Lạng Sơn': [],
  'Quảng Ninh': [],
  'Thanh Hóa': [],
  'Nghệ An': [],
  'Hà Tĩnh': [],
  'Cao Bằng': [],
  'Tuyên Quang': ['ha giang'],
  'Lào Cai': ['yen bai'],
  'Thái Nguyên': ['bac kan', 'bac can'],
  'Phú Thọ': ['vinh phuc', 'hoa binh'],
  'Bắc Ninh': ['bac giang'],
  'Hưng Yên': ['thai binh'],
  'Hải Phòng': ['hai duong', 'hp'],
  'Ninh Bình': ['ha nam', 'nam dinh'],
  'Quảng Trị': ['quang binh'],
  'Đà Nẵng': ['quang nam', 'dn'],
  'Quảng Ngãi': ['kon tum'],
  'Gia Lai': ['binh dinh'],
  'Khánh Hòa': ['ninh thuan'],
  'Lâm Đồng': ['dak nong', 'dac nong', 'binh thuan'],
  'Đắk Lắk': ['dac lac', 'daklak', 'phu yen'],
  'TP. Hồ Chí Minh': [
    'ho chi minh',
    'tp hcm',
    'tphcm',
    'hcm',
    'hcmc',
    'sai gon',
    'ba ria vung tau',
    'vung tau',
    'brvt',
    'binh duong',
  ],
  'Đồng Nai': ['binh phuoc'],
  'Tây Ninh': ['long an'],
  'Cần Thơ': ['soc trang', 'hau giang'],
  'Vĩnh Long': ['ben tre', 'tra vinh'],
  'Đồng Tháp': ['tien giang'],
  'Cà Mau': ['bac lieu'],
  'An Giang': ['kien giang'],
};

const plain = (text: string): string =>
  fold(text)
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();
const byName = new Map(
  Object.entries(provinces).flatMap(
    ([name, others]) =>
      [[plain(name), name], ...others.map((other): [string, string] => [other, name])] as [string, string][],
  ),
);
const longest = Math.max(...[...byName.keys()].map((name) => name.split(' ').length));

/**
 * Today's name of the province that an address names last, or undefined; streets named after a province stand before
 * it.
 */
export function provinceOf(address: string): string | undefined {
  const words = plain(address).split(' ');
  for (let end = words.length; end > Math.max(0, words.length - 5); end -= 1) {
    for (let length = Math.min(longest, end); length > 0; length -= 1) {
      const province = byName.get(words.slice(end - length, end).join(' '));
      if (province) return province;
    }
  }
  return undefined;
}
