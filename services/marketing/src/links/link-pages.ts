const style = 'font:18px/1.5 system-ui,sans-serif;max-width:32rem;margin:4rem auto;padding:0 1rem';

const texts = {
  vi: {
    ask: 'Từ chối nhận thư quảng cáo', explain: 'Sau khi xác nhận, bạn sẽ không nhận thư quảng cáo của chúng tôi nữa.', confirm: 'Xác nhận từ chối',
    gone: 'Đã ghi nhận. Bạn sẽ không nhận thư quảng cáo nữa.', thanks: 'Cảm ơn bạn! Chúng tôi sẽ sớm liên hệ.',
  },
  en: {
    ask: 'Unsubscribe from advertising', explain: 'Once you confirm, you will get no more advertising mails from us.', confirm: 'Unsubscribe',
    gone: 'Done. You will get no more advertising mails.', thanks: 'Thank you! We will be in touch soon.',
  },
};

function page(language: 'vi' | 'en', title: string, body: string): string {
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex"><title>${title}</title></head><body style="${style}">${body}</body></html>`;
}

/** Asks before unsubscribing: programs that follow links in mails must not unsubscribe anybody. */
export function unsubscribePage(language: 'vi' | 'en'): string {
  const { ask, explain, confirm } = texts[language];
  return page(language, ask, `<h1>${ask}</h1><p>${explain}</p><form method="post"><button style="font:inherit;padding:.5rem 1rem">${confirm}</button></form>`);
}

export function unsubscribedPage(language: 'vi' | 'en'): string {
  return page(language, texts[language].ask, `<p role="status">${texts[language].gone}</p>`);
}

export function thanksPage(language: 'vi' | 'en'): string {
  return page(language, texts[language].thanks, `<p role="status">${texts[language].thanks}</p>`);
}
