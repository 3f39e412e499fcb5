import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common';

/** Why a password is not taken: `weak` breaks a rule, `common` would be among the first that are guessed. */
export type PasswordFault = 'weak' | 'common';

/** What a guesser of this firm's passwords tries early, beyond the words that are common everywhere. */
const local = [
  'quen',
  'matkhau',
  'mat khau',
  'mật khẩu',
  'vietnam',
  'việt nam',
  'hanoi',
  'saigon',
  'danang',
  'haiphong',
  'anhyeuem',
  'emyeuanh',
  'khongbiet',
  'xinchao',
  'congty',
];

const strength = new ZxcvbnFactory({ dictionary: { ...dictionary, local }, graphs: adjacencyGraphs });

/** Of 0 to 4: the number of guesses that it takes, and 3 from a hundred million on. */
const enough = 3;

/** So many characters are looked at: the time that it takes grows with the square of their number. */
const looked = 64;

/**
 * What is wrong with a password, if anything. Length decides, as NIST SP 800-63B has it: no rules on kinds of
 * characters. A password must not be the name,
 * nor one character repeated, nor one that is guessed early (ASVS 6.2.4), judged by zxcvbn: common passwords, runs of
 * keys, dates and the name in disguise.
 */
export function passwordFault(password: string, loginName: string): PasswordFault | undefined {
  const characters = [...password.normalize('NFC')];
  if (characters.length < 10 || characters.length > 200 || new Set(characters).size <= 3) return 'weak';
  if (password.normalize('NFC').toLowerCase() === loginName.toLowerCase()) return 'weak';
  return strength.check(characters.slice(0, looked).join(''), [loginName, ...loginName.split(/[^\p{L}\d]+/u)]).score <
    enough
    ? 'common'
    : undefined;
}
