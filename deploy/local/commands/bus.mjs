/** `npm run bus -- SERVICE COMMAND`: operates the bus of a running service; `--help` tells the commands. */
import { resolve } from 'node:path';
import { help, readWish, WrongUse } from '../bus/arguments.mjs';
import { findAccess, Gateway, Refused, Unreachable } from '../bus/gateway.mjs';
import { perform } from '../bus/perform.mjs';
import { endpointsFile } from '../endpoints.mjs';
import { readSettings } from '../settings.mjs';

try {
  const wish = readWish(process.argv.slice(2));
  if (wish === 'help') console.log(help);
  else await answer(wish);
} catch (error) {
  report(error);
}

/** @param {import('../bus/arguments.mjs').Wish} wish */
async function answer(wish) {
  const { endpoints, json } = wish.options;
  const access = findAccess(process.env, typeof endpoints === 'string' ? resolve(endpoints) : endpointsFile(readSettings([])));
  /** @type {Record<string, unknown>} */
  const answers = {};
  for (const service of wish.services) {
    try {
      const outcome = await perform(new Gateway(access, service), wish);
      answers[service] = outcome.answer;
      if (!json) console.log(wish.services.length > 1 ? `${service}\n${outcome.text}\n` : outcome.text);
      if (outcome.failed) raise(1);
    } catch (error) {
      report(error);
    }
  }
  if (json) console.log(JSON.stringify(wish.services.length > 1 ? answers : answers[wish.services[0] ?? ''], undefined, 2));
}

/** @param {unknown} error */
function report(error) {
  console.error(error instanceof Error ? error.message : String(error));
  if (error instanceof WrongUse) console.error('npm run bus -- --help tells how.');
  else if (!(error instanceof Refused || error instanceof Unreachable) && error instanceof Error) console.error(error.stack);
  raise(error instanceof WrongUse ? 2 : error instanceof Unreachable ? 3 : 1);
}

/** The exit code: the worst of what happened. @param {number} code */
function raise(code) {
  process.exitCode = Math.max(Number(process.exitCode ?? 0), code);
}
