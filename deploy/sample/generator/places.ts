import type { Random, Weighted } from './random.js';

/** Streets and wards of the area that some branches serve. */
export interface Area {
  branches: Weighted<string>;
  weight: number;
  province: string;
  spellings: string[];
  streets: string[];
  /** Those of the two-tier addresses in force since July 2025 (34 provinces). */
  wards: string[];
  /** The ward and district before; people still type both. */
  old: [ward: string, district: string][];
  /** Provinces that were merged into this one. */
  former?: [province: string, wards: [ward: string, city: string][]][];
}

const AREAS: Area[] = [
  {
    branches: [
      ['HN-CG', 5],
      ['HN-LB', 3],
      ['HN-HD', 3],
    ],
    weight: 34,
    province: 'Hà Nội',
    spellings: ['Hà Nội', 'TP. Hà Nội', 'Thành phố Hà Nội', 'HN', 'Ha Noi'],
    streets: [
      'Bạch Mai',
      'Đội Cấn',
      'Xuân Thủy',
      'Nguyễn Trãi',
      'Giải Phóng',
      'Lạc Long Quân',
      'Trần Duy Hưng',
      'Ngọc Lâm',
      'Quang Trung',
      'Thụy Khuê',
    ],
    wards: [
      'Hai Bà Trưng',
      'Ba Đình',
      'Cầu Giấy',
      'Nghĩa Đô',
      'Thanh Xuân',
      'Hoàng Mai',
      'Tây Hồ',
      'Đống Đa',
      'Kim Liên',
      'Long Biên',
      'Bồ Đề',
      'Hà Đông',
      'Từ Liêm',
    ],
    old: [
      ['Cầu Dền', 'Hai Bà Trưng'],
      ['Cống Vị', 'Ba Đình'],
      ['Dịch Vọng', 'Cầu Giấy'],
      ['Khương Trung', 'Thanh Xuân'],
      ['Giáp Bát', 'Hoàng Mai'],
      ['Quảng An', 'Tây Hồ'],
      ['Láng Hạ', 'Đống Đa'],
      ['Ngọc Lâm', 'Long Biên'],
      ['Văn Quán', 'Hà Đông'],
    ],
  },
  {
    branches: [
      ['HP-LC', 3],
      ['HP-HD', 2],
    ],
    weight: 16,
    province: 'Hải Phòng',
    spellings: ['Hải Phòng', 'TP. Hải Phòng', 'HP', 'Hai Phong'],
    streets: ['Lạch Tray', 'Tô Hiệu', 'Trần Nguyên Hãn', 'Cầu Đất', 'Lê Hồng Phong', 'Điện Biên Phủ', 'Văn Cao'],
    wards: ['Lê Chân', 'Ngô Quyền', 'Gia Viên', 'Hồng Bàng', 'Hải An', 'Kiến An', 'Hải Dương', 'Lê Thanh Nghị'],
    old: [
      ['Dư Hàng', 'Lê Chân'],
      ['Lạch Tray', 'Ngô Quyền'],
      ['Minh Khai', 'Hồng Bàng'],
      ['Đằng Lâm', 'Hải An'],
    ],
    former: [
      [
        'Hải Dương',
        [
          ['Quang Trung', 'thành phố Hải Dương'],
          ['Sao Đỏ', 'thành phố Chí Linh'],
        ],
      ],
    ],
  },
  {
    branches: [
      ['DN-HC', 3],
      ['DN-HA', 2],
    ],
    weight: 15,
    province: 'Đà Nẵng',
    spellings: ['Đà Nẵng', 'TP. Đà Nẵng', 'ĐN', 'Da Nang'],
    streets: ['Nguyễn Văn Linh', 'Hàm Nghi', 'Lê Duẩn', 'Ông Ích Khiêm', 'Núi Thành', 'Trưng Nữ Vương', 'Hai Bà Trưng'],
    wards: ['Hải Châu', 'Hòa Cường', 'Thanh Khê', 'Sơn Trà', 'Ngũ Hành Sơn', 'Cẩm Lệ', 'Hội An', 'Tam Kỳ'],
    old: [
      ['Thạch Thang', 'Hải Châu'],
      ['Vĩnh Trung', 'Thanh Khê'],
      ['An Hải Bắc', 'Sơn Trà'],
      ['Mỹ An', 'Ngũ Hành Sơn'],
    ],
    former: [
      [
        'Quảng Nam',
        [
          ['Minh An', 'thành phố Hội An'],
          ['An Mỹ', 'thành phố Tam Kỳ'],
        ],
      ],
    ],
  },
  {
    branches: [
      ['HCM-PN', 4],
      ['HCM-GV', 3],
      ['HCM-TD', 3],
      ['HCM-TDM', 2],
    ],
    weight: 35,
    province: 'TP. Hồ Chí Minh',
    spellings: ['TP. Hồ Chí Minh', 'TP.HCM', 'Tp HCM', 'Thành phố Hồ Chí Minh', 'Sài Gòn', 'TPHCM'],
    streets: [
      'Phan Đăng Lưu',
      'Lê Văn Sỹ',
      'Cách Mạng Tháng Tám',
      'Nguyễn Thị Minh Khai',
      'Quang Trung',
      'Võ Văn Ngân',
      'Xô Viết Nghệ Tĩnh',
      'Lũy Bán Bích',
      'Nguyễn Oanh',
    ],
    wards: [
      'Sài Gòn',
      'Bến Thành',
      'Tân Định',
      'Phú Nhuận',
      'Gò Vấp',
      'Hạnh Thông',
      'Thủ Đức',
      'Hiệp Bình',
      'Bình Thạnh',
      'Tân Bình',
      'Bảy Hiền',
      'Tân Phú',
      'Chợ Lớn',
      'Thủ Dầu Một',
      'Vũng Tàu',
    ],
    old: [
      ['Bến Nghé', '1'],
      ['Đa Kao', '1'],
      ['Võ Thị Sáu', '3'],
      ['12', 'Gò Vấp'],
      ['Linh Chiểu', 'Thủ Đức'],
      ['25', 'Bình Thạnh'],
      ['2', 'Tân Bình'],
      ['9', 'Phú Nhuận'],
    ],
    former: [
      [
        'Bình Dương',
        [
          ['Phú Cường', 'thành phố Thủ Dầu Một'],
          ['Lái Thiêu', 'thành phố Thuận An'],
        ],
      ],
      ['Bà Rịa - Vũng Tàu', [['Thắng Tam', 'thành phố Vũng Tàu']]],
    ],
  },
];
const choices = AREAS.map((area) => [area, area.weight] as const);

/** Where somebody lives: the area's province of today and the sub-branch that serves it. */
export function place(random: Random) {
  const area = random.weighted(choices);
  return { area, province: area.province, branch: random.weighted(area.branches) };
}

/** An address in the two-tier form of today, written out. */
export function address(area: Area, random: Random) {
  return `Số ${random.between(1, 480)} đường ${random.pick(area.streets)}, phường ${random.pick(area.wards)}, ${area.province}`;
}

/** An address as typed by hand: today's two tiers or the former three, with and without abbreviations. */
export function typedAddress(area: Area, random: Random) {
  const house = random.weighted([
    [`Số ${random.between(1, 480)}`, 5],
    [`${random.between(1, 480)}`, 4],
    [`${random.between(2, 90)}/${random.between(1, 60)}`, 3],
    [`Ngõ ${random.between(2, 400)}`, 1],
  ]);
  const street = random.pick(area.streets);
  if (random.chance(0.45)) {
    const ward = random.pick(area.wards);
    return random.pick([
      `${house} đường ${street}, phường ${ward}, ${random.pick(area.spellings)}`,
      `${house} ${street}, P. ${ward}, ${random.pick(area.spellings)}`,
      `${house} ${street} - P.${ward} - ${random.pick(area.spellings)}`,
    ]);
  }
  if (area.former && random.chance(0.3)) {
    const [province, wards] = random.pick(area.former);
    const [ward, city] = random.pick(wards);
    return `${house} ${street}, phường ${ward}, ${city}, tỉnh ${province}`;
  }
  const [ward, district] = random.pick(area.old);
  return random.pick([
    `${house} đường ${street}, phường ${ward}, quận ${district}, ${random.pick(area.spellings)}`,
    `${house} ${street}, P.${ward}, Q.${district}, ${random.pick(area.spellings)}`,
    `${house} ${street} p ${ward} q ${district} ${random.pick(area.spellings)}`,
  ]);
}
