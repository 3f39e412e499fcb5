import type { Random, Weighted } from './random.js';

const FAMILY: Weighted<string> = [
  ['Nguyễn', 38],
  ['Trần', 11],
  ['Lê', 9.5],
  ['Phạm', 7],
  ['Hoàng', 4],
  ['Huỳnh', 3],
  ['Phan', 4.5],
  ['Vũ', 3.5],
  ['Võ', 2],
  ['Đặng', 2.1],
  ['Bùi', 2],
  ['Đỗ', 1.4],
  ['Hồ', 1.3],
  ['Ngô', 1.3],
  ['Dương', 1],
  ['Lý', 0.5],
  ['Đinh', 0.9],
  ['Trịnh', 0.8],
  ['Mai', 0.6],
  ['Tạ', 0.4],
  ['Cao', 0.5],
  ['Đào', 0.6],
];
const MIDDLE = {
  female: ['Thị', 'Thị', 'Thị', 'Thị Thu', 'Ngọc', 'Thị Thanh', 'Thùy', 'Kim', 'Thị Bích', 'Minh', 'Hồng', 'Thị Mỹ'],
  male: ['Văn', 'Văn', 'Văn', 'Đức', 'Quang', 'Minh', 'Hữu', 'Xuân', 'Thanh', 'Quốc', 'Đình', 'Công', 'Tuấn'],
};
const GIVEN = {
  female: [
    'Hương',
    'Lan',
    'Hoa',
    'Mai',
    'Thảo',
    'Trang',
    'Linh',
    'Hà',
    'Nga',
    'Hằng',
    'Phương',
    'Yến',
    'Loan',
    'Oanh',
    'Thủy',
    'Dung',
    'Hạnh',
    'Tuyết',
    'Vân',
    'Quỳnh',
    'Nhung',
    'Ánh',
    'Diệp',
    'Trâm',
    'Ngân',
    'Xuân',
  ],
  male: [
    'Hùng',
    'Dũng',
    'Tuấn',
    'Nam',
    'Long',
    'Sơn',
    'Hải',
    'Đức',
    'Thắng',
    'Bình',
    'Quân',
    'Khánh',
    'Phúc',
    'Tài',
    'Đạt',
    'Kiên',
    'Hiếu',
    'Trung',
    'Việt',
    'Cường',
    'Thành',
    'Lâm',
    'Vinh',
    'Tùng',
    'Khoa',
    'Nghĩa',
  ],
};
const MAIL_HOSTS = ['hopthu.example', 'thudientu.example', 'mail.example'];

/** A person's sex and full name as written on an identity card. */
export function person(random: Random): { sex: 'female' | 'male'; name: string } {
  const sex = random.chance(0.54) ? 'female' : 'male';
  return { sex, name: `${random.weighted(FAMILY)} ${random.pick(MIDDLE[sex])} ${random.pick(GIVEN[sex])}` };
}

/** Text without marks, in lower case: Đỗ Thị Hà → do thi ha. */
export function plain(text: string) {
  return text.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('đ', 'd').replaceAll('Đ', 'D').toLowerCase();
}

/** An address that nobody can own (.example is reserved); `number` keeps it unique. */
export function email(name: string, number: number, random: Random) {
  const words = plain(name).split(' ');
  return `${words[words.length - 1]}.${words[0]}${number}@${random.pick(MAIL_HOSTS)}`;
}

const TRADES = [
  { industry: 'Ăn uống', form: 'Nhà hàng', category: 'commercial-user' },
  { industry: 'Lưu trú', form: 'Công ty TNHH Khách sạn', category: 'commercial-user' },
  { industry: 'Ăn uống', form: 'Chuỗi cà phê', category: 'commercial-user' },
  { industry: 'Y tế', form: 'Phòng khám đa khoa', category: 'institutional' },
  { industry: 'Giáo dục', form: 'Trường mầm non', category: 'institutional' },
  { industry: 'Dịch vụ', form: 'Công ty TNHH', category: 'commercial-user' },
  { industry: 'Xây dựng', form: 'Công ty CP Xây dựng', category: 'commercial-user' },
  { industry: 'Sản xuất', form: 'Công ty TNHH May', category: 'commercial-user' },
  { industry: 'Thương mại', form: 'Công ty TNHH Thương mại', category: 'commercial-distributor' },
  { industry: 'Hành chính', form: 'Trung tâm Văn hóa', category: 'government' },
];
const BRANDS = [
  'Sao Mai',
  'Phú An',
  'Hòa Bình',
  'Thiên Phúc',
  'Ánh Dương',
  'Đông Đô',
  'Tân Việt',
  'Bình Minh',
  'Hoa Sen',
  'Minh Long',
  'Gia Hưng',
  'Thành Đạt',
  'Việt Tiến',
  'Hải Âu',
  'Trường Sơn',
  'An Phát',
  'Kim Ngân',
  'Nam Á',
  'Hoàng Gia',
  'Vạn Xuân',
  'Đại Lộc',
  'Phương Nam',
  'Bắc Hà',
  'Tâm Đức',
  'Nhật Minh',
];

/** An organisation: its name, industry and category. `number` makes the names differ. */
export function organisation(random: Random, number: number) {
  const { form, industry, category } = random.pick(TRADES);
  const name = `${form} ${random.pick(BRANDS)} ${number}`;
  return { name, industry, category };
}

const TAX_WEIGHTS = [31, 29, 23, 19, 17, 13, 7, 5, 3];

/** The check digit of a tax code's first nine digits, or undefined when no code begins like that. */
export function taxCheckDigit(nine: string) {
  const digit = 10 - (TAX_WEIGHTS.reduce((sum, weight, i) => sum + weight * Number(nine[i]), 0) % 11);
  return digit === 10 ? undefined : digit;
}

/** A tax code with a valid check digit, different for every number below ten million. */
export function taxCode(number: number) {
  const tail = String((number * 7 + 1_000_000) % 10_000_000).padStart(7, '0');
  const nine = ['03', '01', '04', '02', '06'].map((province) => province + tail).find(taxCheckDigit) as string;
  return `${nine}${taxCheckDigit(nine)}`;
}

/** Today's mobile prefixes beside those of the 11-digit numbers that became them in 2018. */
export const OLD_PREFIX: Record<string, string> = {
  '032': '0162',
  '033': '0163',
  '034': '0164',
  '035': '0165',
  '036': '0166',
  '037': '0167',
  '038': '0168',
  '039': '0169',
  '070': '0120',
  '079': '0121',
  '077': '0122',
  '076': '0126',
  '078': '0128',
  '083': '0123',
  '084': '0124',
  '085': '0125',
  '081': '0127',
  '082': '0129',
  '056': '0186',
  '058': '0188',
  '059': '0199',
};
const PREFIXES = ['090', '091', '093', '094', '096', '097', '098', '086', '088', '089', ...Object.keys(OLD_PREFIX)];

/** A ten-digit mobile number, different for every number below ten million. */
export function mobile(number: number, random: Random) {
  return random.pick(PREFIXES) + String((number * 6_364_137 + 1_234_567) % 10_000_000).padStart(7, '0');
}

/** A mobile number as somebody may have typed it. */
export function typedPhone(phone: string, random: Random) {
  const [a, b, c] = [phone.slice(0, 4), phone.slice(4, 7), phone.slice(7)];
  const old = OLD_PREFIX[phone.slice(0, 3)];
  return random.weighted([
    [phone, 40],
    [`${a} ${b} ${c}`, 14],
    [`${a}.${b}.${c}`, 12],
    [`${a}-${b}-${c}`, 5],
    [`+84${phone.slice(1)}`, 9],
    [`(+84) ${phone.slice(1, 3)} ${phone.slice(3, 6)} ${phone.slice(6)}`, 5],
    [`84${phone.slice(1)}`, 4],
    [phone.slice(1), 4],
    [old ? old + phone.slice(3) : phone, 22],
  ]);
}
