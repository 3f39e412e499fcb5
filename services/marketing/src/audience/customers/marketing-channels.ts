import type { ConsentAnswer } from '@quen/events';

/** The channels on which a customer's latest answer allows advertising. */
export function marketingChannels(consents: readonly ConsentAnswer[]): string[] {
  const latest = new Map<string, ConsentAnswer>();
  for (const answer of consents) {
    if (answer.purpose !== 'marketing') continue;
    const known = latest.get(answer.channel);
    if (!known || Date.parse(answer.at) >= Date.parse(known.at)) latest.set(answer.channel, answer);
  }
  return [...latest].filter(([, answer]) => answer.given).map(([channel]) => channel);
}
