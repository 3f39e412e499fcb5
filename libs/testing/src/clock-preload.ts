// Preloaded into a service under test: its wall clock is off by the milliseconds that stand in the file
// QUEN_TEST_CLOCKS/<service>,
// now and whenever that changes, or, without such a file, by those in QUEN_TEST_CLOCK. Timers and performance.now() run
// on, as they do when somebody sets a machine's clock.
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const file = join(process.env.QUEN_TEST_CLOCKS ?? '', basename(dirname(dirname(process.argv[1] ?? ''))));
const always = Number(process.env.QUEN_TEST_CLOCK) || 0;
const Real = Date;
let offset = 0;

function read() {
  try {
    offset = Number(readFileSync(file, 'utf8')) || 0;
  } catch {
    offset = always;
  }
}

read();
setInterval(read, 100).unref();

const now = () => Real.now() + offset;
globalThis.Date = new Proxy(Real, {
  construct: (target, args, asked) => Reflect.construct(target, args.length ? args : [now()], asked),
  apply: () => new Real(now()).toString(),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
});
