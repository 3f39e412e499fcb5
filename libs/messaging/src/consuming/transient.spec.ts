import { QueryFailedError } from 'typeorm';
import { defineProblem } from '../problem.js';
import { errorClassOf, isTransient } from './transient.js';

const away = defineProblem('unavailable', 'spec_service_away', { en: 'Away.', vi: 'Vắng.' });
const wrong = defineProblem('unprocessable', 'spec_amount_wrong', { en: 'Wrong.', vi: 'Sai.' });
const failed = (code: string): QueryFailedError =>
  new QueryFailedError('select 1', [], Object.assign(new Error('database says no'), { code }));

describe('A failure', () => {
  it.each(['08006', '40001', '40P01', '53300', '53100', '55P03', '57P01', '57014', '25006'])(
    'with SQLSTATE %s passes by itself',
    (code) => {
      expect(isTransient(failed(code))).toBe(true);
    },
  );

  it.each(['23505', '23503', '22P02', '42P01', '25P02'])('with SQLSTATE %s comes again', (code) => {
    expect(isTransient(failed(code))).toBe(false);
    expect(errorClassOf(failed(code))).toBe(`QueryFailedError:${code}`);
  });

  it('of the network passes by itself, also as the cause of another', () => {
    const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    expect(isTransient(refused)).toBe(true);
    expect(isTransient(new Error('fetch failed', { cause: refused }))).toBe(true);
    expect(isTransient(new Error('Connection terminated unexpectedly'))).toBe(true);
  });

  it('that is a problem passes by itself only when it says so', () => {
    expect(isTransient(away())).toBe(true);
    expect(isTransient(wrong())).toBe(false);
    expect(errorClassOf(wrong())).toBe('spec_amount_wrong');
  });

  it('that is no error at all comes again', () => {
    expect(isTransient('text')).toBe(false);
    expect(errorClassOf('text')).toBe('unknown');
    expect(errorClassOf(new TypeError('x'))).toBe('TypeError');
  });
});
