import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { invalid } from '@quen/chassis';
import { defineProblem, type Problem } from '@quen/messaging';
import { partLimitMs, TemplateThread } from './template-thread.js';
import type { Content, Rendered, TemplateFault, Variables } from './template.js';

export type { Content, Rendered, TemplateFault, Variables } from './template.js';
export { sampleVariables } from './template.js';

const tooSlow = defineProblem('unprocessable', 'template_too_slow', {
  en: 'The part {part} takes longer than {ms} ms to fill.',
  vi: 'Phần {part} cần hơn {ms} ms để điền nội dung.',
});
const tooLarge = defineProblem('unprocessable', 'template_too_large', {
  en: 'The part {part} takes too much memory to fill.',
  vi: 'Phần {part} cần quá nhiều bộ nhớ để điền nội dung.',
});
const failed = defineProblem('unprocessable', 'template_failed', {
  en: "The part {part} cannot be filled with this customer's data: {message}",
  vi: 'Không điền được phần {part} với dữ liệu của khách hàng này: {message}',
});
const busy = defineProblem('unavailable', 'templates_busy', {
  en: 'Too many templates are being filled; try again.',
  vi: 'Đang có quá nhiều mẫu được điền; hãy thử lại.',
});

/**
 * Requests that may wait for their template; one takes a few milliseconds, {@link partLimitMs} for each part at most.
 */
const waitingAtMost = 100;

/** A message to be filled. */
export interface Filling {
  content: Content;
  language: 'vi' | 'en';
  variables: Variables;
}

/**
 * Fills templates, off the thread that serves and within limits. What people ask for and what is sent have a thread
 * each, so that neither waits for the other.
 */
@Injectable()
export class TemplatesService implements OnApplicationShutdown {
  private readonly asked = new TemplateThread();
  private readonly sending = new TemplateThread();

  /**
   * Tries a content with sample data. @throws Problem validation_failed with each part that cannot be filled,
   * template_too_slow, template_too_large, templates_busy
   */
  async check(content: Content): Promise<void> {
    const result = await this.ask({ kind: 'check', content });
    if (!('faults' in result)) return;
    const costly = result.faults.find(({ code }) => code !== 'template_failed');
    if (costly) throw problemOf(costly);
    if (result.faults.length)
      throw invalid(
        ...result.faults.map(({ part, message }) => ({ pointer: `/content/${part}`, code: 'wrong_template', message })),
      );
  }

  /**
   * Fills a content for one person. @throws Problem template_failed, template_too_slow, template_too_large,
   * templates_busy
   */
  async fill(filling: Filling): Promise<Rendered> {
    const result = await this.ask({ kind: 'render', ...filling });
    if ('rendered' in result) return result.rendered;
    throw problemOf(result.faults[0]!);
  }

  /**
   * Fills many messages in their order; what is wrong with one is its own outcome and no other's. Fails only when
   * nothing can be filled now.
   */
  fillAll(fillings: readonly Filling[]): Promise<Rendered | TemplateFault>[] {
    return this.sending.run(fillings.map((filling) => ({ kind: 'render', ...filling }))).map(async (done) => {
      const result = await done;
      return 'rendered' in result ? result.rendered : result.faults[0]!;
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.asked.stop(), this.sending.stop()]);
  }

  private async ask(job: Parameters<TemplateThread['run']>[0][number]): ReturnType<TemplateThread['run']>[number] {
    if (this.asked.size >= waitingAtMost) throw busy();
    return this.asked.run([job])[0]!;
  }
}

function problemOf({ part, code, message }: TemplateFault): Problem {
  switch (code) {
    case 'template_too_slow':
      return tooSlow({ part, ms: partLimitMs });
    case 'template_too_large':
      return tooLarge({ part });
    case 'template_failed':
      return failed({ part, message });
  }
}
