import { joinPhones, normalEmail, readPhone } from './contact-points.js';

describe('readPhone', () => {
  it.each([
    ['0912 345 678', '+84912345678'],
    ['(+84) 91 234 5678', '+84912345678'],
    ['912345678', '+84912345678'],
    ['84912345678', '+84912345678'],
    ['01688.123.456', '+84388123456'],
    ['02437901800', '+842437901800'],
    ['+14155552671', '+14155552671'],
  ])('reads %s as %s', (typed, e164) => expect(readPhone(typed)?.e164).toBe(e164));

  it.each(['0000000000', '091234', 'không có', '8,4912E+10', '', '0912345678 gọi tối'])('refuses %j', (typed) =>
    expect(readPhone(typed)).toBeUndefined(),
  );

  it('keeps the typed form', () => expect(readPhone(' 0912.345.678 ')?.typed).toBe('0912.345.678'));
});

it('compares e-mail addresses without case', () =>
  expect(normalEmail(' LAN.Le@Mail.example ')).toBe('lan.le@mail.example'));

it('joins phone lists without repeating a number', () => {
  const [first, second] = [readPhone('0912345678'), readPhone('02437901800')];
  expect(joinPhones([first!], [readPhone('+84912345678')!, second!]).map((phone) => phone.e164)).toEqual([
    '+84912345678',
    '+842437901800',
  ]);
});
