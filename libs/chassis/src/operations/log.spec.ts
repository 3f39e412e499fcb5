import { Log, secretMembers } from './log.js';

describe('the log', () => {
  it('holds no secret and no personal data, at any of the first four levels', () => {
    const lines: string[] = [];
    const log = new Log('sales', 'info', { write: (line: string) => void lines.push(line) });
    for (const member of secretMembers) {
      log.info(
        { [member]: 's3cret', a: { [member]: 's3cret', b: { [member]: 's3cret', c: { [member]: 's3cret' } } } },
        'something happened',
      );
    }
    expect(lines).toHaveLength(secretMembers.length);
    expect(lines.join('')).not.toContain('s3cret');
  });

  it('tells nothing of a failed statement but its message', () => {
    const lines: string[] = [];
    const log = new Log('sales', 'info', { write: (line: string) => void lines.push(line) });
    const failure = Object.assign(new Error('duplicate key value violates unique constraint "customer_phone"'), {
      query: 'insert into customer',
      parameters: ['+84901234567'],
      driverError: { detail: 'Key (phone)=(+84901234567) already exists.' },
      detail: 'Key (phone)=(+84901234567) already exists.',
    });
    log.error({ event: 'request_failed', err: failure }, 'request failed');
    expect(lines.join('')).toContain('customer_phone');
    expect(lines.join('')).not.toContain('84901234567');
  });

  it('is one JSON object a line with time, level and service', () => {
    const lines: string[] = [];
    new Log('sales', 'info', { write: (line: string) => void lines.push(line) }).info({ event: 'started' }, 'started');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'info',
      service: 'sales',
      event: 'started',
      msg: 'started',
      time: expect.stringMatching(/^\d{4}-.*Z$/),
    });
  });
});
