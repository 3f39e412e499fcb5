import type { Mail } from './mailbox.js';

const escape = (text: unknown) => String(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const page = (
  title: string,
  body: string,
) => `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escape(title)}</title>
<style>body{font:16px system-ui;margin:2rem auto;max-width:64rem;padding:0 1rem}table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.4rem;border-bottom:1px solid #ddd}iframe{width:100%;height:70vh;border:1px solid #ddd}</style>
<body>${body}</body></html>`;

export function indexPage(mails: Pick<Mail, 'id' | 'receivedAt' | 'from' | 'to' | 'subject'>[]) {
  const rows = mails
    .map(
      (mail) =>
        `<tr><td>${escape(mail.receivedAt)}<td>${escape(mail.to.join(', '))}<td><a href="/mail/${mail.id}">${escape(mail.subject || '(no subject)')}</a>`,
    )
    .join('');
  return page(
    'Mails',
    `<h1>Mails</h1><p>What the local services have sent; nothing of it left this machine.</p><table><tr><th>Time<th>To<th>Subject${rows}</table>`,
  );
}

/** The mail's own HTML is shown without scripts and without the network's help. */
export function messagePage(mail: Mail) {
  const body = mail.html
    ? `<iframe sandbox="allow-popups" srcdoc="${escape(mail.html)}"></iframe>`
    : `<pre>${escape(mail.text)}</pre>`;
  return page(
    mail.subject,
    `<p><a href="/">All mails</a> · <a href="/messages/${mail.id}/source">Source</a></p><h1>${escape(mail.subject)}</h1><p>From ${escape(mail.from)} to ${escape(mail.to.join(', '))}, ${escape(mail.receivedAt)}</p>${body}`,
  );
}
