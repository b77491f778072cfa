import type { Repositories } from '@tablecast/store'

/** The tokens that the model may take for one room in a day. */
export class TokenBudget {
  readonly perDay: number
  readonly #now: () => number

  constructor(perDay: number, now: () => number) {
    this.perDay = perDay
    this.#now = now
  }

  used({ narrator }: Repositories, roomId: string): Promise<number> {
    return narrator.usage(roomId, this.#day())
  }

  async isSpent(tables: Repositories, roomId: string): Promise<boolean> {
    return (await this.used(tables, roomId)) >= this.perDay
  }

  spend({ narrator }: Repositories, roomId: string, tokens: number): Promise<void> {
    return narrator.addUsage(roomId, this.#day(), tokens)
  }

  #day(): string {
    return new Date(this.#now()).toISOString().slice(0, 10)
  }
}
