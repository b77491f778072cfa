// Keys for programs: who has one may publish and subscribe where it says, and nothing else. Only a hash of it is kept.
import { timingSafeEqual } from 'node:crypto'
import { allows, type ApiKey, type CreatedKey, TablecastError, type TopicRight } from '@tablecast/contracts'
import type { Subscription } from '@tablecast/bus'
import type { ApiKeyRow, Store } from '@tablecast/store'
import type { NodeChannel } from '../../cluster/node-channel.ts'
import { changeAsUser, type Once } from '../../rooms/change-as-user.ts'
import { TokenBucket } from '../../transport/limits.ts'
import type { StreamClosers } from '../../transport/stream-closers.ts'
import { looksLikeApiKey, makeApiKey, readApiKey, textAgain } from './api-key.ts'

/** Who calls the topics. `rights` null: a person, who may do all; `take` is the key's share of messages. */
export type TopicCaller = {
  userId: string | null
  keyId: string | null
  rights: readonly TopicRight[] | null
  take(): boolean
}

const REVOKED = 'tablecast.keys.revoked'
const MAX_KEYS = 100
/** An operator who revokes a key from outside reaches no bus: those that are in use are looked after. */
const LOOK_MS = 2_000

export type ApiKeysParts = {
  store: Store
  others: NodeChannel
  streams: StreamClosers
  messagesPerSecond: number
  /** 32 bytes that nobody can guess, always the same for the same call of the same owner. */
  secretFor(ownerId: string, key: string): Buffer
}

export class ApiKeys implements Disposable {
  readonly #store: Store
  readonly #secretFor: ApiKeysParts['secretFor']
  readonly #others: NodeChannel
  readonly #streams: StreamClosers
  readonly #perSecond: number
  readonly #buckets = new Map<string, TokenBucket>()
  readonly #subscription: Subscription
  readonly #timer: ReturnType<typeof setInterval>

  constructor(parts: ApiKeysParts) {
    this.#store = parts.store
    this.#secretFor = (ownerId, key) => parts.secretFor(ownerId, key)
    this.#others = parts.others
    this.#streams = parts.streams
    this.#perSecond = parts.messagesPerSecond
    this.#subscription = parts.others.hear(REVOKED, ({ text }) => this.#end(text))
    // A database that is away is told of elsewhere.
    this.#timer = setInterval(() => void this.#look().catch(() => {}), LOOK_MS)
  }

  static isKey(token: string): boolean {
    return looksLikeApiKey(token)
  }

  /**
   * The secret is in the answer, and nowhere else: it is made from the call's idempotency key and the server's own secret, so that
   * a repeat gets the same one. Throws CONFLICT when that has changed since.
   */
  async create(
    ownerId: string,
    { name, rights, ...once }: Once & { name: string; rights: TopicRight[] },
  ): Promise<CreatedKey> {
    const secret = this.#secretFor(ownerId, once.key)
    const row = await this.#store.write(async (tables) => {
      const { apiKeys } = tables
      const { id } = await changeAsUser(tables, 'topics.createKey', ownerId, once, async () => {
        const live = (await apiKeys.listFor(ownerId)).filter(({ revokedAt }) => revokedAt === null)
        if (live.length >= MAX_KEYS)
          throw new TablecastError('RATE_LIMITED', `at most ${MAX_KEYS} keys: revoke some first`)
        const made = makeApiKey({ ownerId, name, rights }, secret)
        await apiKeys.insert(made.row)
        return { id: made.row.id }
      })
      return apiKeys.get(id)
    })
    const text = row && textAgain(row, secret)
    if (!text)
      throw new TablecastError(
        'CONFLICT',
        'this key was made before, and its secret can not be told again: make another',
      )
    return { ...shown(row), secret: text }
  }

  async list(ownerId: string): Promise<ApiKey[]> {
    return (await this.#store.read(({ apiKeys }) => apiKeys.listFor(ownerId))).map(shown)
  }

  /** Its connections end, on every node. Throws NOT_FOUND, also for somebody else's. */
  async revoke(ownerId: string, { id, ...once }: Once & { id: string }): Promise<void> {
    await this.#store.write((tables) =>
      changeAsUser(tables, 'topics.revokeKey', ownerId, once, async (at) => {
        const row = await tables.apiKeys.lock(id)
        if (row?.ownerId !== ownerId) throw new TablecastError('NOT_FOUND', 'you have no such key')
        await tables.apiKeys.revoke(id, at)
        return null
      }),
    )
    this.#end(id)
    this.#others.tell(REVOKED, id)
  }

  /** Throws UNAUTHORIZED for a key that is not valid (any more). */
  async verify(token: string): Promise<TopicCaller> {
    const told = readApiKey(token)
    const row = told && (await this.#store.read(({ apiKeys }) => apiKeys.get(told.id)))
    const isRight = row && timingSafeEqual(Buffer.from(row.hash, 'hex'), Buffer.from(told.hash, 'hex'))
    if (!row || !isRight || row.revokedAt !== null)
      throw new TablecastError('UNAUTHORIZED', 'the API key is not valid (any more)')
    const bucket = this.#buckets.get(row.id) ?? new TokenBucket(this.#perSecond * 2, this.#perSecond)
    this.#buckets.set(row.id, bucket)
    return { userId: row.ownerId, keyId: row.id, rights: row.rights, take: () => bucket.take() }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
    this.#subscription.close()
  }

  async #look(): Promise<void> {
    const used = [...this.#buckets.keys()]
    if (used.length === 0) return
    for (const id of await this.#store.read(({ apiKeys }) => apiKeys.revokedOf(used))) this.#end(id)
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

const shown = ({ id, name, rights, createdAt, revokedAt }: ApiKeyRow): ApiKey => ({
  id,
  name,
  rights,
  createdAt,
  revokedAt,
})
