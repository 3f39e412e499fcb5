import { contentSecurityPolicy, signInPage } from './sign-in.pages.js';
import { chooseLanguage } from './sign-in.texts.js';

describe('sign-in pages', () => {
  it('shows what was typed without running it', () => {
    const html = signInPage({ language: 'en', action: '/x', application: '<b>App</b>', loginName: '"><script>' });
    expect(html).toContain('value="&quot;&gt;&lt;script&gt;"');
    expect(html).toContain('&lt;b&gt;App&lt;/b&gt;');
  });

  it('speaks Vietnamese unless English is asked for first', () => {
    expect(chooseLanguage(undefined, 'fr-FR,en;q=0.8,vi;q=0.5')).toBe('en');
    expect(chooseLanguage('vi', 'en')).toBe('vi');
    expect(chooseLanguage(undefined, 'de')).toBe('vi');
  });

  it('lets the form lead to the application only', () => {
    expect(contentSecurityPolicy(['https://app.example'])).toContain("form-action 'self' https://app.example;");
  });
});
