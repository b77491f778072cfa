import type { JournalRow, Repositories } from '@tablecast/store'

/** The rows of one campaign's journal. Reads each row once in a transaction: rows never change. */
export class JournalRows {
  readonly #journal: Repositories['journal']
  readonly #campaignId: string
  readonly #rows = new Map<number, JournalRow | null>()

  constructor({ journal }: Pick<Repositories, 'journal'>, campaignId: string) {
    this.#journal = journal
    this.#campaignId = campaignId
  }

  async get(version: number | null): Promise<JournalRow | null> {
    if (version === null) return null
    const known = this.#rows.get(version)
    if (known !== undefined) return known
    const row = await this.#journal.get(this.#campaignId, version)
    this.#rows.set(version, row)
    return row
  }

  async append(row: JournalRow): Promise<void> {
    await this.#journal.append(row)
    this.#rows.set(row.version, row)
  }
}
