const style = 'font:18px/1.5 system-ui,sans-serif;max-width:32rem;margin:4rem auto;padding:0 1rem';

/** Languages in which customers are spoken to. */
export type PageLanguage = 'vi' | 'en';

const texts = {
  vi: {
    ask: 'Từ chối nhận thư quảng cáo',
    explain: 'Sau khi xác nhận, bạn sẽ không nhận thư quảng cáo của chúng tôi nữa.',
    confirm: 'Xác nhận từ chối',
    gone: 'Đã ghi nhận. Bạn sẽ không nhận thư quảng cáo nữa.',
    answer: 'Bạn quan tâm tới thư này?',
    answering: 'Bấm nút bên dưới để cho chúng tôi biết. Chúng tôi sẽ liên hệ với bạn.',
    interested: 'Vâng, tôi quan tâm',
    thanks: 'Cảm ơn bạn! Chúng tôi sẽ sớm liên hệ.',
  },
  en: {
    ask: 'Unsubscribe from advertising',
    explain: 'Once you confirm, you will get no more advertising mails from us.',
    confirm: 'Unsubscribe',
    gone: 'Done. You will get no more advertising mails.',
    answer: 'Are you interested?',
    answering: 'Press the button to let us know. We will be in touch.',
    interested: 'Yes, I am interested',
    thanks: 'Thank you! We will be in touch soon.',
  },
};

function page(language: PageLanguage, title: string, body: string): string {
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex"><title>${title}</title></head><body style="${style}">${body}</body></html>`;
}

/**
 * A page that asks: programs that follow links in mails must not act for anybody. Its button posts to the page's own
 * address.
 */
function askingPage(language: PageLanguage, title: string, explanation: string, button: string): string {
  return page(
    language,
    title,
    `<h1>${title}</h1><p>${explanation}</p><form method="post"><button style="font:inherit;padding:.5rem 1rem">${button}</button></form>`,
  );
}

/** Asks before unsubscribing. */
export function unsubscribePage(language: PageLanguage): string {
  const { ask, explain, confirm } = texts[language];
  return askingPage(language, ask, explain, confirm);
}

export function unsubscribedPage(language: PageLanguage): string {
  return page(language, texts[language].ask, `<p role="status">${texts[language].gone}</p>`);
}

/** Asks before an answer is noted. */
export function answerPage(language: PageLanguage): string {
  const { answer, answering, interested } = texts[language];
  return askingPage(language, answer, answering, interested);
}

export function thanksPage(language: PageLanguage): string {
  return page(language, texts[language].thanks, `<p role="status">${texts[language].thanks}</p>`);
}
