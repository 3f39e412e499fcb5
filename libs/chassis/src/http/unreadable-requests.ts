import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { documentOf, statusOf } from '../problems/problem-document.js';
import { headersTooLarge, malformedRequest, requestTooSlow } from '../problems/problems.js';

/** What Node says of a connection on which no request could be read. */
type ClientError = Error & { readonly code?: string };

/**
 * Answers what is no HTTP, has too many headers or does not arrive in time. No route, hook or filter ever sees it. The
 * connection ends with the answer.
 */
export function answerUnreadable({ code }: ClientError, socket: Socket): void {
  if (code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem =
    code === 'HPE_HEADER_OVERFLOW'
      ? headersTooLarge()
      : code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? requestTooSlow()
        : malformedRequest();
  const status = statusOf(problem);
  const body = JSON.stringify(documentOf(problem, 'en', '/'));
  const headers = [
    'content-type: application/problem+json; charset=utf-8',
    'content-language: en',
    'cache-control: no-store',
    'x-content-type-options: nosniff',
    'connection: close',
    `content-length: ${Buffer.byteLength(body)}`,
  ];
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${headers.join('\r\n')}\r\n\r\n${body}`);
}
