// What an API key is made of: an id to look it up by, and a secret of which only a hash is kept.
import { createHash, randomBytes } from 'node:crypto'
import type { TopicRight } from '@tablecast/contracts'
import type { ApiKeyRow } from '@tablecast/store'

const PREFIX = 'tck_'
const KEY = /^tck_([A-Za-z0-9]{12})_([A-Za-z0-9_-]{43})$/

/** `text`: what its owner is told, once. */
export function makeApiKey(key: { ownerId: string; name: string; rights: TopicRight[] }): {
  row: ApiKeyRow
  text: string
} {
  const id = randomBytes(16).toString('base64url').replaceAll(/[_-]/g, '').padEnd(12, '0').slice(0, 12)
  const secret = randomBytes(32).toString('base64url')
  const row = { id, ...key, hash: hashOf(secret), createdAt: new Date().toISOString(), revokedAt: null }
  return { row, text: `${PREFIX}${id}_${secret}` }
}

/** Null for what is no key. */
export function readApiKey(text: string): { id: string; hash: string } | null {
  const [, id, secret] = KEY.exec(text) ?? []
  return id !== undefined && secret !== undefined ? { id, hash: hashOf(secret) } : null
}

export const looksLikeApiKey = (text: string): boolean => text.startsWith(PREFIX)

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex')
