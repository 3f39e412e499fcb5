import { visible } from './run.js';

describe('what a record brings to the terminal', () => {
  it('is shown and not done', () => {
    expect(visible('key \x1b[31mRED\x1b]0;title\x07\x1b[2J\u009b1m \u202edrawkcab\nnext\tcolumn Đà Nẵng')).toBe(
      'key \\u001b[31mRED\\u001b]0;title\\u0007\\u001b[2J\\u009b1m \\u202edrawkcab\nnext\tcolumn Đà Nẵng',
    );
  });
});
