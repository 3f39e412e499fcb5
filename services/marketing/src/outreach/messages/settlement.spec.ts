import { outcomeOf } from '../mail/mail.service.js';
import { retryDelays, settlementOf, unreachableDelay } from './settlement.js';

const settled = (error: object, attempts = 1, interruptions = 0) =>
  settlementOf('m', outcomeOf(Object.assign(new Error('x'), error)), attempts, interruptions);

describe('what becomes of a message after a try', () => {
  it('is sent when the server took it', () =>
    expect(settlementOf('m', { kind: 'accepted', answer: '250 OK' }, 1, 0)).toMatchObject({
      status: 'sent',
      answer: '250 OK',
    }));

  it.each([
    ['an unknown address', { responseCode: 550, command: 'RCPT TO' }, { status: 'refused', reason: 'bounced' }],
    [
      'a text that the server will not have',
      { responseCode: 554, command: 'DATA' },
      { status: 'refused', reason: 'rejected' },
    ],
    [
      'a server that asks to come back',
      { responseCode: 451, command: 'RCPT TO' },
      { status: 'queued', delay: retryDelays[0] },
    ],
    ['no server', { code: 'ECONNREFUSED', command: 'CONN' }, { status: 'queued', delay: unreachableDelay, counted: 0 }],
    ['a timeout while connecting', { code: 'ETIMEDOUT', command: 'CONN' }, { status: 'queued', counted: 0 }],
    [
      'a connection that broke after the text',
      { code: 'ECONNECTION', command: 'DATA' },
      { status: 'queued', interrupted: 1 },
    ],
    ['a silence after the text', { code: 'ETIMEDOUT', command: 'DATA' }, { status: 'queued', interrupted: 1 }],
  ])('%s', (_, error, expected) => expect(settled(error)).toMatchObject(expected));

  it('never tries a third time what may have arrived twice', () => {
    expect(settled({ code: 'ESOCKET', command: 'DATA' }, 2, 1)).toMatchObject({
      status: 'unconfirmed',
      reason: 'interrupted',
    });
  });

  it('gives up after the last delay', () => {
    expect(
      retryDelays.map((_, tries) => settled({ responseCode: 421, command: 'MAIL FROM' }, tries + 1).delay),
    ).toEqual(retryDelays);
    expect(settled({ responseCode: 421, command: 'MAIL FROM' }, retryDelays.length + 1)).toMatchObject({
      status: 'refused',
      reason: 'undeliverable',
    });
  });
});
