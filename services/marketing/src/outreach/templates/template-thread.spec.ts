import type { TemplateJob } from './template-job.js';
import { TemplateThread } from './template-thread.js';
import { sampleVariables } from './template.js';

const filling = (body: string): TemplateJob => ({
  kind: 'render',
  content: { vi: { subject: 'Chào {{ customer.name }}', body } },
  language: 'vi',
  variables: sampleVariables,
});
const fine = filling('<p>{{ customer.name }}</p>');
const loop =
  '{% for a in (1..900) %}{% for b in (1..900) %}{% for c in (1..900) %}{% assign x = c | plus: b %}{% endfor %}{% endfor %}{% endfor %}';
const rendered = { rendered: expect.objectContaining({ subject: '[QC] Chào Nguyễn Thị An' }) };

describe('the thread that renders', () => {
  let thread: TemplateThread;

  beforeEach(() => {
    thread = new TemplateThread();
  });
  afterEach(() => thread.stop());

  it('fills many messages in their order', async () => {
    const results = await Promise.all(
      thread.run(Array.from({ length: 500 }, (_, index) => filling(`<p>${index}</p>`))),
    );
    expect(results.map((result) => ('rendered' in result ? /\d+/.exec(result.rendered.text)?.[0] : result))).toEqual(
      Array.from({ length: 500 }, (_, index) => String(index)),
    );
    expect(thread.size).toBe(0);
  });

  it('ends what takes too long, names its part, and fails nothing else', async () => {
    let turns = 0;
    const turning = setInterval(() => {
      turns += 1;
    }, 5);
    const results = await Promise.all(
      thread.run([
        fine,
        filling(loop),
        fine,
        { kind: 'check', content: { vi: { subject: 'a', body: 'b' }, en: { subject: `${loop}x`, body: 'b' } } },
        fine,
      ]),
    );
    clearInterval(turning);
    expect(results).toEqual([
      rendered,
      { faults: [{ part: 'vi/body', code: 'template_too_slow', message: 'takes longer than 50 ms' }] },
      rendered,
      { faults: [expect.objectContaining({ part: 'en/subject', code: 'template_too_slow' })] },
      rendered,
    ]);
    // The thread that serves went on meanwhile.
    expect(turns).toBeGreaterThan(5);
  });

  it('does without a thread that ran out of memory', async () => {
    const doubling =
      '{% assign x = "0123456789abcdef" %}{% for i in (1..40) %}{% capture y %}{{ x }}{{ x }}{% endcapture %}{% assign x = y %}{% endfor %}{{ x }}';
    const results = await Promise.all(thread.run([filling(doubling), fine]));
    expect(results).toEqual([
      { faults: [expect.objectContaining({ part: 'vi/body', code: expect.stringMatching(/^template_/) })] },
      rendered,
    ]);
  });

  it('tells who waits when it is stopped', async () => {
    const [waiting] = thread.run([filling(loop)]);
    const told = expect(waiting).rejects.toThrow('The service is stopping');
    await thread.stop();
    await told;
  });
});
