// What an API key is made of: an id to look it up by, and a secret of which only a hash is kept.
import { createHash, randomBytes } from 'node:crypto'
import type { TopicRight } from '@tablecast/contracts'
import type { ApiKeyRow } from '@tablecast/store'

const PREFIX = 'tck_'
const KEY = /^tck_([A-Za-z0-9]{12})_([A-Za-z0-9_-]{43})$/

/** `text`: what its owner is told, once. `secret`: 32 bytes that nobody can guess. */
export function makeApiKey(
  key: { ownerId: string; name: string; rights: TopicRight[] },
  secret: Buffer = randomBytes(32),
): { row: ApiKeyRow; text: string } {
  const id = randomBytes(16).toString('base64url').replaceAll(/[_-]/g, '').padEnd(12, '0').slice(0, 12)
  const hash = hashOf(secret.toString('base64url'))
  return { row: { id, ...key, hash, createdAt: new Date().toISOString(), revokedAt: null }, text: textOf(id, secret) }
}

/** What the owner of a key was told; null when it was made with another secret. */
export const textAgain = ({ id, hash }: ApiKeyRow, secret: Buffer): string | null =>
  hashOf(secret.toString('base64url')) === hash ? textOf(id, secret) : null

const textOf = (id: string, secret: Buffer) => `${PREFIX}${id}_${secret.toString('base64url')}`

/** Null for what is no key. */
export function readApiKey(text: string): { id: string; hash: string } | null {
  const [, id, secret] = KEY.exec(text) ?? []
  return id !== undefined && secret !== undefined ? { id, hash: hashOf(secret) } : null
}

export const looksLikeApiKey = (text: string): boolean => text.startsWith(PREFIX)

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex')
