import {
  applyDecorators,
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
  type Type,
} from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { map, type Observable } from 'rxjs';
import { shape, type ShownAs } from './shape.js';

const viewKey = 'quen:shows';

/** How a route's answer is shaped: by one view, a list of it, or a page of it. */
interface Showing {
  readonly view: Type<object>;
  readonly as: 'one' | 'array' | 'page';
}

/** A decorator of methods that answer something which has the view's fields. */
export type ShowsDecorator<Answer> = <Method extends (...args: never[]) => Answer | Promise<Answer>>(
  target: object,
  name: string | symbol,
  descriptor: TypedPropertyDescriptor<Method>,
) => void;

/** Shapes a route's answer by a view and documents it: what the view does not name is never sent. */
export function Shows<View extends object>(
  view: Type<View>,
  status = 200,
  description = '',
): ShowsDecorator<ShownAs<View>> {
  return applyDecorators(showing({ view, as: 'one' }), ApiResponse({ status, type: view, description }));
}

/** The same for a route that answers an array of it. */
export function ShowsEach<View extends object>(
  view: Type<View>,
  status = 200,
): ShowsDecorator<readonly ShownAs<View>[]> {
  return applyDecorators(showing({ view, as: 'array' }), ApiResponse({ status, type: view, isArray: true }));
}

/** Shapes the rows of a page; {@link ApiPage} documents it. */
export function showing(how: Showing): MethodDecorator {
  return (_target, _name, descriptor) => Reflect.defineMetadata(viewKey, how, descriptor.value as object);
}

/** Sends of an answer what its route's view names. */
@Injectable()
export class ViewInterceptor implements NestInterceptor {
  intercept(host: ExecutionContext, next: CallHandler): Observable<unknown> {
    const how = Reflect.getMetadata(viewKey, host.getHandler()) as Showing | undefined;
    return how && host.getType() === 'http'
      ? next.handle().pipe(map((answer: unknown) => shownBy(how, answer)))
      : next.handle();
  }
}

function shownBy({ view, as }: Showing, answer: unknown): unknown {
  if (typeof answer !== 'object' || answer === null || as === 'one') return shape(view, answer);
  const rows = (as === 'array' ? answer : (answer as { data: unknown }).data) as unknown[];
  const shown = rows.map((row) => shape(view, row));
  return as === 'array' ? shown : { ...answer, data: shown };
}
