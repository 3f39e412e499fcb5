/** `node deploy/dist/check/unheard.js`: prints the declared facts that no consumer group of any service takes. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { eventOf, events } from '@quen/events';
import { handlersOf, reactionsOf } from '@quen/messaging';
import { root } from '../local/settings.js';

/** Every fact without a consumer, by type. None is a fault: whoever tells need not know who listens. */
export async function unheard(): Promise<string[]> {
  const files = globSync('{libs/chassis,services/*}/dist/**/*.js', { cwd: root })
    .filter((file) => !/spec\.js$|[/\\](trial|testing)[/\\]/.test(file))
    .filter((file) => /\bReactions\(/.test(readFileSync(join(root, file), 'utf8')));
  const heard = new Set<string>();
  for (const file of files) {
    const found = Object.values(await import(pathToFileURL(join(root, file)).href));
    for (const each of found)
      if (typeof each === 'function' && reactionsOf(each))
        for (const { event } of handlersOf(each.prototype)) heard.add(eventOf(event).type);
  }
  return events()
    .filter(({ state, type }) => !state && !heard.has(type))
    .map(({ type }) => type);
}

if (import.meta.main) {
  const facts = await unheard();
  console.log(
    `${facts.length} of ${events().filter(({ state }) => !state).length} facts are heard by nobody${facts.length ? `: ${facts.join(', ')}` : ''}`,
  );
}
