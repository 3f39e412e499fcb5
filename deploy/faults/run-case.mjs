import { randomOf } from './random.mjs';
import { Report } from './report.mjs';
import { FaultStack, fewServices } from './stack.mjs';

/** @typedef {import('./stack.mjs').Needs} Needs */
/**
 * @typedef {{ seconds: number, rate: number, lanes?: number } & Record<string, number>} Durations seconds: of the
 * fault, to which `--scale` applies; rate: writes a second; and what else a case has otherwise in its short form
 */
/**
 * @typedef {object} Context
 * @property {FaultStack} stack
 * @property {number} seed
 * @property {import('./random.mjs').Random} random
 * @property {Durations} durations
 * @property {boolean} control whether the safety that the case is about is switched off, so that it must fail
 * @property {Report} report
 * @property {(line: string) => void} say
 */
/**
 * One fault of the specification.
 * @typedef {object} FaultCase
 * @property {string} id
 * @property {string} title
 * @property {Needs} [needs]
 * @property {() => Needs} [prepare] what it needs besides, made for this run; what it throws says why the case cannot
 * run on this machine
 * @property {() => void} [cleanUp] removes what was prepared, after the stack is gone
 * @property {Durations} long
 * @property {Durations} [short] for `npm test`, at most 20 s of fault; a case without it runs in `npm run faults` only
 * @property {{ title: string, needs?: Needs, durations?: Durations }} [control] what is switched off; runs with
 * `control: true` and must be red
 * @property {(context: Context) => Promise<void>} run
 */

/** What the short forms share: one stack with few services. @type {Needs} */
export const shortNeeds = { services: fewServices };

/** Keeps a stack as long as the next case needs the same and the last run left it whole. */
export class Stacks {
  /** @type {{ key: string, stack: FaultStack } | undefined} */
  #present;

  /** @param {Needs} [needs] */
  async get(needs = {}) {
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
 * @param {FaultCase} fault
 * @param {{ stacks: Pick<Stacks, 'get' | 'drop'>, seed: number, durations: Durations, needs?: Needs, control?: boolean,
 * say?: (line: string) => void }} how needs: instead of the case's own
 */
export async function runCase(
  fault,
  { stacks, seed, durations, needs = fault.needs, control = false, say = () => undefined },
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

/**
 * The time of the fault is multiplied; what the specification allows for, and how often something happens, stays.
 * @param {Durations} durations @param {number} scale @returns {Durations}
 */
export function scaled(durations, scale) {
  return { ...durations, seconds: durations.seconds * scale };
}
