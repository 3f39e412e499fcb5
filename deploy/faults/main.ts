/**
 * `npm run faults`: each fault of the messaging specification on the real services, Postgres and Kafka, with three
 * seeds, and its control once. `npm run faults -- F5 F7 --seed 7 --scale 0.2 --no-controls`. Ends with 1 when a run is
 * red or a control green.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../local/settings.js';
import { keep, line, type Report } from './report.js';
import { runCase, scaled, shortNeeds, Stacks, type FaultCase } from './run-case.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  allowNegative: true,
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string', default: '1,2,3' },
    scale: { type: 'string', default: '1' },
    rate: { type: 'string' },
    // what npm test runs of a case
    controls: { type: 'boolean', default: true },
    'only-controls': { type: 'boolean', default: false },
    short: { type: 'boolean', default: false },
  },
});
const seeds = (values.seed ?? values.seeds).split(',').map(Number);
const scale = Number(values.scale);
if (seeds.some((seed) => !Number.isSafeInteger(seed)) || !(scale > 0))
  fail('--seeds are whole numbers separated by commas, --scale is a number above 0.');

const cases = await allCases();
const wanted = positionals.map((each) => each.toUpperCase());
const unknown = wanted.filter((id) => !cases.some((each) => each.id.toUpperCase() === id));
if (unknown.length) fail(`There is no ${unknown.join(', ')}; there are ${cases.map(({ id }) => id).join(', ')}.`);

const stacks = new Stacks();
// engines end with their reaper, services with this process
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));

console.log(`Scale ${scale} of the specified durations; seeds ${seeds.join(', ')}.\n${line()}`);
const reports: Report[] = [];
for (const fault of cases.filter(({ id }) => !wanted.length || wanted.includes(id.toUpperCase()))) {
  if (!values['only-controls']) for (const seed of seeds) await once(fault, seed, false);
  if (values.controls && fault.control) await once(fault, seeds[0] as number, true);
}
await stacks.drop();
console.log(`\nKept in ${keep(join(root, '.local/faults'), reports, { scale })}`);
process.exit(reports.every((report) => report.right) ? 0 : 1);

async function once(fault: FaultCase, seed: number, control: boolean) {
  const short = values.short && fault.short !== undefined;
  const durations = {
    ...((control ? fault.control?.durations : undefined) ??
      scaled(short ? (fault.short ?? fault.long) : fault.long, scale)),
    ...(values.rate ? { rate: Number(values.rate) } : {}),
  };
  const report = await runCase(fault, {
    stacks,
    seed,
    durations,
    needs: short ? shortNeeds : fault.needs,
    control,
    say: (text) => console.log(`      ${text}`),
  });
  reports.push(report);
  console.log(line(report));
  for (const note of report.notes) console.log(`      ${note}`);
  if (!report.right || control)
    for (const broken of report.broken.slice(0, control ? 2 : 10)) console.log(`      ${broken}`);
}

/** @returns in the order of their files */
async function allCases(): Promise<FaultCase[]> {
  const folder = join(import.meta.dirname, 'cases');
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.js'))
    .sort();
  return Promise.all(files.map(async (name) => (await import(join(folder, name))).default));
}

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}
