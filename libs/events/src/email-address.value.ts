import { isEmail, ValidateBy, type ValidationOptions } from 'class-validator';
import { compile } from './schema.js';

/**
 * As published schemas have it (`format: email`), which is narrower than what class-validator takes: no letters with
 * marks, no quotes.
 */
const published = compile({ type: 'string', format: 'email', maxLength: 254 });

/** Whether a text is an e-mail address that may be published: what one door takes, no record refuses. */
export function isEmailAddress(text: unknown): text is string {
  return (
    typeof text === 'string' && text.length <= 254 && isEmail(text, { allow_utf8_local_part: false }) && published(text)
  );
}

/** A field that holds an e-mail address, in requests as in events. */
export function IsEmailAddress(options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    { name: 'isEmail', validator: { validate: isEmailAddress, defaultMessage: () => '$property must be an email' } },
    options,
  );
}
