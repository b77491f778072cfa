// Counts imports and the reading of scenarios, and logs each import.
import type { ImportCounts } from '@tablecast/contracts'
import type { Log } from '../../ops/log.ts'

export class ImportTelemetry {
  readonly #log: Pick<Log, 'info'>
  /** The number of scenarios that were read, by outcome. */
  readonly scenarios = new Map<string, number>()
  /** The number of imports that were answered, by the form of the file. */
  readonly imports = new Map<string, number>()
  /** Bytes of all imported pages, in UTF-8. */
  pageBytes = 0

  constructor(log: Pick<Log, 'info'>) {
    this.#log = log
  }

  scenarioRead(outcome: string): void {
    this.scenarios.set(outcome, (this.scenarios.get(outcome) ?? 0) + 1)
  }

  /** Call it when a file has become a campaign. */
  imported(form: 'json' | 'markdown', { pages, pagesBytes, entries }: ImportCounts): void {
    this.imports.set(form, (this.imports.get(form) ?? 0) + 1)
    this.pageBytes += pagesBytes
    this.#log.info({ form, pages, pagesBytes, entries }, 'campaign imported')
  }
}
