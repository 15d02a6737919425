import { createHmac } from 'node:crypto';

/** The robot's URL with `timestamp` and `sign`: HMAC-SHA256 of "<ms>\n<secret>" under the secret, in base64. */
export function signedUrl(url: string, secret: string | undefined, now: number): string {
  if (!secret) return url;
  const sign = createHmac('sha256', secret).update(`${now}\n${secret}`).digest('base64');
  return `${url}${url.includes('?') ? '&' : '?'}timestamp=${now}&sign=${encodeURIComponent(sign)}`;
}
