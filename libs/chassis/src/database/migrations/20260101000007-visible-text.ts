import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Folding drops what nobody sees, as `fold` does, and takes as white space what JavaScript does; the result for other
 * text is as before.
 */
export class VisibleText1767225600007 implements MigrationInterface {
  readonly name = 'VisibleText1767225600007';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create or replace function quen_fold(input text) returns text
      language sql immutable strict parallel safe
      return btrim(regexp_replace(translate(lower(normalize(regexp_replace(normalize(
        regexp_replace(input, '[\\u00ad\\u034f\\u0600-\\u0605\\u061c\\u06dd\\u070f\\u0890-\\u0891\\u08e2\\u115f-\\u1160\\u17b4-\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff0-\\ufffb\\U000110bd\\U000110cd\\U00013430-\\U0001343f\\U0001bca0-\\U0001bca3\\U0001d173-\\U0001d17a\\U000e0000-\\U000e0fff]', '', 'g'),
        nfd), '[\\u0300-\\u036f]', '', 'g'), nfc) collate "pg_c_utf8"), 'đ', 'd'), '[\\u0009-\\u000d\\u0020\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+', ' ', 'g'));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create or replace function quen_fold(input text) returns text
      language sql immutable strict parallel safe
      return btrim(regexp_replace(translate(lower(normalize(regexp_replace(normalize(input, nfd), '[\\u0300-\\u036f]', '', 'g'), nfc) collate "pg_c_utf8"), 'đ', 'd'), '\\s+', ' ', 'g'));
    `);
  }
}
