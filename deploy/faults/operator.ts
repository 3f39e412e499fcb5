import { setTimeout as sleep } from 'node:timers/promises';
import type { Json, TestService } from '@quen/testing';
import { Gateway } from './gateway.js';

/** Whoever mends parked records, over the gateways as the runbook says. */
export class Operator {
  readonly gateway: Gateway;

  constructor(branchId: string) {
    this.gateway = new Gateway(branchId);
  }

  /** Gives a parked record another value. */
  async repair(service: TestService, id: string, value: object) {
    await this.#call(service, `/v1/bus/parked/${id}/repair`, {
      value,
      reason: 'the producer has told the right value',
    });
  }

  /**
   * Gives up parked records of an error class.
   * @returns how many
   */
  async skip(service: TestService, consumer: string, errorClass: string): Promise<number> {
    return (
      await this.#call(service, '/v1/bus/skips', {
        consumer,
        errorClass,
        reason: 'nobody knows what it was',
        dryRun: false,
      })
    ).records;
  }

  /**
   * Replays everything that a consumer has parked, and waits for the end.
   * @returns the report
   */
  async replay(service: TestService, consumer: string): Promise<Record<string, Json>> {
    let job = await this.#call(service, '/v1/bus/replays', {
      consumer,
      reason: 'the consumer is mended',
      dryRun: false,
    });
    for (
      const deadline = performance.now() + 120_000;
      job.state === 'waiting' || job.state === 'running';
      await sleep(100)
    ) {
      if (performance.now() > deadline) throw new Error(`The replay of ${consumer} is still ${job.state} after 120 s`);
      job = (await this.gateway.send(service, 'GET', `/v1/jobs/${job.id}`))?.body ?? job;
    }
    if (job.state !== 'succeeded')
      throw new Error(`The replay of ${consumer} ended ${job.state}: ${JSON.stringify(job.problem)}`);
    return job.result ?? {};
  }

  async #call(service: TestService, path: string, body: object) {
    const answer = await this.gateway.send(service, 'POST', path, body);
    if (!answer || answer.status >= 300)
      throw new Error(`${service.name}: POST ${path} answered ${answer?.status} ${JSON.stringify(answer?.body)}`);
    return answer.body;
  }
}
