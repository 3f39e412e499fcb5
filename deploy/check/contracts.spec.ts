import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { events } from '@quen/events';
import { root } from '../local/settings.js';
import { unheard } from './unheard.js';

const sources = (pattern: string) =>
  globSync(pattern, { cwd: root }).map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }));

const declared = events().map((event) => [event.target.name, event.topic.service] as const);
const code = sources('services/*/src/**/*.ts').map((each) => ({ ...each, service: each.file.split(/[\\/]/)[1] }));

describe('every declared event', () => {
  it.each(declared)('%s is made by its own service, %s', (name, service) => {
    const makers = code.filter(
      (each) =>
        each.service === service &&
        !/spec\.ts$|it-support\.ts$/.test(each.file) &&
        new RegExp(`\\b${name}\\b(?!.*from )`).test(each.text),
    );
    expect(makers).not.toEqual([]);
  });

  it.each(declared)('%s has a test of its producer, in %s', (name, service) => {
    const tests = code.filter(
      (each) =>
        each.service === service && /it-spec\.ts$/.test(each.file) && new RegExp(`\\b${name}\\b`).test(each.text),
    );
    expect(tests).not.toEqual([]);
  });
});

it('what nobody hears is known: the departure of staff, but no order', async () => {
  const facts = await unheard();
  expect(facts).toContain('crm.identity.staff-left.v1');
  expect(facts).not.toContain('crm.sales.order-confirmed.v1');
});
