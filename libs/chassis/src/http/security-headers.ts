/**
 * What a page without a policy of its own may do: show itself. It may not load, run or be framed. Its forms may lead
 * on, as the form behind a link in a mail does.
 */
export const pagePolicy = contentPolicy({ 'style-src': "'unsafe-inline'" });

/** A content security policy that allows what is named, and nothing else. */
export function contentPolicy(allowed: Readonly<Record<string, string>> = {}): string {
  const directives = { 'default-src': "'none'", ...allowed, 'base-uri': "'none'", 'frame-ancestors': "'none'" };
  return Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources}`)
    .join('; ');
}

/**
 * Headers of every answer.
 * @param secure whether the gateway's public address is https; browsers then never ask for it without
 */
export function securityHeaders(secure: boolean): Readonly<Record<string, string>> {
  return {
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'x-frame-options': 'DENY',
    'content-security-policy': contentPolicy(),
    ...(secure ? { 'strict-transport-security': 'max-age=31536000' } : {}),
  };
}
