import type { NarrativeEntry, PlayerView } from '@tablecast/contracts'

const ENTRIES = 4
const SENTENCES = 2

/** “Previously…” without a model: beats that are done, headings, and how the newest entries begin. From what players see alone. */
export function extractRecap(view: PlayerView, entries: readonly NarrativeEntry[]): string {
  const told = entries.filter(({ withdrawn, audience }) => !withdrawn && audience === 'all')
  const done = view.beats.filter((beat) => beat.done).map(({ text }) => `- ${text}`)
  const headings = told.flatMap(({ text }) => [...text.matchAll(/^#{1,6}\s+(.+)$/gm)].map(([, title]) => `- ${title}`))
  const newest = told
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
  const plain = text
    .replaceAll(/^#{1,6}\s+.*$/gm, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
  const sentences = plain.match(/[^.!?]+[.!?]+["”’)]*/g) ?? [plain]
  return sentences.slice(0, SENTENCES).join('').trim()
}
