import 'reflect-metadata';
import { applyDecorators, Injectable, SetMetadata } from '@nestjs/common';
import type { Transaction } from '@quen/messaging';
import type { RunningJob } from './running-job.js';

/** How a job ended. */
export interface JobEnd {
  id: string;
  state: 'succeeded' | 'failed' | 'cancelled';
  /** Why it failed. */
  problem?: { code: string; detail: string; detailVi?: string; errors?: readonly object[] };
}

/** Does one kind of job. The result goes into the job as JSON. */
export interface JobRunner<P extends object = object, R = unknown> {
  /**
   * Runs or resumes a job on behalf of its caller. After a kill it is called again with the checkpoint that was
   * committed last, and takes up from there. A Problem that it throws fails the job. When a part is unavailable the job
   * is tried again later.
   */
  run(job: RunningJob<P>): Promise<R>;

  /**
   * Hears in the transaction that ends the job how it ended, for records of the service that show the job's state. It
   * also hears of a job that was given up, or cancelled before it began.
   */
  ended?(tx: Transaction, end: JobEnd): Promise<void>;
}

const kindKey = 'quen:job';

/** Declares the handler of one kind of job. The class stands in the slice's `jobs`. */
export function JobHandler(kind: string): ClassDecorator {
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(kind)) throw new Error(`Job kind ${kind} must be kebab-case`);
  return applyDecorators(Injectable(), SetMetadata(kindKey, kind));
}

/** The kind of job that a class handles, if it is a handler. */
export function jobKindOf(type: object): string | undefined {
  return Reflect.getMetadata(kindKey, type) as string | undefined;
}
