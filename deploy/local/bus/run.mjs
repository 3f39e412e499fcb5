import { resolve } from 'node:path';
import { endpointsFile } from '../endpoints.mjs';
import { readSettings } from '../settings.mjs';
import { help, readWish, WrongUse } from './arguments.mjs';
import { findAccess, Gateway, Refused, Unreachable } from './gateway.mjs';
import { perform } from './perform.mjs';

/**
 * Does what the arguments of `npm run bus` say.
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @param {(text: string) => void} print
 * @param {(text: string) => void} complain
 * @returns {Promise<number>} the exit code: the worst of what happened
 */
export async function runBus(args, env, print, complain) {
  let code = 0;
  const report = (/** @type {unknown} */ error) => {
    code = Math.max(code, complaint(error, complain));
  };
  try {
    const wish = readWish(args);
    if (wish === 'help') {
      print(help);
      return 0;
    }
    const { endpoints, json } = wish.options;
    const access = findAccess(
      env,
      typeof endpoints === 'string' ? resolve(endpoints) : endpointsFile(readSettings([], env)),
    );
    /** @type {Record<string, unknown>} */
    const answers = {};
    for (const service of wish.services) {
      try {
        const { answer, text, failed } = await perform(new Gateway(access, service, complain), wish);
        answers[service] = answer;
        if (!json) print(visible(wish.services.length > 1 ? `${service}\n${text}\n` : text));
        if (failed) code = Math.max(code, 1);
      } catch (error) {
        report(error);
      }
    }
    if (json && Object.keys(answers).length)
      print(JSON.stringify(wish.services.length > 1 ? answers : answers[wish.services[0] ?? ''], undefined, 2));
  } catch (error) {
    report(error);
  }
  return code;
}

/**
 * Keys and values are whatever somebody sent: what would move the cursor, colour or title the operator's terminal is
 * shown instead of done.
 * @param {string} text
 */
export function visible(text) {
  return text.replace(
    /[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** @param {unknown} error @param {(text: string) => void} complain @returns {number} */
function complaint(error, complain) {
  if (error instanceof WrongUse) {
    complain(`${error.message}\nnpm run bus -- --help tells how.`);
    return 2;
  }
  if (error instanceof Unreachable || error instanceof Refused) complain(visible(error.message));
  else complain(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return error instanceof Unreachable ? 3 : 1;
}
