import { parts, type Content, type Part, type Rendered, type TemplateFault, type Variables } from './template.js';

/** Work for the thread that renders: fill a content for one person, or try it before it is saved. */
export type TemplateJob =
  | { kind: 'render'; content: Content; language: 'vi' | 'en'; variables: Variables }
  | { kind: 'check'; content: Content };

/** What became of a job; of a check nothing but its faults. */
export type TemplateResult = { rendered: Rendered } | { faults: TemplateFault[] };

export interface NumberedJob {
  n: number;
  job: TemplateJob;
}
export interface NumberedResult {
  n: number;
  result: TemplateResult;
}

/** Bytes that both threads see. */
export const progressBytes = 16;

/**
 * What the rendering thread is at, for the other one to see while the first is busy: the job's number (0 for none), its
 * part, and the processor time before it.
 */
export class Progress {
  private readonly at: Int32Array;
  private readonly cpuBefore: Float64Array;

  constructor(readonly shared: SharedArrayBuffer) {
    this.at = new Int32Array(shared, 0, 2);
    this.cpuBefore = new Float64Array(shared, 8, 1);
  }

  /** @param cpu microseconds of processor time that the thread has used so far */
  begin(n: number, part: Part, cpu: number): void {
    this.cpuBefore[0] = cpu;
    Atomics.store(this.at, 1, parts.indexOf(part));
    Atomics.store(this.at, 0, n);
  }

  end(): void {
    Atomics.store(this.at, 0, 0);
  }

  get now(): { n: number; part: Part; cpuBefore: number } {
    return { n: Atomics.load(this.at, 0), part: parts[Atomics.load(this.at, 1)]!, cpuBefore: this.cpuBefore[0]! };
  }
}
