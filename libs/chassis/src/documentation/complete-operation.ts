import type { OpenAPIObject } from '@nestjs/swagger';
import type { AccessTable } from '../access/access-table.js';
import type { RouteAccess } from '../access/decorators.js';

/** An operation of an OpenAPI document. */
export type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Parameters = NonNullable<Operation['parameters']>;

const reasons: Readonly<Record<string, string>> = {
  400: 'The request is not valid; `errors` says what and where.',
  401: 'The access token is missing, expired or not valid.',
  403: "The caller's roles do not allow this.",
  404: 'There is no such record, or the caller may not see it.',
  409: "The record's state does not allow this, or the key is taken.",
  412: 'If-Match names another version than the record has; `currentVersion` tells that one.',
  413: 'The body is too large.',
  415: 'The content type is not accepted.',
  422: 'A rule forbids this, or the Idempotency-Key was used with another body.',
  428: 'If-Match is missing.',
  429: 'Too many requests; see Retry-After.',
  503: 'A part does not answer; try again after Retry-After seconds.',
};

/** Adds to an operation what the conventions say of every one like it. */
export function completeOperation(
  operation: Operation,
  method: string,
  path: string,
  access: RouteAccess | undefined,
  table: AccessTable,
): void {
  operation.summary ||= sentence(operation.operationId ?? path);
  operation.description = [operation.description || `${operation.summary.replace(/\.$/, '')}.`, needs(access, table)]
    .filter(Boolean)
    .join('\n\n');
  operation.security = access?.kind === 'public' ? [] : [{ bearer: [] }];
  if (access?.kind === 'permission')
    Object.assign(operation, { 'x-permission': `${access.resource}:${access.action}` });
  // Nest takes every header that a route reads for one that has to be sent.
  for (const parameter of operation.parameters ?? [])
    if ('in' in parameter && parameter.in === 'header' && parameter.name === 'accept-language')
      parameter.required = false;
  if (method === 'post')
    operation.parameters = [...(operation.parameters ?? []), { $ref: '#/components/parameters/IdempotencyKey' }];
  for (const status of statuses(operation, method, path, access)) {
    operation.responses[status] ??= { description: reasons[status] ?? 'A problem.', content: problemContent };
  }
  for (const [status, answer] of Object.entries(operation.responses)) {
    if (!answer || '$ref' in answer) continue;
    if (!answer.description) answer.description = Number(status) < 300 ? 'Done.' : (reasons[status] ?? 'A problem.');
    if (Number(status) >= 400) answer.content = problemContent;
  }
}

const problemContent = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };

function statuses(operation: Operation, method: string, path: string, access: RouteAccess | undefined): string[] {
  const conditional = inHeader(operation.parameters ?? [], 'If-Match');
  const inQuery = (operation.parameters ?? []).flatMap((parameter) =>
    'in' in parameter && parameter.in === 'query' ? [parameter.name] : [],
  );
  // a question about a record that the query names, unlike a list's page
  const asks = inQuery.length > 0 && !inQuery.includes('cursor');
  return [
    '400',
    ...(access?.kind === 'public' ? [] : ['401']),
    ...(access?.kind === 'permission' ? ['403'] : []),
    ...(path.includes('{') || method === 'post' || asks ? ['404'] : []),
    ...(method === 'get' && !asks ? [] : ['409', '422']),
    ...(conditional ? ['412', '428'] : []),
    ...(operation.requestBody ? ['413', '415'] : []),
    '429',
    '503',
  ];
}

function inHeader(parameters: Parameters, name: string): boolean {
  return parameters.some((parameter) => 'in' in parameter && parameter.in === 'header' && parameter.name === name);
}

function needs(access: RouteAccess | undefined, table: AccessTable): string {
  switch (access?.kind) {
    case 'permission': {
      const roles = table.rolesFor(access.resource, access.action).map(({ role, scope }) => `${role} (${scope})`);
      return `Needs the permission \`${access.resource}:${access.action}\`${roles.length ? `: ${roles.join(', ')}` : ''}.`;
    }
    case 'signed-in':
      return 'Needs a signed-in caller.';
    default:
      return '';
  }
}

/** `winOpportunity` → `Win opportunity`. */
function sentence(operationId: string): string {
  const words = operationId.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
