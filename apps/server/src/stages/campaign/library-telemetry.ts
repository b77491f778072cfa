// Counts what happens to whole campaigns: imports, the reading of scenarios, copies, deletions. Logs each import.
import type { ImportCounts } from '@tablecast/contracts'
import type { Log } from '../../ops/log.ts'

export class LibraryTelemetry {
  readonly #log: Pick<Log, 'info'>
  /** The number of scenarios that were read, by outcome. */
  readonly scenarios = new Map<string, number>()
  /** The number of imports that were answered, by the form of the file. */
  readonly imports = new Map<string, number>()
  /** The number of campaigns that were duplicated, deleted, restored, or removed for good. */
  readonly kept = new Map<'duplicated' | 'deleted' | 'restored' | 'removed', number>()
  /** Bytes of all imported pages, in UTF-8. */
  pageBytes = 0

  constructor(log: Pick<Log, 'info'>) {
    this.#log = log
  }

  scenarioRead(outcome: string): void {
    this.scenarios.set(outcome, (this.scenarios.get(outcome) ?? 0) + 1)
  }

  campaign(what: 'duplicated' | 'deleted' | 'restored' | 'removed', count = 1): void {
    this.kept.set(what, (this.kept.get(what) ?? 0) + count)
  }

  /** Call it when a file has become a campaign. */
  imported(form: 'json' | 'markdown' | 'zip', { pages, pagesBytes, entries }: ImportCounts): void {
    this.imports.set(form, (this.imports.get(form) ?? 0) + 1)
    this.pageBytes += pagesBytes
    this.#log.info({ form, pages, pagesBytes, entries }, 'campaign imported')
  }
}
