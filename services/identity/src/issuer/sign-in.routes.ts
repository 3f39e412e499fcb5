import type { IncomingMessage } from 'node:http';
import { errors, type default as Provider } from 'oidc-provider';
import type { SignInOutcome, SignInRefusal } from '../credentials/credentials.service.js';
import { contentSecurityPolicy, formTarget, messagePage, signInPage } from './sign-in.pages.js';
import { chooseLanguage, textsOf, type TextKey } from './sign-in.texts.js';

type Middleware = Parameters<Provider['use']>[0];
type Context = Parameters<Middleware>[0];

const bodyLimit = 8 * 1024;

/** Checks what was typed; `newPassword` when a temporary password is replaced. */
export type SignIn = (
  loginName: string,
  password: string,
  address: string,
  newPassword?: string,
) => Promise<SignInOutcome>;

/** The page on which staff sign in: `GET` and `POST /sign-in/{uid}` below the issuer. */
export function signInRoutes(provider: Provider, signIn: SignIn): Middleware {
  return async (context, next) => {
    if (!/^\/sign-in\/[\w-]+$/.test(context.path) || !['GET', 'POST'].includes(context.method)) return next();
    const form = context.method === 'POST' ? await readForm(context.req) : new URLSearchParams();
    const wish = form.get('lang') ?? (typeof context.query['lang'] === 'string' ? context.query['lang'] : undefined);
    const interaction = await provider.interactionDetails(context.req, context.res).catch(ignoreExpired);
    if (!interaction || !context.path.endsWith(`/${interaction.uid}`)) {
      const language = chooseLanguage(wish, context.get('accept-language'));
      return show(context, 400, messagePage(language, 'failed', textsOf(language).expired));
    }
    const uiLocales = interaction.params['ui_locales'];
    const language = chooseLanguage(
      wish,
      typeof uiLocales === 'string' ? uiLocales : undefined,
      context.get('accept-language'),
    );
    const client = await provider.Client.find(String(interaction.params['client_id']));
    const loginName = form.get('login') ?? '';
    const page = (problem?: TextKey, change?: boolean) =>
      signInPage({
        language,
        action: `${new URL(provider.issuer).pathname}/sign-in/${interaction.uid}`,
        application: client?.clientName ?? 'Quen',
        loginName,
        ...(problem ? { problem } : {}),
        ...(change ? { change } : {}),
      });
    const targets = formTarget(interaction.params['redirect_uri']);
    if (context.method === 'GET') return show(context, 200, page(), targets);

    const changing = form.get('change') === 'yes';
    if (changing && form.get('newPassword') !== form.get('newPasswordAgain'))
      return show(context, 200, page('differ', true), targets);
    const outcome = await signIn(
      loginName,
      form.get('password') ?? '',
      context.ip,
      changing ? (form.get('newPassword') ?? '') : undefined,
    );
    if ('refused' in outcome) {
      const { status, problem, change } = answers[outcome.refused];
      if (outcome.seconds) context.set('retry-after', String(outcome.seconds));
      return show(context, status, page(problem, change), targets);
    }
    context.respond = false;
    // Who signs in agrees with it: an application that asks for consent by name gets it in the same step.
    await provider.interactionFinished(context.req, context.res, {
      login: { accountId: outcome.staffId, amr: ['pwd'] },
      consent: {},
    });
  };
}

const answers: Record<SignInRefusal, { status: number; problem?: TextKey; change: boolean }> = {
  wrong: { status: 401, problem: 'wrong', change: false },
  throttled: { status: 429, problem: 'throttled', change: false },
  change_required: { status: 200, change: true },
  weak: { status: 200, problem: 'weak', change: true },
  common: { status: 200, problem: 'common', change: true },
};

function show(context: Context, status: number, html: string, formTargets: string[] = []): void {
  context.status = status;
  context.type = 'html';
  context.set('content-security-policy', contentSecurityPolicy(formTargets));
  context.set('cache-control', 'no-store');
  context.body = html;
}

function ignoreExpired(error: unknown): undefined {
  if (error instanceof errors.SessionNotFound) return undefined;
  throw error;
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > bodyLimit) throw new errors.InvalidRequest('the form is too large', 413);
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}
