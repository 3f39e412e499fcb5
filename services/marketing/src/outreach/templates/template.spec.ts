import {
  render as filled,
  plainText,
  sampleVariables,
  faultsOf as tried,
  type Content,
  type Part,
  type Rendered,
  type Variables,
} from './template.js';

const ignore = (): void => undefined;
const faultsOf = (content: Content) => tried(content, ignore);
const render = (content: Content, language: 'vi' | 'en', variables: Variables): Rendered =>
  filled(content, language, variables, ignore) as Rendered;

const content = {
  vi: {
    subject: 'Chào {{ customer.name }}',
    body: '<p>Kính gửi {{ customer.title }} {{ customer.name }}, <a href="{{ links.response }}">nhận ưu đãi</a></p>',
  },
  en: { subject: 'Hello {{ customer.name }}', body: '<html><body>Dear {{ customer.name }}</body></html>' },
};
const named = (name: string) => ({ ...sampleVariables, customer: { ...sampleVariables.customer, name } });

describe('templates', () => {
  it('labels the subject and ends with a way to unsubscribe, in the language of the customer', () => {
    const vi = render(content, 'vi', sampleVariables);
    expect(vi.subject).toBe('[QC] Chào Nguyễn Thị An');
    expect(vi.html).toContain('<a href="https://example.vn/u/x">Từ chối nhận thư quảng cáo</a>');
    const en = render(content, 'en', sampleVariables);
    expect(en.subject).toBe('[AD] Hello Nguyễn Thị An');
    expect(en.html).toMatch(/Unsubscribe<\/a><\/p><\/body><\/html>$/);
  });

  it('falls back to Vietnamese where there is no English', () => {
    expect(render({ vi: content.vi }, 'en', sampleVariables)).toMatchObject({
      language: 'vi',
      subject: '[QC] Chào Nguyễn Thị An',
    });
  });

  it('escapes what customers are called in HTML, and keeps a subject on one line', () => {
    const rendered = render(content, 'vi', named('<script>alert(1)</script>\r\nBcc: all@example.vn'));
    expect(rendered.html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(rendered.subject).toBe('[QC] Chào <script>alert(1)</script> Bcc: all@example.vn');
  });

  it.each([
    ['an unclosed tag', '{% if customer.rank == "gold" %}x'],
    ['an unknown variable', 'Chào {{ customer.nickname }}'],
    ['an unknown object', '{{ secrets.key }}'],
    ['an unknown filter', '{{ customer.name | shout }}'],
    ['an unknown tag', '{% exec "ls" %}'],
    ['a file', '{% include "/etc/passwd" %}'],
    ['an inherited property', '{{ customer.constructor.name }}'],
    ['nothing', '  {% comment %}x{% endcomment %} '],
    ['too much work', '{% for i in (1..100000000) %}x{% endfor %}'],
  ])('refuses %s', (_, body) => {
    expect(faultsOf({ vi: { subject: 'Chào', body } })).toMatchObject([{ part: 'vi/body', code: 'template_failed' }]);
  });

  it('takes conditions, and finds faults in every part at once', () => {
    expect(
      faultsOf({
        vi: {
          subject: '{% if customer.rank == "gold" %}Vàng{% else %}Chào{% endif %}',
          body: '{{ customer.name | upcase }}',
        },
      }),
    ).toEqual([]);
    expect(
      faultsOf({ vi: { subject: '{{ a }}', body: '{{ b }}' }, en: { subject: 'Hi', body: '{% x %}' } }).map(
        (fault) => fault.part,
      ),
    ).toEqual(['vi/subject', 'vi/body', 'en/body']);
  });

  it('tells of each part before it is worked on, so that another thread knows what takes so long', () => {
    const begun: Part[] = [];
    tried(content, (part) => begun.push(part));
    filled(content, 'en', sampleVariables, (part) => begun.push(part));
    expect(begun).toEqual(['vi/subject', 'vi/body', 'en/subject', 'en/body', 'en/subject', 'en/body']);
  });

  it('puts the footer where the body ends, whatever length letters have in lower case', () => {
    const { html } = render(
      { vi: { subject: 'a', body: `<BODY>${'\u0130'.repeat(50)}</BODY></html>` } },
      'vi',
      sampleVariables,
    );
    expect(html).toMatch(/\u0130<hr>.*<\/p><\/BODY><\/html>$/);
  });

  it.each([
    ['links that do not end', `</body>${'<a href="'.repeat(11_000)}`],
    ['open tags', '<a href="x"'.repeat(9_000)],
    ['what is deep', '<div>'.repeat(20_000)],
    ['open styles', '<style'.repeat(16_000)],
    ['blanks', `<p>${' \n'.repeat(49_000)}</p>`],
    ['entities', '&amp;'.repeat(20_000)],
  ])('takes time in proportion to the length of %s', (_, html) => {
    const milliseconds = (text: string): number => {
      const began = process.cpuUsage();
      plainText(text);
      return process.cpuUsage(began).user / 1_000;
    };
    milliseconds(html);
    expect(milliseconds(html)).toBeLessThan(10_000);
  });

  it('makes a readable text of the HTML', () => {
    expect(
      plainText(
        '<style>p{}</style><p>Chào &lt;An&gt; &amp; Bình</p><p>Xem <a class="b" href="https://x.vn/1">ở đây</a></p>',
      ),
    ).toBe('Chào <An> & Bình\nXem ở đây (https://x.vn/1)');
    expect(plainText('<h1>Quà</h1><ul><li>một<li>hai</ul><!-- <p>ẩn</p> --><script>alert(1)</script>a<br>b<hr>c')).toBe(
      'Quà\n * một\n * hai\na\nb\n---\nc',
    );
  });
});
