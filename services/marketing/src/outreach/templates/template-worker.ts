import { threadCpuUsage } from 'node:process';
import { parentPort, workerData } from 'node:worker_threads';
import {
  Progress,
  type NumberedJob,
  type NumberedResult,
  type TemplateJob,
  type TemplateResult,
} from './template-job.js';
import { faultsOf, render, sampleVariables, type Part } from './template.js';

/** The thread that renders templates: nothing that an author or a customer wrote runs on the thread that serves. */
const progress = new Progress(workerData as SharedArrayBuffer);

function perform(job: TemplateJob, beginning: (part: Part) => void): TemplateResult {
  if (job.kind === 'check') return { faults: faultsOf(job.content, beginning) };
  const outcome = render(job.content, job.language, job.variables, beginning);
  return 'html' in outcome ? { rendered: outcome } : { faults: [outcome] };
}

// The first run of any code is its slowest: it must not count against somebody's template.
const sample = {
  subject: 'Chào {{ customer.name }}',
  body: '<p>Kính gửi {% if customer.rank == "gold" %}{{ customer.name | upcase }}{% endif %}, <a href="{{ links.response }}">xem</a></p>',
};
for (let run = 0; run < 20; run += 1)
  perform({ kind: 'render', content: { vi: sample }, language: 'vi', variables: sampleVariables }, () => undefined);

parentPort!.on('message', (jobs: NumberedJob[]) => {
  for (const { n, job } of jobs) {
    const result = perform(job, (part) => {
      const { user, system } = threadCpuUsage();
      progress.begin(n, part, user + system);
    });
    progress.end();
    parentPort!.postMessage({ n, result } satisfies NumberedResult);
  }
});
