// Keys for programs: who has one may publish and subscribe where it says, and nothing else. Only a hash of it is kept.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { allows, type ApiKey, type CreatedKey, TablecastError, type TopicRight } from '@tablecast/contracts'
import type { Bus, Subscription } from '@tablecast/bus'
import type { ApiKeyRow, Store } from '@tablecast/store'
import { TokenBucket } from '../../transport/limits.ts'
import type { Streams } from '../../transport/streams.ts'

/** Who calls the topics. `rights` null: a person, who may do all; `take` is the key's share of messages. */
export type TopicCaller = {
  userId: string | null
  keyId: string | null
  rights: readonly TopicRight[] | null
  take(): boolean
}

const PREFIX = 'tck_'
const REVOKED = 'tablecast.keys.revoked'
const MAX_KEYS = 100
const KEY = /^tck_([A-Za-z0-9]{12})_([A-Za-z0-9_-]{43})$/

export class ApiKeys implements Disposable {
  readonly #store: Store
  readonly #bus: Bus
  readonly #streams: Streams
  readonly #perSecond: number
  readonly #buckets = new Map<string, TokenBucket>()
  readonly #subscription: Subscription

  constructor(parts: { store: Store; bus: Bus; streams: Streams; messagesPerSecond: number }) {
    this.#store = parts.store
    this.#bus = parts.bus
    this.#streams = parts.streams
    this.#perSecond = parts.messagesPerSecond
    this.#subscription = parts.bus.subscribe(REVOKED, ({ text }) => this.#end(text))
  }

  static isKey(token: string): boolean {
    return token.startsWith(PREFIX)
  }

  /** The secret is in the answer, and nowhere else. */
  async create(ownerId: string, { name, rights }: { name: string; rights: TopicRight[] }): Promise<CreatedKey> {
    const id = randomBytes(16).toString('base64url').replaceAll(/[_-]/g, '').padEnd(12, '0').slice(0, 12)
    const secret = randomBytes(32).toString('base64url')
    const row: ApiKeyRow = {
      id,
      ownerId,
      name,
      hash: hashOf(secret),
      rights,
      createdAt: new Date().toISOString(),
      revokedAt: null,
    }
    await this.#store.write(async ({ apiKeys }) => {
      const live = (await apiKeys.listFor(ownerId)).filter(({ revokedAt }) => revokedAt === null)
      if (live.length >= MAX_KEYS)
        throw new TablecastError('RATE_LIMITED', `at most ${MAX_KEYS} keys: revoke some first`)
      await apiKeys.insert(row)
    })
    return { ...shown(row), secret: `${PREFIX}${id}_${secret}` }
  }

  async list(ownerId: string): Promise<ApiKey[]> {
    return (await this.#store.read(({ apiKeys }) => apiKeys.listFor(ownerId))).map(shown)
  }

  /** Its connections end, on every node. Throws NOT_FOUND, also for somebody else's. */
  async revoke(ownerId: string, id: string): Promise<void> {
    await this.#store.write(async ({ apiKeys }) => {
      const row = await apiKeys.get(id)
      if (row?.ownerId !== ownerId) throw new TablecastError('NOT_FOUND', 'you have no such key')
      await apiKeys.revoke(id, new Date().toISOString())
    })
    this.#end(id)
    if (this.#bus.kind !== 'memory' && this.#bus.isConnected) this.#bus.publish(REVOKED, id)
  }

  /** Throws UNAUTHORIZED for a key that is not valid (any more). */
  async verify(token: string): Promise<TopicCaller> {
    const match = KEY.exec(token)
    const row = match ? await this.#store.read(({ apiKeys }) => apiKeys.get(match[1] ?? '')) : null
    const isRight = row && timingSafeEqual(Buffer.from(row.hash, 'hex'), Buffer.from(hashOf(match?.[2] ?? ''), 'hex'))
    if (!row || !isRight || row.revokedAt !== null)
      throw new TablecastError('UNAUTHORIZED', 'the API key is not valid (any more)')
    const bucket = this.#buckets.get(row.id) ?? new TokenBucket(this.#perSecond * 2, this.#perSecond)
    this.#buckets.set(row.id, bucket)
    return { userId: row.ownerId, keyId: row.id, rights: row.rights, take: () => bucket.take() }
  }

  [Symbol.dispose](): void {
    this.#subscription.close()
  }

  #end(id: string): void {
    this.#buckets.delete(id)
    this.#streams.end(keyTag(id), new TablecastError('UNAUTHORIZED', 'the API key was revoked'))
  }
}

export const keyTag = (id: string): string => `key:${id}`

/** A person: no key, no share. */
export const person = (userId: string | null): TopicCaller => ({ userId, keyId: null, rights: null, take: () => true })

/** Throws UNAUTHORIZED when the key does not say so, RATE_LIMITED when its share is used up. */
export function mustBeAllowed(caller: TopicCaller, what: 'publish' | 'subscribe', topic: string): void {
  if (caller.rights && !allows(caller.rights, what, topic))
    throw new TablecastError(
      'UNAUTHORIZED',
      `this API key may not ${what} ${what === 'publish' ? 'in' : 'to'} ${topic}`,
    )
  if (!caller.take()) throw new TablecastError('RATE_LIMITED', 'this API key sends too many messages: slow down')
}

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex')

const shown = ({ id, name, rights, createdAt, revokedAt }: ApiKeyRow): ApiKey => ({
  id,
  name,
  rights,
  createdAt,
  revokedAt,
})
