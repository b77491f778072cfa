// Tells a killed node from a slow one. When a process dies, its connection to the bus closes, and nothing listens on its subject any
// more: the bus says so at once. A node that is only slow still listens there, and answers late.
import type { NodeChannel } from './node-channel.ts'

/** `since`: when the bus first said that nothing listens there. */
export type Life = { kind: 'here' } | { kind: 'lost' | 'gone'; since: number }

export type NodeLifeDeps = {
  others: Pick<NodeChannel, 'answerCalls' | 'call' | 'isAlone' | 'watch'>
  timers: { now(): number; after(ms: number, work: () => void): () => void }
}

const CALL_INTERVAL_MS = 1_500
/** A node that connects to the bus again takes a moment, in which nothing listens for it either. */
const LOST_AFTER_MS = 5_000
const GONE_AFTER_MS = 15_000
const MIN_CALLS = 3
/** After the bus came back to this node, the others may still be on their way. */
const RETURN_MS = 10_000

/**
 * `hasAnswered`: nodes of older versions never answer, so nothing follows from their silence. `missing`: the calls since the last answer to
 * which the bus said that nothing listens there.
 */
type Node = { hasAnswered: boolean; missing: { since: number; calls: number } | null; life: Life }

const here: Life = { kind: 'here' }

export class NodeLife implements Disposable {
  readonly #deps: NodeLifeDeps
  readonly #nodes = new Map<string, Node>()
  readonly #answering: { close(): void }
  readonly #unwatch: () => void
  #watched: () => Iterable<string> = () => []
  #changed: (node: string) => void = () => {}
  #connectedAt: number
  #stop: () => void = () => {}

  constructor(deps: NodeLifeDeps) {
    this.#deps = deps
    this.#answering = deps.others.answerCalls()
    this.#connectedAt = deps.timers.now() - RETURN_MS
    this.#unwatch = deps.others.watch((isConnected) => {
      if (isConnected) this.#connectedAt = deps.timers.now()
      for (const node of this.#nodes.values()) node.missing = null
    })
    if (!deps.others.isAlone) this.#callAgain()
  }

  /** `nodes`: the ids of those to look after. `changed` is called when the life of one has changed. */
  watch(nodes: () => Iterable<string>, changed: (node: string) => void): void {
    this.#watched = nodes
    this.#changed = changed
  }

  of(node: string): Life {
    return this.#nodes.get(node)?.life ?? here
  }

  [Symbol.dispose](): void {
    this.#stop()
    this.#unwatch()
    this.#answering.close()
  }

  #callAgain(): void {
    this.#stop = this.#deps.timers.after(CALL_INTERVAL_MS, () => {
      const watched = new Set(this.#watched())
      for (const node of this.#nodes.keys()) if (!watched.has(node)) this.#nodes.delete(node)
      for (const node of watched) void this.#call(node)
      this.#callAgain()
    })
  }

  async #call(id: string): Promise<void> {
    const answer = await this.#deps.others.call(id, CALL_INTERVAL_MS)
    const node = this.#nodes.get(id) ?? { hasAnswered: false, missing: null, life: here }
    this.#nodes.set(id, node)
    const now = this.#deps.timers.now()
    if (answer === 'here') Object.assign(node, { hasAnswered: true, missing: null })
    else if (answer === 'unknown' || !node.hasAnswered || now - this.#connectedAt < RETURN_MS) return
    else node.missing = { since: node.missing?.since ?? now, calls: (node.missing?.calls ?? 0) + 1 }
    const before = node.life
    node.life = lifeOf(node.missing, now)
    if (node.life.kind !== before.kind) this.#changed(id)
  }
}

function lifeOf(missing: Node['missing'], now: number): Life {
  if (!missing || missing.calls < MIN_CALLS || now - missing.since < LOST_AFTER_MS) return here
  const { since } = missing
  return { kind: now - since < GONE_AFTER_MS ? 'lost' : 'gone', since }
}
