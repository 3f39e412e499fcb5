import { Injectable } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ServiceConfig } from '../config/service.config.js';
import { tooManyRequests } from '../problems/problems.js';

interface Window {
  start: number;
  used: number;
}

const windowMs = 60_000;
const remembered = 100_000;

/** Counts requests by subject (by address on public routes) in windows of a minute, per process. */
@Injectable()
export class RateLimiter {
  private readonly windows = new Map<string, Window>();

  constructor(private readonly config: ServiceConfig) {}

  /**
   * Takes one request from the subject's allowance and says in `RateLimit` headers what is left. Its clock never jumps.
   * @throws Problem too_many_requests
   */
  take(subject: string, reply: FastifyReply, now = performance.now()): void {
    const limit = this.config.RATE_LIMIT_PER_MINUTE;
    if (!limit) return;
    let window = this.windows.get(subject);
    if (!window || now - window.start >= windowMs) {
      if (this.windows.size >= remembered) this.forget(now);
      this.windows.set(subject, (window = { start: now, used: 0 }));
    }
    window.used += 1;
    const seconds = Math.max(1, Math.ceil((window.start + windowMs - now) / 1000));
    void reply.headers({
      'ratelimit-policy': `"default";q=${limit};w=60`,
      ratelimit: `"default";r=${Math.max(0, limit - window.used)};t=${seconds}`,
    });
    if (window.used > limit) throw tooManyRequests({ seconds });
  }

  private forget(now: number): void {
    for (const [subject, window] of this.windows) {
      if (now - window.start >= windowMs) this.windows.delete(subject);
    }
    if (this.windows.size >= remembered) this.windows.clear();
  }
}
