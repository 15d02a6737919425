/** A scrape that counts for nothing, in words for the target's last error. */
export class ScrapeError extends Error {
  override readonly name = 'ScrapeError';
}
