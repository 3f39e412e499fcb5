import { events, isCivilDate, wordOf, type Texts } from '@quen/events';
import type { Language } from '@quen/messaging';

/** What is said of each fact, by its name; where versions differ, in the words of the newest. */
const tells = new Map<string, Texts>(
  events()
    .sort((one, other) => one.version - other.version)
    .flatMap(({ name, tells: texts }) => (texts ? [[name, texts]] : [])),
);

/**
 * The text of an entry in a language, made when it is read, so that texts may be bettered. A kind that is not known yet
 * reads as its own name.
 */
export function timelineText(service: string, kind: string, data: Record<string, unknown>, language: Language): string {
  const text = tells.get(`crm.${service}.${kind}`)?.[language] ?? kind.replaceAll('-', ' ');
  const said = text.replace(/\[([^\]]*\{(\w+)\}[^\]]*)\]/g, (_, part: string, field: string) =>
    shown(data[field], language) ? part : '',
  );
  return said
    .replace(/\{(\w+)\}/g, (_, field: string) => shown(data[field], language))
    .replace(/\(\)/g, '')
    .replace(/\s+/g, ' ')
    .replace(/[\s,:]+$/, '')
    .trim();
}

function shown(value: unknown, language: Language): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map((each) => shown(each, language)).join(', ');
  if (isMoney(value)) return `${groups(value.amount, language)} ${value.currency === 'VND' ? '₫' : value.currency}`;
  if (typeof value === 'object') return '';
  const text = String(value);
  if (language === 'vi' && isCivilDate(text)) return text.split('-').reverse().join('/');
  return wordOf(text, language);
}

/** Digits in groups of three, without passing through a float. */
function groups(amount: string, language: Language): string {
  const [point, comma] = language === 'vi' ? ['.', ','] : [',', '.'];
  const [whole = '0', decimals] = amount.split('.');
  return whole.replace(/\B(?=(\d{3})+$)/g, point) + (decimals ? comma + decimals : '');
}

function isMoney(value: unknown): value is { amount: string; currency: string } {
  return typeof value === 'object' && value !== null && 'amount' in value && 'currency' in value;
}
