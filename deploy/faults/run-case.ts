import { randomOf, type Random } from './random.js';
import { Report } from './report.js';
import { FaultStack, fewServices, type Needs } from './stack.js';

/**
 * seconds: of the fault, to which `--scale` applies; rate: writes a second; and what else a case has otherwise in its
 * short form
 */
type Durations = { seconds: number; rate: number; lanes?: number } & Record<string, number>;
interface Context {
  stack: FaultStack;
  seed: number;
  random: Random;
  durations: Durations;
  /** whether the safety that the case is about is switched off, so that it must fail */
  control: boolean;
  report: Report;
  say: (line: string) => void;
}
/** One fault of the specification. */
export interface FaultCase {
  id: string;
  title: string;
  needs?: Needs;
  /** what it needs besides, made for this run; what it throws says why the case cannot run on this machine */
  prepare?: () => Needs;
  /** removes what was prepared, after the stack is gone */
  cleanUp?: () => void;
  long: Durations;
  /** for `npm test`, at most 20 s of fault; a case without it runs in `npm run faults` only */
  short?: Durations;
  /** what is switched off; runs with `control: true` and must be red */
  control?: { title: string; needs?: Needs; durations?: Durations };
  run: (context: Context) => Promise<void>;
}

/** What the short forms share: one stack with few services. */
export const shortNeeds: Needs = { services: fewServices };

/** Keeps a stack as long as the next case needs the same and the last run left it whole. */
export class Stacks {
  #present: { key: string; stack: FaultStack } | undefined;

  async get(needs: Needs = {}) {
    // a proxy belongs to the case that made it
    const key = JSON.stringify(needs);
    if (this.#present?.key === key && !needs.proxy) return this.#present.stack;
    await this.drop();
    const stack = await FaultStack.start(needs);
    this.#present = { key, stack };
    return stack;
  }

  async drop() {
    const present = this.#present;
    this.#present = undefined;
    await present?.stack.stop();
  }
}

/**
 * Runs a case once.
 * @param how needs: instead of the case's own
 */
export async function runCase(
  fault: FaultCase,
  {
    stacks,
    seed,
    durations,
    needs = fault.needs,
    control = false,
    say = () => undefined,
  }: {
    stacks: Pick<Stacks, 'get' | 'drop'>;
    seed: number;
    durations: Durations;
    needs?: Needs;
    control?: boolean;
    say?: (line: string) => void;
  },
) {
  const report = new Report(fault, seed, control);
  let prepared;
  try {
    prepared = fault.prepare?.();
  } catch (error) {
    report.notRun = error instanceof Error ? error.message : String(error);
    return report;
  }
  try {
    const stack = await stacks.get({ ...needs, ...prepared, ...(control ? fault.control?.needs : {}) });
    const began = performance.now();
    try {
      await fault.run({ stack, seed, random: randomOf(seed), durations, control, report, say });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      // a control has to be found out by the judge; that it broke off shows nothing
      if (control) report.notRun = message;
      else report.broken.push(message);
      say(error instanceof Error ? (error.stack ?? message) : message);
    }
    report.seconds = (performance.now() - began) / 1000;
    // what a red run or a control has left in tables and topics would be held against the next run
    if (report.green && !control && !prepared) await stack.mend();
    else await stacks.drop();
  } catch (error) {
    // not even a control is red because its stack did not start
    report.notRun = error instanceof Error ? error.message : String(error);
    await stacks.drop();
  } finally {
    fault.cleanUp?.();
  }
  return report;
}

/** The time of the fault is multiplied; what the specification allows for, and how often something happens, stays. */
export function scaled(durations: Durations, scale: number): Durations {
  return { ...durations, seconds: durations.seconds * scale };
}
