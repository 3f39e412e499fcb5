import { Problem } from '../problem.js';

/**
 * SQLSTATE classes and codes that say something of the moment and nothing of the data: connection, resources, operator,
 * locks, serialisation, failover.
 */
const transientStates = /^(08...|53...|57P0[1-5]|57014|58...|40001|40P01|55P03|55006|25006|25P03)$/;
const transientCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'ETIMEDOUT',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_SOCKET',
]);
const transientNames = new Set([
  'ConsumerPaused',
  'PositionMoved',
  'PositionTakenBack',
  'QueryRunnerAlreadyReleasedError',
  'QueryRunnerProviderAlreadyReleasedError',
  'ConnectionIsNotSetError',
  'CannotConnectAlreadyConnectedError',
  'TimeoutError',
]);
const transientTexts =
  /Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect|Query read timeout|Cannot use a pool after calling end|not queryable|Driver not Connected/i;

/**
 * True when the same work may well succeed later: retried without end, where anything else is parked after a few tries.
 */
export function isTransient(error: unknown): boolean {
  if (error instanceof Problem) return error.kind === 'unavailable';
  if (!(error instanceof Error)) return false;
  const { code, driverError } = error as { code?: unknown; driverError?: unknown };
  if (typeof code === 'string' && (transientCodes.has(code) || transientStates.test(code))) return true;
  if (transientNames.has(error.name) || transientTexts.test(error.message)) return true;
  return (
    (driverError !== undefined && driverError !== error && isTransient(driverError)) ||
    (error.cause !== undefined && error.cause !== error && isTransient(error.cause))
  );
}

/** A short, stable name for what went wrong, by which parked records are found again. */
export function errorClassOf(error: unknown): string {
  if (error instanceof Problem) return error.code;
  if (!(error instanceof Error)) return 'unknown';
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? `${error.name}:${code}` : error.name;
}
