// The text of an API key: an id to look it up by, and a secret. The database keeps only a hash of the secret.
import { createHash, randomBytes } from 'node:crypto'
import type { TopicRight } from '@tablecast/contracts'
import type { ApiKeyRow } from '@tablecast/store'

const PREFIX = 'tck_'
const KEY = /^tck_([A-Za-z0-9]{12})_([A-Za-z0-9_-]{43})$/

/** `text`: the whole key, which the answer to its owner has. `secret`: 32 random bytes. */
export function makeApiKey(
  key: { ownerId: string; name: string; rights: TopicRight[] },
  secret: Buffer = randomBytes(32),
): { row: ApiKeyRow; text: string } {
  const id = randomBytes(16).toString('base64url').replaceAll(/[_-]/g, '').padEnd(12, '0').slice(0, 12)
  const hash = hashOf(secret.toString('base64url'))
  return { row: { id, ...key, hash, createdAt: new Date().toISOString(), revokedAt: null }, text: textOf(id, secret) }
}

/** The whole text of a stored key; null when the key was made with another secret. */
export const textWith = ({ id, hash }: ApiKeyRow, secret: Buffer): string | null =>
  hashOf(secret.toString('base64url')) === hash ? textOf(id, secret) : null

const textOf = (id: string, secret: Buffer) => `${PREFIX}${id}_${secret.toString('base64url')}`

/** Null for a text that is not a key. */
export function readApiKey(text: string): { id: string; hash: string } | null {
  const [, id, secret] = KEY.exec(text) ?? []
  return id !== undefined && secret !== undefined ? { id, hash: hashOf(secret) } : null
}

export const looksLikeApiKey = (text: string): boolean => text.startsWith(PREFIX)

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex')
