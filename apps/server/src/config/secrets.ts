import type { Config } from './options.ts'

/** Words that no message may contain: keys, and passwords of URLs. */
export function secretsOf(config: Config): string[] {
  const urls = [config.DATABASE_URL, config.REDIS_URL, ...(config.NATS_URL?.split(',') ?? [])]
  const passwords = urls
    .map((url) => (url === undefined ? null : URL.parse(url.trim())))
    // Once as the URL has it, and once decoded.
    .flatMap((url) => (url?.password ? [url.password, decoded(url.password)] : []))
  const keys = [config.SESSION_SECRET, config.LLM_API_KEY, config.PUSH_PRIVATE_KEY].filter(
    (secret) => secret !== undefined,
  )
  // The longest first, because one may be a part of another.
  return [...passwords, ...keys].toSorted((a, b) => b.length - a.length)
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
