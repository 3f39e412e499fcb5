import type { components as Analytics } from '../api/analytics.js';
import type { components as Customers } from '../api/customers.js';
import type { components as Identity } from '../api/identity.js';
import type { components as Marketing } from '../api/marketing.js';
import type { components as Sales } from '../api/sales.js';
import type { components as Support } from '../api/support.js';

/** What the services' OpenAPI documents say of the operations that the story asks for, by service. */
interface Documents {
  identity: Identity['schemas'];
  customers: Customers['schemas'];
  marketing: Marketing['schemas'];
  sales: Sales['schemas'];
  support: Support['schemas'];
  analytics: Analytics['schemas'];
}

export type Service = keyof Documents;

/** A schema of a service's document by its name. */
export type Schema<S extends Service, Name extends keyof Documents[S]> = Documents[S][Name];

type Operations<S extends Service> = Documents[S]['Operations'];

type Split<Text extends string> = Text extends `${infer Head}/${infer Rest}` ? [Head, ...Split<Rest>] : [Text];

/** Whether the parts of a path are those of a documented one, in which `{name}` stands for anything. */
type Fits<Asked, Documented> = [Asked, Documented] extends [[infer A, ...infer AskedRest], [infer D, ...infer Rest]]
  ? D extends `{${string}}`
    ? Fits<AskedRest, Rest>
    : A extends D
      ? Fits<AskedRest, Rest>
      : false
  : [Asked, Documented] extends [[], []]
    ? true
    : false;

type WithoutQuery<Path extends string> = Path extends `${infer Bare}?${string}` ? Bare : Path;

/** The name of the operation that is meant by a path as it is asked for, `/cases/${id}?limit=1`. */
type Named<
  S extends Service,
  Method extends string,
  Path extends string,
> = `${Method} /v1${WithoutQuery<Path>}` extends keyof Operations<S>
  ? `${Method} /v1${WithoutQuery<Path>}`
  : {
      [Name in keyof Operations<S>]: Name extends `${Method} ${infer Documented}`
        ? Fits<Split<`/v1${WithoutQuery<Path>}`>, Split<Documented>> extends true
          ? Name
          : never
        : never;
    }[keyof Operations<S>];

/** What a call has to have beside its arguments: nothing, when the documents know the operation; else it has no such. */
export type Known<S extends Service, Method extends string, Path extends string> =
  Named<S, Method, Path> extends never ? [unknown: 'the documents know no such operation'] : [];

export type Body<S extends Service, Method extends string, Path extends string> = Operations<S>[Named<
  S,
  Method,
  Path
>] extends { body?: infer B }
  ? B
  : undefined;

export type Answer<S extends Service, Method extends string, Path extends string> = Operations<S>[Named<
  S,
  Method,
  Path
>] extends { answer: infer A }
  ? A
  : undefined;
