import { resolve } from 'node:path';
import { endpointsFile } from '../endpoints.js';
import { readSettings } from '../settings.js';
import { help, readWish, WrongUse } from './arguments.js';
import { findAccess, Gateway, Refused, Unreachable } from './gateway.js';
import { perform } from './perform.js';

/**
 * Does what the arguments of `npm run bus` say.
 * @returns the exit code: the worst of what happened
 */
export async function runBus(
  args: string[],
  env: NodeJS.ProcessEnv,
  print: (text: string) => void,
  complain: (text: string) => void,
): Promise<number> {
  let code = 0;
  const report = (error: unknown) => {
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
    const answers: Record<string, unknown> = {};
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
 */
export function visible(text: string) {
  return text.replace(
    /[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function complaint(error: unknown, complain: (text: string) => void): number {
  if (error instanceof WrongUse) {
    complain(`${error.message}\nnpm run bus -- --help tells how.`);
    return 2;
  }
  if (error instanceof Unreachable || error instanceof Refused) complain(visible(error.message));
  else complain(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return error instanceof Unreachable ? 3 : 1;
}
