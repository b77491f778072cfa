// Messages and edits on their way to the server: sent one after the other, each with a key of its own, and kept until they are answered.

/** `key`: the idempotency key of the call. `at`: when the person sent it, in milliseconds since 1970. */
export type Item<Call> = { key: string; at: number; call: Call }
export type Refused<Call> = Item<Call> & { error: unknown }

/** `waiting`: items without an answer, in order, once the server could not be reached. */
export type OutboxView<Call> = { waiting: readonly Item<Call>[]; refused: readonly Refused<Call>[] }

/** `isLate`: it had to wait, and is among the refused items until it is dropped by its key. */
export type Outcome<Answer> =
  | { kind: 'sent'; answer: Answer }
  | { kind: 'refused'; error: unknown; key: string; isLate: boolean }
  | { kind: 'dropped' }

/** Survives a reload. `remove` and `put` change one item, because other tabs keep theirs in the same place. */
export type OutboxShelf<Call> = {
  list(): readonly Item<Call>[]
  put(item: Item<Call>): void
  remove(key: string): void
}

export type OutboxDeps<Call, Answer> = {
  shelf: OutboxShelf<Call>
  newKey(): string
  now(): number
  /** The call as it goes out, fixed before the first attempt: every attempt with one key must be the same. */
  ready(call: Call): Call
  send(item: Item<Call>): Promise<Answer>
  /** True for an answer that no repeat changes. Any other failure is tried again. */
  isRefusal(error: unknown): boolean
  changed(view: OutboxView<Call>): void
  /** Called when items that had to wait have all been answered, with their number. */
  caughtUp(sent: number): void
  later(work: () => void): void
}

/** An item that waited longer is not sent by itself any more. */
const MAX_WAIT_MS = 24 * 60 * 60_000

export class TooOld extends Error {
  override readonly message = 'This waited for more than a day. Send it again if it still fits.'
}

type Entry<Call, Answer> = {
  item: Item<Call>
  isReady: boolean
  onWaiting: () => void
  settle: (outcome: Outcome<Answer>) => void
}

export class Outbox<Call, Answer> {
  readonly #deps: OutboxDeps<Call, Answer>
  #queue: Entry<Call, Answer>[] = []
  #refused: Refused<Call>[] = []
  #isWaiting = false
  #isRunning = false
  #isClosed = false
  #sentLate = 0

  constructor(deps: OutboxDeps<Call, Answer>) {
    this.#deps = deps
    for (const item of deps.shelf.list())
      this.#queue.push({ item, isReady: true, onWaiting: () => {}, settle: () => {} })
    if (this.#queue.length === 0) return
    this.#isWaiting = true
    this.flush()
  }

  /** Resolves with the answer. `onWaiting` is called first when the server can not be reached; the item is sent later then. */
  add(call: Call, onWaiting: () => void = () => {}): Promise<Outcome<Answer>> {
    return new Promise((settle) => {
      const item = { key: this.#deps.newKey(), at: this.#deps.now(), call }
      this.#queue.push({ item, isReady: false, onWaiting, settle })
      this.#deps.shelf.put(item)
      if (this.#isWaiting) this.#tellWaiting()
      void this.#run()
    })
  }

  /** Tries at once: the connection is back. */
  flush(): void {
    void this.#run()
  }

  /** Takes back an item that waits, or forgets one that was refused. An item that is on its way may still arrive. */
  drop(key: string): void {
    this.#refused = this.#refused.filter((item) => item.key !== key)
    const dropped = this.#queue.find(({ item }) => item.key === key)
    if (dropped) this.#finish(dropped, { kind: 'dropped' })
    this.#show()
  }

  /** Stops. The items stay on the shelf. */
  close(): void {
    this.#isClosed = true
  }

  async #run(): Promise<void> {
    if (this.#isRunning) return
    this.#isRunning = true
    try {
      for (let next = this.#queue[0]; next && !this.#isClosed; next = this.#queue[0])
        if (!(await this.#attempt(next))) break
    } finally {
      this.#isRunning = false
    }
  }

  /** False when the server can not be reached. */
  async #attempt(entry: Entry<Call, Answer>): Promise<boolean> {
    const { now, ready, send, isRefusal, shelf } = this.#deps
    if (now() - entry.item.at > MAX_WAIT_MS) {
      this.#refuse(entry, new TooOld())
      return true
    }
    if (!entry.isReady) {
      entry.item = { ...entry.item, call: ready(entry.item.call) }
      entry.isReady = true
      shelf.put(entry.item)
    }
    try {
      const answer = await send(entry.item)
      if (this.#isWaiting) this.#sentLate += 1
      this.#finish(entry, { kind: 'sent', answer })
    } catch (error) {
      if (isRefusal(error)) this.#refuse(entry, error)
      else return this.#wait()
    }
    this.#show()
    return true
  }

  /** A refusal of an item that had to wait is kept: the person may be elsewhere on the page by now. */
  #refuse(entry: Entry<Call, Answer>, error: unknown): void {
    if (this.#isWaiting) this.#refused = [...this.#refused, { ...entry.item, error }]
    this.#finish(entry, { kind: 'refused', error, key: entry.item.key, isLate: this.#isWaiting })
    this.#show()
  }

  #wait(): false {
    if (this.#isClosed) return false
    this.#isWaiting = true
    this.#tellWaiting()
    this.#deps.later(() => void this.#run())
    return false
  }

  #tellWaiting(): void {
    for (const entry of this.#queue) {
      entry.onWaiting()
      entry.onWaiting = () => {}
    }
    this.#show()
  }

  #finish(entry: Entry<Call, Answer>, outcome: Outcome<Answer>): void {
    this.#queue = this.#queue.filter((one) => one !== entry)
    this.#deps.shelf.remove(entry.item.key)
    entry.settle(outcome)
  }

  #show(): void {
    if (this.#isClosed) return
    if (this.#isWaiting && this.#queue.length === 0) {
      this.#isWaiting = false
      if (this.#sentLate > 0) this.#deps.caughtUp(this.#sentLate)
      this.#sentLate = 0
    }
    this.#deps.changed({
      waiting: this.#isWaiting ? this.#queue.map(({ item }) => item) : [],
      refused: this.#refused,
    })
  }
}
