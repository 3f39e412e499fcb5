import { fold } from './fold.js';
import { codeOf, oneToneStyle, visible, visibleTexts } from './visible.js';

const invisible = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/u;

describe('visible', () => {
  it('drops every sign that Unicode calls a format character or ignorable, wherever it stands, and no other', () => {
    const kept: string[] = [];
    for (let point = 1; point < 0x110000; point += 1) {
      if (point >= 0xd800 && point <= 0xdfff) continue;
      const sign = String.fromCodePoint(point);
      if ((visible(`a${sign}b`) === 'ab') !== invisible.test(sign)) kept.push(point.toString(16));
    }
    expect(kept).toEqual([]);
  });

  it('keeps what joins a pictogram', () =>
    expect(visible('Gia đình 👨\u200d👩\u200d👧 ❤\ufe0f\u200b')).toBe('Gia đình 👨\u200d👩\u200d👧 ❤\ufe0f'));
  it('goes through values, but leaves what is to be kept', () => {
    expect(
      visibleTexts(
        { name: 'La\u200bn', list: ['\ufeffa'], more: { code: 'K\u00adH', n: 1, none: null }, password: 'a\u200bb' },
        (name) => name === 'password',
      ),
    ).toEqual({ name: 'Lan', list: ['a'], more: { code: 'KH', n: 1, none: null }, password: 'a\u200bb' });
  });
});

describe('oneToneStyle', () => {
  it.each([
    ['Hòa', 'Hoà'],
    ['hóa đơn', 'hoá đơn'],
    ['THỦY', 'THUỶ'],
    ['khỏe', 'khoẻ'],
    ['Quý', 'Quý'],
    ['qúy', 'quý'],
    ['hoàn', 'hoàn'],
    ['Hoà'.normalize('NFD'), 'Hoà'],
    ['mua', 'mua'],
    ['múa', 'múa'],
    ['cửa', 'cửa'],
    ['Nguyễn', 'Nguyễn'],
  ])('%s is %s', (typed, one) => expect(oneToneStyle(typed)).toBe(one));
  it('makes one code of two spellings', () =>
    expect(new Set(['hòa\u200b-01', 'HOÀ-01 ', 'ＨＯÀ-01'].map((code) => oneToneStyle(codeOf(code)))).size).toBe(1));
  it('is nothing to a folded text', () => expect(fold('Hòa Th\u200búy\u00ad')).toBe(fold('Hoà Thuý')));
});
