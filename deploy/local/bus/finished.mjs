import { setTimeout } from 'node:timers/promises';
import { Refused } from './gateway.mjs';

/** @typedef {import('./gateway.mjs').Json} Json */

/**
 * Waits for a job. @param {import('./gateway.mjs').Gateway} gateway @param {Json} job @returns {Promise<Json>} @throws {Refused} when it did not succeed
 */
export async function finished(gateway, job) {
  let known = job;
  while (known.state === 'waiting' || known.state === 'running') {
    await setTimeout(200);
    known = await gateway.get(`jobs/${job.id}`);
  }
  if (known.state !== 'succeeded') throw new Refused(`${gateway.service}: the job ${job.id} ${known.state}: ${known.problem?.detail ?? 'no reason given'}`);
  return known;
}
