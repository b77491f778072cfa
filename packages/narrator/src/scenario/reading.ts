// The result of reading a file: a campaign that is not stored yet, and the report about it.
import {
  bytesOf,
  type CampaignState,
  DisplayName,
  type ImportCounts,
  type ImportReport,
  type Page,
} from '@tablecast/contracts'
import { shortened } from './cut-text.ts'
import { listed, MAX_NAMES_SHOWN } from './words.ts'

/** A campaign that is not stored yet. */
export type Scenario = { name: string; state: CampaignState; pages: Page[]; report: ImportReport }

/** The most items of each list. `lengths`: the most characters of a text. */
export const limits = { characters: 100, threats: 50, beats: 200, environment: 50 } as const
export const lengths = { name: 60, line: 200, text: 4_000, dmNotes: 20_000 } as const

/** The title as the name of a campaign; `instead` for a title without a visible character. */
export const nameOf = (title: string, instead: string): string =>
  DisplayName.safeParse(shortened(title, lengths.name)).data ?? instead

/** The first names, and the number of all of them. */
type Named = { names: string[]; count: number }
type Sentences = Map<string, Named>

/** Collects the sentences of a report. A sentence that is true of several names becomes one sentence with all of them. */
export class ReportNotes {
  readonly #kept: Sentences = new Map()
  readonly #changed: Sentences = new Map()
  readonly #leftOut: Sentences = new Map()

  kept(sentence: string, of?: string): void {
    tell(this.#kept, sentence, of)
  }

  changed(sentence: string, of?: string): void {
    tell(this.#changed, sentence, of)
  }

  leftOut(sentence: string, of?: string): void {
    tell(this.#leftOut, sentence, of)
  }

  report({ name, state, pages }: Omit<Scenario, 'report'>): ImportReport {
    return {
      name,
      counts: countsOf({ state, pages, entries: 0 }),
      kept: sentencesOf(this.#kept),
      changed: sentencesOf(this.#changed),
      leftOut: sentencesOf(this.#leftOut),
    }
  }
}

export const countsOf = ({
  state,
  pages,
  entries,
}: {
  state: CampaignState
  pages: readonly Page[]
  entries: number
}): ImportCounts => ({
  characters: state.characters.length,
  threats: state.threats.length,
  beats: state.beats.length,
  environment: state.environment.length,
  entries,
  pages: pages.length,
  pagesBytes: pages.reduce((sum, { text }) => sum + bytesOf(text), 0),
  sceneCharacters: state.scene.length,
  notesCharacters: state.dmNotes.length,
})

function tell(sentences: Sentences, sentence: string, of: string | undefined): void {
  const named = sentences.get(sentence) ?? { names: [], count: 0 }
  sentences.set(sentence, named)
  if (of === undefined) return
  named.count += 1
  if (named.names.length < MAX_NAMES_SHOWN) named.names.push(shortened(of, 100))
}

const sentencesOf = (sentences: Sentences): string[] =>
  [...sentences].map(([sentence, { names, count }]) =>
    ended(count > 0 ? `${sentence}: ${listed(names, count)}` : sentence),
  )

const ended = (sentence: string): string => (/[.!?…]”$|…$/.test(sentence) ? sentence : `${sentence}.`)
