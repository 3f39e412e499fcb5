import {
  applyDecorators,
  createParamDecorator,
  Injectable,
  type ExecutionContext,
  type PipeTransform,
  type Type,
} from '@nestjs/common';
import { ApiBody, ApiExtraModels, ApiOkResponse, ApiQuery, getSchemaPath } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { ObjectLiteral } from 'typeorm';
import { readsBody } from '../http/unread-body.interceptor.js';
import { readsQuery } from '../http/unread-query.interceptor.js';
import { describeType, type Field } from '../rules/fields.js';
import type { ShownAs } from '../views/shape.js';
import { showing, type ShowsDecorator } from '../views/shows.js';
import { Cursors } from './cursor.js';
import type { ListDefinition } from './define-list.js';
import { SearchBody, type Page } from './list-query.dto.js';
import { filterOperatorsOf, parseListQuery, parseSearch, type ParsedList } from './parse-list.js';

interface RawList {
  readonly definition: ListDefinition<ObjectLiteral>;
  readonly input: Readonly<Record<string, unknown>>;
  readonly also: readonly string[];
}

@Injectable()
class ListPipe implements PipeTransform<RawList, ParsedList> {
  constructor(private readonly cursors: Cursors) {}

  transform({ definition, input, also }: RawList): ParsedList {
    return parseListQuery(definition, this.cursors, input, also);
  }
}

@Injectable()
class SearchPipe implements PipeTransform<RawList, ParsedList> {
  constructor(private readonly cursors: Cursors) {}

  transform({ definition, input }: RawList): ParsedList {
    return parseSearch(definition, this.cursors, input);
  }
}

const rawQuery = createParamDecorator((list: Omit<RawList, 'input'>, host: ExecutionContext): RawList => ({
  ...list,
  input: host.switchToHttp().getRequest<FastifyRequest>().query as Record<string, unknown>,
}));
const rawBody = createParamDecorator((list: Omit<RawList, 'input'>, host: ExecutionContext): RawList => ({
  ...list,
  input: (host.switchToHttp().getRequest<FastifyRequest>().body ?? {}) as Record<string, unknown>,
}));

/** The query string of a list, checked. `also` names further query parameters that the route reads itself. */
export function List<E extends ObjectLiteral>(
  definition: ListDefinition<E>,
  options: { also?: readonly string[] } = {},
): ParameterDecorator {
  return (target, method, index) => {
    if (method) readsQuery(target, method);
    rawQuery(
      { definition: definition as unknown as ListDefinition<ObjectLiteral>, also: options.also ?? [] },
      ListPipe,
    )(target, method, index);
  };
}

/** The body of a `POST …/search`, checked: a rule tree over the list's fields. Documents the body too. */
export function Search<E extends ObjectLiteral>(definition: ListDefinition<E>): ParameterDecorator {
  return (target, method, index) => {
    if (method) {
      ApiBody({ type: SearchBody })(
        target,
        method,
        Object.getOwnPropertyDescriptor(target, method) as PropertyDescriptor,
      );
      readsBody(target, method);
    }
    rawBody({ definition: definition as unknown as ListDefinition<ObjectLiteral>, also: [] }, SearchPipe)(
      target,
      method,
      index,
    );
  };
}

/** Documents a list and shapes its answer: its query parameters and its page of `view`. */
export function ApiList<E extends ObjectLiteral, View extends object>(
  definition: ListDefinition<E>,
  view: Type<View>,
): ShowsDecorator<Page<ShownAs<View>>> {
  return applyDecorators(
    ApiQuery({
      name: 'limit',
      required: false,
      description: 'Rows a page.',
      schema: { type: 'integer', minimum: 1, maximum: 200, default: 25 },
    }),
    ApiQuery({
      name: 'cursor',
      required: false,
      description: '`nextCursor` of the page before, for the same order and filters.',
      schema: { type: 'string' },
    }),
    ...listQueries(definition),
    ApiQuery({
      name: 'count',
      required: false,
      description: '`exact` to have the total counted.',
      schema: { type: 'string', enum: ['exact'] },
    }),
    ApiPage(view) as MethodDecorator,
  );
}

/** Documents which rows of a list are wanted, and in which order. */
export function listQueries<E extends ObjectLiteral>(definition: ListDefinition<E>): MethodDecorator[] {
  const filters = Object.entries(definition.fields);
  return [
    ApiQuery({
      name: 'sort',
      required: false,
      description: `Fields to order by, \`-\` for descending: ${definition.sort.join(', ')}.`,
      schema: { type: 'string', pattern: sortPattern(definition.sort), default: definition.defaultSort },
    }),
    ApiQuery({
      name: 'filter',
      required: false,
      style: 'deepObject',
      explode: true,
      description: `\`filter[field]=value\` or \`filter[field][operator]=value\`.\n\n${filters.map(([name, field]) => `- \`${name}\`: ${describeType(field)}; ${filterOperatorsOf(field).join(', ')}`).join('\n')}`,
      schema: {
        type: 'object',
        additionalProperties: false,
        properties: Object.fromEntries(filters.map(([name, field]) => [name, filterSchema(field)])),
      },
    }),
    ...(definition.search
      ? [
          ApiQuery({
            name: 'q',
            required: false,
            description: 'Words to find, without regard to accents and case.',
            schema: { type: 'string', maxLength: 200 },
          }),
        ]
      : []),
  ];
}

/** Documents and shapes an answer that is a page of `view`; for `POST …/search` and other routes that return a page. */
export function ApiPage<View extends object>(view: Type<View>): ShowsDecorator<Page<ShownAs<View>>> {
  return applyDecorators(
    showing({ view, as: 'page' }),
    ApiExtraModels(view),
    ApiOkResponse({
      description: 'A page.',
      schema: {
        type: 'object',
        required: ['data', 'nextCursor', 'hasMore'],
        properties: {
          data: { type: 'array', items: { $ref: getSchemaPath(view) } },
          nextCursor: { type: 'string', nullable: true, description: 'Opens the next page; null on the last one.' },
          hasMore: { type: 'boolean' },
          total: { type: 'integer', description: 'Rows over all pages, only on count=exact.' },
        },
      },
    }),
  );
}

/** Up to five of the fields, each with or without `-`. */
function sortPattern(fields: readonly string[]): string {
  const one = `-?(${fields.map((name) => name.replace('.', '\\.')).join('|')})`;
  return `^${one}(,${one}){0,4}$`;
}

function filterSchema(field: Field): {
  type: 'string' | 'integer' | 'boolean';
  enum?: string[];
  format?: string;
  pattern?: string;
  maxLength?: number;
} {
  switch (field.type) {
    case 'choice':
      return { type: 'string', enum: [...(field.choices ?? [])] };
    case 'uuid':
      return { type: 'string', format: 'uuid' };
    case 'date':
      return { type: 'string', format: 'date' };
    case 'instant':
      return { type: 'string', format: 'date-time' };
    case 'decimal':
      return { type: 'string', pattern: '^-?\\d{1,30}(\\.\\d{1,10})?$' };
    case 'integer':
      return { type: 'integer' };
    case 'boolean':
      return { type: 'boolean' };
    default:
      return { type: 'string', maxLength: 1000 };
  }
}
