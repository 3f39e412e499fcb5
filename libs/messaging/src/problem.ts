/**
 * What sort of failure it is. The gateway derives the HTTP status from it;
 * a consumer retries `unavailable` and parks everything else after three tries.
 */
export type ProblemKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'stale'
  | 'precondition_required'
  | 'too_large'
  | 'unprocessable'
  | 'too_many'
  | 'unavailable'
  | 'internal';

export type Language = 'vi' | 'en';

/** Values for the `{names}` in a problem's texts; they also go out as members of the answer. */
export type ProblemParams = Readonly<Record<string, string | number | boolean | null>>;

/** One wrong part of the input. `pointer` is a JSON pointer into the body, or `?name` for a query parameter. */
export interface ProblemDetail {
  pointer: string;
  code: string;
  /** In English. */
  message: string;
  /** The same in Vietnamese; callers who prefer that get it as `message`. */
  vi?: string;
}

/** The one error class of the platform: a kind, a stable code, and a text in Vietnamese and English. */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly kind: ProblemKind,
    /** snake_case; never changes once published. */
    readonly code: string,
    private readonly texts: Readonly<Record<Language, string>>,
    readonly params: ProblemParams = {},
    readonly errors: readonly ProblemDetail[] = [],
  ) {
    super(`${code}: ${fill(texts.en, params)}`);
  }

  /** The text for a person, with the parameters filled in. */
  text(language: Language): string {
    return fill(this.texts[language], this.params);
  }
}

/** Makes a problem of one code; `is` recognises it again. */
export interface ProblemFactory {
  (params?: ProblemParams, errors?: readonly ProblemDetail[]): Problem;
  readonly kind: ProblemKind;
  readonly code: string;
  readonly texts: Readonly<Record<Language, string>>;
  is(error: unknown): error is Problem;
}

const defined = new Map<string, ProblemFactory>();

/**
 * Declares a problem, e.g. `defineProblem('conflict', 'opportunity_closed', { en: 'Opportunity {number} is closed.',
 * vi: 'Cơ hội {number} đã đóng.' })`.
 * @throws Error when the code is not snake_case or is taken by another declaration: a code has one meaning.
 */
export function defineProblem(
  kind: ProblemKind,
  code: string,
  texts: Readonly<Record<Language, string>>,
): ProblemFactory {
  if (!/^[a-z][a-z0-9_]*$/.test(code)) throw new Error(`Problem code ${code} is not snake_case`);
  const known = defined.get(code);
  if (known && (known.kind !== kind || known.texts.en !== texts.en || known.texts.vi !== texts.vi))
    throw new Error(`Problem ${code} is declared twice with different meanings`);
  const make = (params?: ProblemParams, errors?: readonly ProblemDetail[]): Problem =>
    new Problem(kind, code, texts, params, errors);
  const factory = Object.assign(make, {
    kind,
    code,
    texts,
    is: (error: unknown): error is Problem => error instanceof Problem && error.code === code,
  });
  defined.set(code, factory);
  return factory;
}

/** Every declared problem, for the documentation. */
export function definedProblems(): ProblemFactory[] {
  return [...defined.values()];
}

function fill(text: string, params: ProblemParams): string {
  return text.replace(/\{(\w+)\}/g, (placeholder, name: string) =>
    name in params ? String(params[name]) : placeholder,
  );
}
