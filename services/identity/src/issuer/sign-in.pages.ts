import { createHash } from 'node:crypto';
import { textsOf, type Language, type TextKey } from './sign-in.texts.js';

const style = `
:root{color-scheme:light dark}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;font:16px/1.5 system-ui,sans-serif;background:light-dark(#f4f5f7,#14171c);color:light-dark(#1b1f27,#e8eaee)}
main{width:min(24rem,92vw);padding:2rem;border-radius:12px;background:light-dark(#fff,#1f242c);box-shadow:0 2px 16px #0003}
h1{margin:0 0 .25rem;font-size:1.4rem}
p{margin:.25rem 0 1rem}
label{display:block;margin-top:1rem;font-weight:600}
input{width:100%;margin-top:.25rem;padding:.65rem;font:inherit;border:1px solid #8a93a3;border-radius:8px;background:transparent;color:inherit}
button{width:100%;margin-top:1.5rem;padding:.7rem;font:inherit;font-weight:600;border:0;border-radius:8px;background:#0a58ca;color:#fff;cursor:pointer}
button.second{margin-top:.75rem;background:transparent;color:inherit;border:1px solid #8a93a3}
[role=alert]{padding:.6rem .8rem;border-radius:8px;background:light-dark(#fde8e8,#4a1d1d);color:light-dark(#8a1111,#ffd7d7)}
footer{margin-top:1.5rem;font-size:.9rem}
a{color:inherit}
`;

/**
 * A browser follows the redirect after a form only to where the page's policy says: the origin of a way back; its
 * scheme where a policy cannot name the origin.
 */
export function formTarget(uri: unknown): string[] {
  if (typeof uri !== 'string' || !URL.canParse(uri)) return [];
  const { origin, protocol, hostname } = new URL(uri);
  return [origin === 'null' || hostname.startsWith('[') ? protocol : origin];
}

/** Where forms of a page may lead, besides this server: a browser refuses other targets. */
export function contentSecurityPolicy(formTargets: readonly string[] = []): string {
  const hash = createHash('sha256').update(style).digest('base64');
  return `default-src 'none'; style-src 'sha256-${hash}'; form-action 'self' ${formTargets.join(' ')}; frame-ancestors 'none'; base-uri 'none'`;
}

/** The form for name and password; `change` asks for a new password as well. */
export function signInPage(options: {
  language: Language;
  action: string;
  application: string;
  loginName?: string;
  problem?: TextKey;
  change?: boolean;
}): string {
  const text = textsOf(options.language);
  const other = options.language === 'vi' ? 'en' : 'vi';
  const login = escape(options.loginName ?? '');
  const problem = options.problem ? `<p role="alert">${text[options.problem]}</p>` : '';
  const fields = options.change
    ? `<input type="hidden" name="login" value="${login}"><input type="hidden" name="change" value="yes">
${field('password', text.currentPassword, 'current-password')}
${field('newPassword', text.newPassword, 'new-password')}
${field('newPasswordAgain', text.newPasswordAgain, 'new-password')}`
    : `<label>${text.loginName}<input name="login" value="${login}" autocomplete="username" autocapitalize="none" spellcheck="false" required autofocus></label>
${field('password', text.password, 'current-password')}`;
  return page(
    options.language,
    options.change ? text.changePassword : text.signIn,
    `<p>${options.change ? text.changeReason : `${text.to} ${escape(options.application)}`}</p>
${problem}
<form method="post" action="${escape(options.action)}">
<input type="hidden" name="lang" value="${options.language}">
${fields}
<button type="submit">${options.change ? text.changePassword : text.continue}</button>
</form>
<footer><a href="?lang=${other}" lang="${other}" hreflang="${other}">${text.otherLanguage}</a></footer>`,
  );
}

/** Asks whether to sign out. `form` is the provider's own form with the id `op.logoutForm`. */
export function signOutPage(language: Language, form: string): string {
  const text = textsOf(language);
  return page(
    language,
    text.signOut,
    `<p>${text.signOutQuestion}</p>
${form}
<button autofocus type="submit" form="op.logoutForm" value="yes" name="logout">${text.signOut}</button>
<button class="second" type="submit" form="op.logoutForm">${text.stay}</button>`,
  );
}

/** A page that only says something. */
export function messagePage(language: Language, title: TextKey, detail = ''): string {
  return page(language, textsOf(language)[title], `<p>${escape(detail)}</p>`);
}

const field = (name: string, label: string, autocomplete: string) =>
  `<label>${label}<input type="password" name="${name}" autocomplete="${autocomplete}" maxlength="200" required></label>`;

const page = (language: Language, title: string, body: string) => `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title} · Quen</title><style>${style}</style></head>
<body><main><h1>${title}</h1>
${body}
</main></body>
</html>`;

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escape = (text: string) => text.replace(/[&<>"']/g, (character) => entities[character]!);
