import { type NarrativeEntry, type PlayerView, startOf } from '@tablecast/contracts'

const ENTRIES = 4
const SENTENCES = 2
/** The characters of an entry in which sentences are looked for, and the most that are quoted. */
const LOOKED_AT = 4_000
const BEGINNING = 1_000

/** “Previously…” without a model: beats that are done, headings, and how the newest entries begin. From what players see alone. */
export function extractRecap(view: PlayerView, entries: readonly NarrativeEntry[]): string {
  const shown = entries.filter(({ withdrawn, audience }) => !withdrawn && audience === 'all')
  const done = view.beats.filter((beat) => beat.done).map(({ text }) => `- ${text}`)
  const headings = shown.flatMap(({ text }) =>
    [...text.matchAll(/^#{1,6}\s+(.+)$/gm)].map(([, title]) => `- ${startOf(title ?? '', 200)}`),
  )
  const newest = shown
    .filter(({ kind }) => kind === 'narration')
    .slice(-ENTRIES)
    .map(({ text }) => firstSentences(text))
  const open = view.beats.filter((beat) => !beat.done).map(({ text }) => text)
  return [
    done.length + headings.length > 0 ? [...done, ...headings.slice(-6)].join('\n') : '',
    newest.join('\n\n'),
    open.length > 0 ? `Still open: ${open.join('; ')}.` : '',
    view.scene ? `Now: ${view.scene}` : '',
  ]
    .filter(Boolean)
    .join('\n\n')
}

function firstSentences(text: string): string {
  const plain = startOf(text, LOOKED_AT)
    .replaceAll(/^#{1,6}\s+.*$/gm, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
  // Where no sentence ends, the pattern starts again at every letter: it gets only the beginning.
  const beginning = plain.length > BEGINNING ? `${startOf(plain, BEGINNING)}…` : plain
  const sentences = beginning.match(/[^.!?]+[.!?]+["”’)]*/g) ?? [beginning]
  return sentences.slice(0, SENTENCES).join('').trim()
}
