import { TablecastError, topicStream } from '@tablecast/contracts'
import { DatabaseProblemError, type Repositories, type Store, type StoredEvent } from '@tablecast/store'
import type { NodeEvents } from '../../cluster/node-events.ts'
import type { TopicText } from './published-message.ts'
import { keyRevoked, topicNotFound } from './topic-errors.ts'

export type DurableMessagesDeps = { store: Store; nodes: NodeEvents; ringSize: number }

type Waiting = TopicText & { stored: PromiseWithResolvers<void> }

const MAX_BATCH = 200

/** Appends messages to the logs of their topics. All messages of one turn of the event loop share a transaction. */
export class DurableMessages implements AsyncDisposable {
  readonly #deps: DurableMessagesDeps
  readonly #waiting: Waiting[] = []
  #storing: Promise<void> | null = null

  constructor(deps: DurableMessagesDeps) {
    this.#deps = deps
  }

  /** Resolves when the log has the message. Throws TOPIC_NOT_FOUND, and UNAUTHORIZED for a revoked key. */
  publish(message: TopicText): Promise<void> {
    const stored = Promise.withResolvers<void>()
    this.#waiting.push({ ...message, stored })
    this.#storing ??= this.#storeAll().finally(() => (this.#storing = null))
    return stored.promise
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#storing
  }

  async #storeAll(): Promise<void> {
    await Promise.resolve()
    while (this.#waiting.length > 0) {
      const now = performance.now()
      const { late = [], batch = [] } = Object.groupBy(this.#waiting.splice(0, MAX_BATCH), ({ deadline }) =>
        deadline <= now ? 'late' : 'batch',
      )
      for (const { stored } of late) stored.reject(new DatabaseProblemError('held'))
      if (batch.length > 0) await this.#storeBatch(batch)
    }
  }

  async #storeBatch(batch: readonly Waiting[]): Promise<void> {
    const { store, nodes, ringSize } = this.#deps
    try {
      const deadline = Math.min(...batch.map((message) => message.deadline))
      const outcomes = await store.write((tables) => append(tables, batch, ringSize), { deadline })
      for (const outcome of outcomes) if (!(outcome instanceof TablecastError)) nodes.broadcast(outcome)
      for (const [index, { stored }] of batch.entries()) {
        const outcome = outcomes[index]
        if (outcome instanceof TablecastError) stored.reject(outcome)
        else stored.resolve()
      }
    } catch (error) {
      for (const { stored } of batch) stored.reject(error)
    }
  }
}

/** The stored event of each message, or the error that refuses it. */
async function append(
  { streams, topics, apiKeys }: Repositories,
  batch: readonly TopicText[],
  ringSize: number,
): Promise<(StoredEvent | TablecastError)[]> {
  const at = new Date().toISOString()
  const kept = await topics.keep([...new Set(batch.map(({ name }) => name))])
  const validKeys = await apiKeys.keep([...new Set(batch.flatMap(({ keyId }) => keyId ?? []))])
  const outcomes: (StoredEvent | TablecastError)[] = []
  for (const { name, text, keyId } of batch)
    // A message must not bring a deleted topic back, and a revoked key must not write.
    if (!kept.has(name)) outcomes.push(topicNotFound(name))
    else if (keyId !== null && !validKeys.has(keyId)) outcomes.push(keyRevoked())
    else outcomes.push(await streams.append(topicStream(name), at, () => text))
  for (const name of kept) await streams.trim(topicStream(name), ringSize)
  return outcomes
}
