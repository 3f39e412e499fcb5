import { definedProblems, defineProblem, Problem } from './problem.js';

const closed = defineProblem('conflict', 'spec_counter_closed', {
  en: 'Counter {number} is closed since {day}.',
  vi: 'Bộ đếm {number} đã đóng từ {day}.',
});

describe('A problem', () => {
  it('has a kind, a code and texts with parameters in two languages', () => {
    const problem = closed({ number: 7, day: '2026-01-02' });
    expect(problem).toBeInstanceOf(Problem);
    expect(problem).toMatchObject({
      kind: 'conflict',
      code: 'spec_counter_closed',
      params: { number: 7, day: '2026-01-02' },
    });
    expect(problem.text('vi')).toBe('Bộ đếm 7 đã đóng từ 2026-01-02.');
    expect(problem.text('en')).toBe('Counter 7 is closed since 2026-01-02.');
    expect(problem.message).toContain('spec_counter_closed');
  });

  it('leaves a placeholder whose parameter is missing', () => {
    expect(closed({ number: 7 }).text('en')).toBe('Counter 7 is closed since {day}.');
  });

  it('is recognised by its factory only', () => {
    expect(closed.is(closed())).toBe(true);
    expect(closed.is(new Error('spec_counter_closed'))).toBe(false);
  });

  it('carries what is wrong with the input', () => {
    const errors = [{ pointer: '/name', code: 'required', message: 'missing' }];
    expect(closed({}, errors).errors).toEqual(errors);
  });

  it('has a snake_case code with one meaning', () => {
    expect(() => defineProblem('invalid', 'NotSnake', { en: '', vi: '' })).toThrow('snake_case');
    expect(() => defineProblem('invalid', 'spec_counter_closed', { en: 'other', vi: 'khác' })).toThrow('twice');
    expect(definedProblems().map(({ code }) => code)).toContain('spec_counter_closed');
  });
});
