import { compile } from 'html-to-text';
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
  customer: {
    code: string;
    name: string;
    title: string;
    givenName: string;
    familyName: string;
    representative: string;
    province: string;
    rank: string;
  };
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

/** Parts of a content, each rendered under a limit of its own. */
export const parts = ['vi/subject', 'vi/body', 'en/subject', 'en/body'] as const;
export type Part = (typeof parts)[number];

/** What is wrong with a part: it says what cannot be said, or it takes more time or memory than one message may. */
export interface TemplateFault {
  part: Part;
  code: 'template_failed' | 'template_too_slow' | 'template_too_large';
  message: string;
}

/** Told of each part before its work begins. */
export type Beginning = (part: Part) => void;

const strict = {
  strictVariables: true,
  strictFilters: true,
  ownPropertyOnly: true,
  templates: {},
  parseLimit: 200_000,
  memoryLimit: 2_000_000,
};
const asHtml = new Liquid({ ...strict, outputEscape: 'escape' });
const asText = new Liquid(strict);

/** Variables with a value in each place, by which a template is tried before it is saved. */
export const sampleVariables: Variables = {
  customer: {
    code: 'KH-000001',
    name: 'Nguyễn Thị An',
    title: 'Chị',
    givenName: 'An',
    familyName: 'Nguyễn',
    representative: 'Trần Văn Bình',
    province: 'Hà Nội',
    rank: 'gold',
  },
  campaign: { code: 'XUAN-2026', name: 'Xuân 2026' },
  links: { response: 'https://example.vn/r/x', unsubscribe: 'https://example.vn/u/x' },
};

// Decree 91/2020/NĐ-CP: advertising is labelled as such at the start of its subject and says how to refuse it.
const label = { vi: '[QC]', en: '[AD]' };
const footer = {
  vi: (link: string) =>
    `<hr><p style="font-size:small">Đây là thư quảng cáo. <a href="${link}">Từ chối nhận thư quảng cáo</a></p>`,
  en: (link: string) =>
    `<hr><p style="font-size:small">This is an advertisement. <a href="${link}">Unsubscribe</a></p>`,
};

/** Everything that is wrong with a content: syntax, unknown variables and filters; empty when it can be sent. */
export function faultsOf(content: Content, beginning: Beginning): TemplateFault[] {
  return (['vi', 'en'] as const).flatMap((language) => {
    if (!content[language]) return [];
    const { fault } = attempt(content, language, sampleVariables, beginning, true);
    return fault;
  });
}

/** Renders a content for one person, with the label and the way to unsubscribe that the law asks for. */
export function render(
  content: Content,
  language: 'vi' | 'en',
  variables: Variables,
  beginning: Beginning,
): Rendered | TemplateFault {
  const {
    rendered,
    fault: [first],
  } = attempt(content, content[language] ? language : 'vi', variables, beginning, false);
  return first ?? rendered;
}

function attempt(
  content: Content,
  language: 'vi' | 'en',
  variables: Variables,
  beginning: Beginning,
  mustSaySomething: boolean,
): { rendered: Rendered; fault: TemplateFault[] } {
  const template = content[language] ?? content.vi;
  const fault: TemplateFault[] = [];
  const filled = (name: 'subject' | 'body', engine: Liquid, finish: (text: string) => void): void => {
    const part: Part = `${language}/${name}`;
    beginning(part);
    try {
      const text = String(engine.renderSync(parsed(engine, template[name]), { ...variables }));
      if (mustSaySomething && !text.trim()) throw new Error('renders to nothing');
      finish(text);
    } catch (error) {
      fault.push({ part, code: 'template_failed', message: (error as Error).message.slice(0, 300) });
    }
  };
  const rendered: Rendered = { language, subject: '', html: '', text: '' };
  filled('subject', asText, (text) => {
    rendered.subject = `${label[language]} ${text.replace(/\s+/g, ' ').trim()}`;
  });
  filled('body', asHtml, (text) => {
    rendered.html = withFooter(text, footer[language](variables.links.unsubscribe));
    rendered.text = plainText(rendered.html);
  });
  return { rendered, fault };
}

const cache = new Map<string, Template[]>();

/**
 * A campaign renders the same text for each of its members, so parsed templates are kept, the last few hundred of them.
 */
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
  const end = [...html.matchAll(/<\/body>/gi)].at(-1)?.index;
  return end === undefined ? html + foot : html.slice(0, end) + foot + html.slice(end);
}

const line = { leadingLineBreaks: 1, trailingLineBreaks: 1 };
const toText = compile({
  wordwrap: false,
  // What is deeper or longer than any mail is cut in its text, which the HTML goes with.
  limits: { maxDepth: 100, maxChildNodes: 10_000, maxInputLength: 1_000_000 },
  selectors: [
    { selector: 'a', options: { linkBrackets: ['(', ')'], ignoreHref: false } },
    { selector: 'img', format: 'skip' },
    ...['p', 'div', 'table', 'ul', 'ol', 'pre', 'blockquote'].map((selector) => ({ selector, options: line })),
    ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((selector) => ({ selector, options: { ...line, uppercase: false } })),
    { selector: 'hr', options: { ...line, length: 3 } },
  ],
});

/** The alternative for readers that show no HTML: links keep their address. */
export function plainText(html: string): string {
  return toText(html).trim();
}
