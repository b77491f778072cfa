import type { Sheet } from './sheet.ts'
import type { StatBlock } from './stat-block.ts'

/**
 * SHA-256 of a stat block or a sheet as JSON with sorted keys, as 64 hexadecimal digits: the same figures have the same hash everywhere.
 * For servers: a browser has no `crypto.subtle` over plain HTTP.
 */
export async function contentHash(content: StatBlock | Sheet): Promise<string> {
  const bytes = new TextEncoder().encode(canonical(content))
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`).join(',')}}`
}
