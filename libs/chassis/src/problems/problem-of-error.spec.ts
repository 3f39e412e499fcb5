import { QueryFailedError, QueryRunnerAlreadyReleasedError, QueryRunnerProviderAlreadyReleasedError } from 'typeorm';
import { problemOf } from './problem-of-error.js';

const failed = (code: string): Error =>
  new QueryFailedError('select 1', [], Object.assign(new Error('failed'), { code }));

describe('problemOf', () => {
  it.each([
    // what TypeORM says when the connection broke between two statements of a transaction
    ['a released query runner', new QueryRunnerAlreadyReleasedError()],
    ['a released provider of query runners', new QueryRunnerProviderAlreadyReleasedError()],
    ['a broken connection', new Error('Connection terminated unexpectedly')],
    ['a client that is of no use', new Error('Client has encountered a connection error and is not queryable')],
    ['a database that is not there', Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })],
    ['a database that starts', failed('57P03')],
    ['a database that crashed', failed('57P02')],
    ['a full disk', failed('53100')],
    ['a deadlock', failed('40P01')],
    ['a statement that took too long', failed('57014')],
    ['a transaction that took too long', failed('25P04')],
    ['a lock that was not to be had', failed('55P03')],
    ['a connection that was lost', failed('08006')],
    ['a connection that was reset', Object.assign(new Error('read'), { code: 'ECONNRESET' })],
    ['an answer that did not come', new Error('Query read timeout')],
  ])('answers unavailable for %s', (_what, error) => {
    expect(problemOf(error, 1).kind).toBe('unavailable');
  });

  it.each(['22P02', '22007', '22003', '54000'])('blames a value that no column takes (%s) on the request', (code) => {
    expect(problemOf(failed(code), 1)).toMatchObject({ kind: 'invalid', code: 'value_out_of_range' });
  });

  it('blames what says nothing of the moment on ourselves', () => {
    expect(problemOf(failed('42P01'), 1).code).toBe('internal_error');
    expect(problemOf(failed('22012'), 1).code).toBe('internal_error');
    expect(problemOf(new TypeError('x is undefined'), 1).code).toBe('internal_error');
  });
});
