import { barelyVisible } from './visible.js';

/**
 * Text as search compares it: without accents and case, `đ` as `d`, runs of white space as one blank, nothing that
 * nobody sees.
 * NFC and NFD input give the same result. The SQL function `quen_fold` does the same, so a folded column and a folded
 * search word meet.
 */
export function fold(text: string): string {
  return barelyVisible(text)
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
    .toLowerCase()
    .replace(/đ/g, 'd')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Makes text safe as part of a LIKE pattern, whose escape character is the backslash. */
export function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
