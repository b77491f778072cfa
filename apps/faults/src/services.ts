import { startPostgres, type TestPostgres } from '@tablecast/testing'

/** A service that is slow to start, so that scenarios share it: one PostgreSQL, with a database for each. */
export class Services implements AsyncDisposable {
  #postgres: Promise<TestPostgres> | null = null

  postgres(): Promise<TestPostgres> {
    return (this.#postgres ??= startPostgres({ isDurable: true }))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (await this.#postgres)?.[Symbol.asyncDispose]()
  }
}
