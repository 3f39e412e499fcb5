import { Liquid, type Template } from 'liquidjs';

/** Subject and body in one language; Liquid over the variables of {@link Variables}. */
export interface LocalisedTemplate {
  subject: string;
  /** HTML. */
  body: string;
}

/** What a campaign says, in Vietnamese and, where there is one, in English. */
export interface Content {
  vi: LocalisedTemplate;
  en?: LocalisedTemplate;
}

/** What a template may speak of; every value is text, empty when unknown. */
export interface Variables {
  customer: { code: string; name: string; title: string; givenName: string; familyName: string; representative: string; province: string; rank: string };
  campaign: { code: string; name: string };
  links: { response: string; unsubscribe: string };
}

/** A message as it goes out. */
export interface Rendered {
  language: 'vi' | 'en';
  subject: string;
  html: string;
  text: string;
}

/** A wrong part of a template. `pointer` is relative to the content. */
export interface TemplateFault {
  pointer: string;
  message: string;
}

const limits = { parseLimit: 200_000, renderLimit: 1_000, memoryLimit: 2_000_000 };
const strict = { strictVariables: true, strictFilters: true, ownPropertyOnly: true, templates: {}, ...limits };
const asHtml = new Liquid({ ...strict, outputEscape: 'escape' });
const asText = new Liquid(strict);

/** Variables with a value in each place, by which a template is tried before it is saved. */
export const sampleVariables: Variables = {
  customer: { code: 'KH-000001', name: 'Nguyễn Thị An', title: 'Chị', givenName: 'An', familyName: 'Nguyễn', representative: 'Trần Văn Bình', province: 'Hà Nội', rank: 'gold' },
  campaign: { code: 'XUAN-2026', name: 'Xuân 2026' },
  links: { response: 'https://example.vn/r/x', unsubscribe: 'https://example.vn/u/x' },
};

// Decree 91/2020/NĐ-CP: advertising is labelled as such at the start of its subject and says how to refuse it.
const label = { vi: '[QC]', en: '[AD]' };
const footer = {
  vi: (link: string) => `<hr><p style="font-size:small">Đây là thư quảng cáo. <a href="${link}">Từ chối nhận thư quảng cáo</a></p>`,
  en: (link: string) => `<hr><p style="font-size:small">This is an advertisement. <a href="${link}">Unsubscribe</a></p>`,
};

/** Everything that is wrong with a content: syntax, unknown variables and filters; empty when it can be sent. */
export function faultsOf(content: Content): TemplateFault[] {
  return (['vi', 'en'] as const).flatMap((language) => {
    const template = content[language];
    if (!template) return [];
    return (['subject', 'body'] as const).flatMap((part) => {
      try {
        const engine = part === 'subject' ? asText : asHtml;
        const rendered = String(engine.renderSync(parsed(engine, template[part]), { ...sampleVariables }));
        return rendered.trim() ? [] : [{ pointer: `/${language}/${part}`, message: 'renders to nothing' }];
      } catch (error) {
        return [{ pointer: `/${language}/${part}`, message: (error as Error).message.slice(0, 300) }];
      }
    });
  });
}

/** Renders a content for one person, with the label and the way to unsubscribe that the law asks for. */
export function render(content: Content, language: 'vi' | 'en', variables: Variables): Rendered {
  const used = content[language] ? language : 'vi';
  const template = content[used] ?? content.vi;
  const subject = String(asText.renderSync(parsed(asText, template.subject), { ...variables })).replace(/\s+/g, ' ').trim();
  const body = String(asHtml.renderSync(parsed(asHtml, template.body), { ...variables }));
  const html = withFooter(body, footer[used](variables.links.unsubscribe));
  return { language: used, subject: `${label[used]} ${subject}`, html, text: plainText(html) };
}

const cache = new Map<string, Template[]>();

/** A campaign renders the same text for each of its members, so parsed templates are kept, the last few hundred of them. */
function parsed(engine: Liquid, source: string): Template[] {
  const key = (engine === asHtml ? 'h' : 't') + source;
  const known = cache.get(key);
  if (known) return known;
  const template = engine.parse(source);
  if (cache.size >= 200) cache.delete(cache.keys().next().value!);
  cache.set(key, template);
  return template;
}

function withFooter(html: string, foot: string): string {
  const end = html.toLowerCase().lastIndexOf('</body>');
  return end < 0 ? html + foot : html.slice(0, end) + foot + html.slice(end);
}

/** The alternative for readers that show no HTML: links keep their address. */
export function plainText(html: string): string {
  const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#34': '"', '#39': '\'', nbsp: ' ' };
  return html
    .replace(/<(style|script|head)[\s\S]*?<\/\1>/gi, '')
    .replace(/<a\s[^>]*href="([^"]*)"[^>]*>([\s\S]*?)<\/a>/gi, '$2 ($1)')
    .replace(/<hr[^>]*>/gi, '\n---\n')
    .replace(/<br[^>]*>|<\/(p|div|h[1-6]|li|tr|table)>/gi, '\n')
    .replace(/<[^>]+>/g, '')
    .replace(/&(amp|lt|gt|quot|#34|#39|nbsp);/g, (_, name: string) => entities[name]!)
    .replace(/[ \t]+/g, ' ').replace(/ ?\n ?/g, '\n').replace(/\n{3,}/g, '\n\n').trim();
}
