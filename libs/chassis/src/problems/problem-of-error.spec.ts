import { QueryFailedError, QueryRunnerAlreadyReleasedError, QueryRunnerProviderAlreadyReleasedError } from 'typeorm';
import { problemOf } from './problem-of-error.js';

const failed = (code: string): Error => new QueryFailedError('select 1', [], Object.assign(new Error('failed'), { code }));

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
  ])('answers unavailable for %s', (_what, error) => {
    expect(problemOf(error, 1).kind).toBe('unavailable');
  });

  it('blames what says nothing of the moment on ourselves', () => {
    expect(problemOf(failed('42P01'), 1).code).toBe('internal_error');
    expect(problemOf(new TypeError('x is undefined'), 1).code).toBe('internal_error');
  });
});
