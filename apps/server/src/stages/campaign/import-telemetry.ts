// Counts imports and the reading of scenarios, and logs each import.
import type { ImportCounts } from '@tablecast/contracts'
import type { Log } from '../../ops/log.ts'

export class ImportTelemetry {
  readonly #log: Pick<Log, 'info'>
  /** Readings of a scenario, by how they ended. */
  readonly scenarios = new Map<string, number>()
  /** Answered imports, by the form of the file. */
  readonly imports = new Map<string, number>()
  pageBytes = 0

  constructor(log: Pick<Log, 'info'>) {
    this.#log = log
  }

  scenarioRead(outcome: string): void {
    this.scenarios.set(outcome, (this.scenarios.get(outcome) ?? 0) + 1)
  }

  /** A campaign was made of a file. */
  imported(form: 'json' | 'markdown', { pages, pagesBytes, entries }: ImportCounts): void {
    this.imports.set(form, (this.imports.get(form) ?? 0) + 1)
    this.pageBytes += pagesBytes
    this.#log.info({ form, pages, pagesBytes, entries }, 'a campaign was imported')
  }
}
