import { provinceOf } from './provinces.js';

it.each([
  ['32/3 Trần Duy Hưng, P. Từ Liêm, Thành phố Hà Nội', 'Hà Nội'],
  ['Số 259 đường Quang Trung, phường Thủ Dầu Một, Sài Gòn', 'TP. Hồ Chí Minh'],
  ['442 Lê Văn Sỹ - P.Hiệp Bình - TPHCM', 'TP. Hồ Chí Minh'],
  ['Số 450 Lê Duẩn, phường An Mỹ, thành phố Tam Kỳ, tỉnh Quảng Nam', 'Đà Nẵng'],
  ['12 đường Hà Nội, TP Huế, Thừa Thiên - Huế', 'Huế'],
  ['Bà Rịa - Vũng Tàu', 'TP. Hồ Chí Minh'],
  ['Đắc Lắc', 'Đắk Lắk'],
  ['Hai Phong, Việt Nam', 'Hải Phòng'],
  ['221B Baker Street, London', undefined],
])('%s lies in %s', (address, province) => expect(provinceOf(address)).toBe(province));
