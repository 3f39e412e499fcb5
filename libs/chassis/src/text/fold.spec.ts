import { escapeLike, fold } from './fold.js';

describe('fold', () => {
  it.each([
    ['Đỗ Thị Ánh', 'do thi anh'],
    ['Đỗ Thị Ánh'.normalize('NFD'), 'do thi anh'],
    ['  NGUYỄN\tVăn   Ưng ', 'nguyen van ung'],
    ['KH-000123', 'kh-000123'],
    ['', ''],
  ])('%j becomes %j', (given, expected) => expect(fold(given)).toBe(expected));

  it('keeps LIKE wildcards from being wildcards', () => expect(escapeLike('50%_\\')).toBe('50\\%\\_\\\\'));
});
