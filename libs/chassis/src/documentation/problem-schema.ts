/** Schema of the answers that are `application/problem+json`. */
export const problemSchema = {
  type: 'object',
  description: 'A problem as of RFC 9457. Further members are the values that its text speaks of.',
  required: ['type', 'title', 'status', 'detail', 'instance', 'code'],
  properties: {
    type: { type: 'string', description: 'Names the kind of problem.' },
    title: { type: 'string', description: 'Short text, in the language asked for.' },
    status: { type: 'integer', description: 'The HTTP status.' },
    detail: { type: 'string', description: 'What happened, in the language asked for.' },
    instance: { type: 'string', description: 'The path that was asked.' },
    code: { type: 'string', description: 'Stable code for programs, snake_case.' },
    traceId: { type: 'string', description: 'Tell us this id when you ask for help.' },
    errors: {
      type: 'array',
      description: 'Every wrong part of the input.',
      items: {
        type: 'object',
        required: ['pointer', 'code', 'message'],
        properties: {
          pointer: { type: 'string', description: 'JSON pointer into the body, or `?name` of a query parameter.' },
          code: { type: 'string', description: 'Stable code for programs.' },
          message: { type: 'string', description: 'What is wrong.' },
        },
      },
    },
  },
  example: {
    type: 'urn:quen:problem:validation_failed',
    title: 'Invalid request',
    status: 400,
    detail: 'The request is not valid: see errors.',
    instance: '/v1/things',
    code: 'validation_failed',
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    errors: [{ pointer: '/name', code: 'is_string', message: 'must be a string' }],
  },
};
