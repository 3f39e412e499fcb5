import { HttpException } from '@nestjs/common';
import { isTransient, Problem } from '@quen/messaging';
import {
  alreadyExists,
  bodyTooLarge,
  fileTooLarge,
  internalError,
  malformedJson,
  malformedRequest,
  outOfScope,
  referenceBroken,
  routeNotFound,
  ruleBroken,
  statementTimeout,
  unavailable,
  unsupportedMediaType,
  valueOutOfRange,
} from './problems.js';
import { sqlState } from './sql-state.js';

/** Any error as a problem that says nothing of our insides. What is not foreseen becomes `internal_error`. */
export function problemOf(error: unknown, bodyLimit: number): Problem {
  if (error instanceof Problem) return error;
  return ofFramework(error, bodyLimit) ?? ofDatabase(error) ?? internalError();
}

function ofFramework(error: unknown, bodyLimit: number): Problem | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, statusCode } = error as { code?: unknown; statusCode?: unknown };
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return bodyTooLarge({ limit: bodyLimit });
    case 'FST_REQ_FILE_TOO_LARGE':
      return fileTooLarge({ limit: bodyLimit });
    case 'FST_FILES_LIMIT':
    case 'FST_FIELDS_LIMIT':
    case 'FST_PARTS_LIMIT':
      return malformedRequest();
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return unsupportedMediaType();
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return malformedJson();
  }
  const status = error instanceof HttpException ? error.getStatus() : statusCode;
  if (error instanceof SyntaxError && status === 400) return malformedJson();
  switch (status) {
    case 404:
    case 405:
      return routeNotFound();
    case 413:
      return bodyTooLarge({ limit: bodyLimit });
    case 415:
      return unsupportedMediaType();
  }
  return typeof status === 'number' && status >= 400 && status < 500 ? malformedRequest() : undefined;
}

function ofDatabase(error: unknown): Problem | undefined {
  const state = sqlState(error) ?? '';
  switch (state) {
    case '57014':
    case '25P04':
      return statementTimeout();
    case '23505':
    case '23P01':
      return alreadyExists();
    case '23503':
      return referenceBroken();
    case '23514':
    case '23502':
      return ruleBroken();
    case '42501':
      return outOfScope();
    // an index takes no value of that size
    case '54000':
      return valueOutOfRange();
    // divided by zero: the sum is ours
    case '22012':
      return undefined;
  }
  if (/^22\w{3}$/.test(state)) return valueOutOfRange();
  return isTransient(error) ? unavailable() : undefined;
}
