// API keys for programs. A key may publish and subscribe where its rights say, and nothing else. The database has only its hash.
import { timingSafeEqual } from 'node:crypto'
import { allows, type ApiKey, type CreatedKey, TablecastError, type TopicRight } from '@tablecast/contracts'
import type { Subscription } from '@tablecast/bus'
import type { ApiKeyRow, Store } from '@tablecast/store'
import type { NodeChannel } from '../../cluster/node-channel.ts'
import { changeAsUser, type KeyedInput } from '../../rooms/change-as-user.ts'
import { callRate, type Rate, TokenBucket } from '../../transport/limits.ts'
import type { StreamClosers } from '../../transport/stream-closers.ts'
import { looksLikeApiKey, makeApiKey, readApiKey, textWith } from './api-key.ts'

/**
 * A caller of the topics. `rights` is null for a person, who may do everything. `take` is false once the key's rate is used up.
 */
export type TopicCaller = {
  userId: string | null
  keyId: string | null
  rights: readonly TopicRight[] | null
  take(): boolean
}

const REVOKED = 'tablecast.keys.revoked'
const MAX_KEYS = 100
/** `pnpm admin` revokes a key in the database alone. Keys in use are checked this often. */
const CHECK_INTERVAL_MS = 2_000

export type ApiKeysDeps = {
  store: Store
  others: NodeChannel
  streams: StreamClosers
  messagesPerSecond: number
  /** 32 secret bytes. The same `ownerId` and idempotency `key` give the same bytes. */
  secretFor(ownerId: string, key: string): Buffer
}

export class ApiKeys implements Disposable {
  readonly #store: Store
  readonly #secretFor: ApiKeysDeps['secretFor']
  readonly #others: NodeChannel
  readonly #streams: StreamClosers
  readonly #messages: Rate
  readonly #buckets = new Map<string, TokenBucket>()
  readonly #subscription: Subscription
  readonly #timer: ReturnType<typeof setInterval>

  constructor(deps: ApiKeysDeps) {
    this.#store = deps.store
    this.#secretFor = (ownerId, key) => deps.secretFor(ownerId, key)
    this.#others = deps.others
    this.#streams = deps.streams
    this.#messages = callRate(deps.messagesPerSecond)
    this.#subscription = deps.others.subscribe(REVOKED, ({ text }) => this.#end(text))
    // The health check reports an unreachable database.
    this.#timer = setInterval(() => void this.#endRevoked().catch(() => {}), CHECK_INTERVAL_MS)
  }

  static isKey(token: string): boolean {
    return looksLikeApiKey(token)
  }

  /**
   * The answer is the only place that has the key's secret. It comes from the idempotency key and the server's own secret, so
   * that a repeat gets the same one. Throws CONFLICT when the server's secret has changed since, and RATE_LIMITED.
   */
  async create(
    ownerId: string,
    { name, rights, ...keyedInput }: KeyedInput & { name: string; rights: TopicRight[] },
  ): Promise<CreatedKey> {
    const secret = this.#secretFor(ownerId, keyedInput.key)
    const row = await this.#store.write(async (tables) => {
      const { apiKeys } = tables
      const { id } = await changeAsUser(tables, 'topics.createKey', ownerId, keyedInput, async () => {
        const live = (await apiKeys.listFor(ownerId)).filter(({ revokedAt }) => revokedAt === null)
        if (live.length >= MAX_KEYS)
          throw new TablecastError('RATE_LIMITED', `At most ${MAX_KEYS} keys: revoke some first.`)
        const made = makeApiKey({ ownerId, name, rights }, secret)
        await apiKeys.insert(made.row)
        return { id: made.row.id }
      })
      return apiKeys.get(id)
    })
    const text = row && textWith(row, secret)
    if (!text)
      throw new TablecastError(
        'CONFLICT',
        'This key was created before, and the server can not show its secret again: create another.',
      )
    return { ...shown(row), secret: text }
  }

  async list(ownerId: string): Promise<ApiKey[]> {
    return (await this.#store.read(({ apiKeys }) => apiKeys.listFor(ownerId))).map(shown)
  }

  /** Ends the connections of the key on every node. Throws NOT_FOUND, also for another user's key. */
  async revoke(ownerId: string, { id, ...keyedInput }: KeyedInput & { id: string }): Promise<void> {
    await this.#store.write((tables) =>
      changeAsUser(tables, 'topics.revokeKey', ownerId, keyedInput, async (at) => {
        const row = await tables.apiKeys.lock(id)
        if (row?.ownerId !== ownerId)
          throw new TablecastError('NOT_FOUND', 'You have no such key. Reload the page to see those that you have.')
        await tables.apiKeys.revoke(id, at)
        return null
      }),
    )
    this.#end(id)
    this.#others.publish(REVOKED, id)
  }

  /** Throws UNAUTHORIZED for a key that is unknown, wrong or revoked. */
  async verify(token: string): Promise<TopicCaller> {
    const offered = readApiKey(token)
    const row = offered && (await this.#store.read(({ apiKeys }) => apiKeys.get(offered.id)))
    const isMatch = row && timingSafeEqual(Buffer.from(row.hash, 'hex'), Buffer.from(offered.hash, 'hex'))
    if (!row || !isMatch || row.revokedAt !== null)
      throw new TablecastError('UNAUTHORIZED', 'The API key is not valid any more. Create another.')
    const bucket = this.#buckets.get(row.id) ?? new TokenBucket(this.#messages)
    this.#buckets.set(row.id, bucket)
    return { userId: row.ownerId, keyId: row.id, rights: row.rights, take: () => bucket.take() }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
    this.#subscription.close()
  }

  async #endRevoked(): Promise<void> {
    const used = [...this.#buckets.keys()]
    if (used.length === 0) return
    for (const id of await this.#store.read(({ apiKeys }) => apiKeys.revokedOf(used))) this.#end(id)
  }

  #end(id: string): void {
    this.#buckets.delete(id)
    this.#streams.end(keyTag(id), new TablecastError('UNAUTHORIZED', 'The API key was revoked. Create another.'))
  }
}

export const keyTag = (id: string): string => `key:${id}`

/** A caller without a key, and without a key's limits. */
export const person = (userId: string | null): TopicCaller => ({ userId, keyId: null, rights: null, take: () => true })

/** Throws UNAUTHORIZED when the key has no such right, RATE_LIMITED when its rate is used up. */
export function assertAllowed(caller: TopicCaller, right: 'publish' | 'subscribe', topic: string): void {
  if (caller.rights && !allows(caller.rights, right, topic))
    throw new TablecastError(
      'UNAUTHORIZED',
      `This API key may not ${right} ${right === 'publish' ? 'in' : 'to'} ${topic}.`,
    )
  if (!caller.take()) throw new TablecastError('RATE_LIMITED', 'This API key sends too many messages: slow down.')
}

const shown = ({ id, name, rights, createdAt, revokedAt }: ApiKeyRow): ApiKey => ({
  id,
  name,
  rights,
  createdAt,
  revokedAt,
})
