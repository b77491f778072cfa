// One commit for the writes that wait for their turn on SQLite. Each commit waits for the disk, and the next write waits for the commit:
// a crowd that joins would wait thousands of times in a row.
import { type Kysely, sql, type Transaction } from 'kysely'
import { DatabaseProblemError } from './database-problem.ts'
import type { Database } from './schema.ts'

type Work<T> = (database: Transaction<Database>) => Promise<T>

/** A write that waits, whatever its result. `attempt` may be called again after a transaction that failed. */
type Waiting = {
  deadline: number
  /** Returns the function that reports the result. */
  attempt: Work<() => void>
  failed(error: unknown): void
}

const MAX_WRITES = 64
/** The first write of a commit waits at most about this long for the others. */
const MAX_JOINING_MS = 10

export class SharedCommits {
  readonly #database: Kysely<Database>
  readonly #waiting: Waiting[] = []
  #isRunning = false

  constructor(database: Kysely<Database>) {
    this.#database = database
  }

  /**
   * Runs `work` in a transaction, which it may share with others that waited at the same time. They see what those before them wrote, and a
   * write that throws is rolled back alone. Answers after the commit. Rejects with `held` when its turn comes after the deadline (by
   * `performance.now()`).
   */
  run<T>(work: Work<T>, deadline: number): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    this.#waiting.push({
      deadline,
      attempt: async (database) => {
        const result = await work(database)
        return () => resolve(result)
      },
      failed: reject,
    })
    if (!this.#isRunning) void this.#runAll()
    return promise
  }

  async #runAll(): Promise<void> {
    this.#isRunning = true
    for (let first = this.#waiting.shift(); first; first = this.#waiting.shift()) await this.#commitWith(first)
    this.#isRunning = false
  }

  async #commitWith(first: Waiting): Promise<void> {
    const members = [first]
    try {
      const reports = await this.#database.transaction().execute(async (database) => {
        const outcomes = [await attempted(first, database)]
        const until = performance.now() + MAX_JOINING_MS
        while (members.length < MAX_WRITES && performance.now() < until) {
          const next = this.#waiting.shift()
          if (!next) break
          members.push(next)
          outcomes.push(await inSavepoint(next, database))
        }
        return outcomes
      })
      for (const report of reports) report()
    } catch (error) {
      if (members.length === 1) return first.failed(error)
      // One of them, a full disk for example, has ended the transaction of all.
      for (const member of members) await this.#alone(member)
    }
  }

  async #alone(member: Waiting): Promise<void> {
    try {
      const report = await this.#database.transaction().execute((database) => attempted(member, database))
      report()
    } catch (error) {
      member.failed(error)
    }
  }
}

function attempted({ deadline, attempt }: Waiting, database: Transaction<Database>): Promise<() => void> {
  if (performance.now() >= deadline) throw new DatabaseProblemError('held')
  return attempt(database)
}

async function inSavepoint(member: Waiting, database: Transaction<Database>): Promise<() => void> {
  await sql`savepoint shared`.execute(database)
  try {
    const report = await attempted(member, database)
    await sql`release shared`.execute(database)
    return report
  } catch (error) {
    // Rejects where SQLite has ended the whole transaction.
    await sql`rollback to shared`.execute(database)
    await sql`release shared`.execute(database)
    // It may have read what a write before it wrote, so its error waits for the commit too.
    return () => member.failed(error)
  }
}
