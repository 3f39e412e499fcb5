import { applyDecorators, HttpCode } from '@nestjs/common';
import { ApiAcceptedResponse } from '@nestjs/swagger';
import { Job } from './job.dto.js';

/** A route that enqueues a job and returns it: 202 with `Location: /v1/jobs/{id}`. */
export function ApiJob(): MethodDecorator {
  return applyDecorators(
    HttpCode(202),
    ApiAcceptedResponse({
      type: Job,
      description: 'The job was taken; it runs in the background.',
      headers: { Location: { description: 'Where the job is.', schema: { type: 'string' } } },
    }),
  );
}
