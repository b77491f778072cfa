import { MAX_NEWS, mendLine, mendText } from '@tablecast/contracts'
import type { ArenaSessionRow, Repositories } from '@tablecast/store'
import { streamOf } from './arena-event.ts'

/** What is known of a session before anything was published for it. */
export const newSession = (id: string, at: string): ArenaSessionRow => ({
  id,
  status: 'running',
  ownerId: null,
  options: {},
  createdAt: at,
  updatedAt: at,
  endedAt: null,
  round: 0,
  phase: null,
  waiting: false,
  lastNews: null,
  news: [],
  engineId: null,
  engineSeq: 0,
  firstSeq: 0,
})

/** What a relayed message changes about its session. Pure; a payload of another shape changes nothing. */
export function advance(row: ArenaSessionRow, subject: string, payload: unknown, at: string): ArenaSessionRow {
  const data = typeof payload === 'object' && payload !== null ? (payload as Record<string, unknown>) : {}
  const next = { ...row, updatedAt: at }
  switch (subject) {
    case 'round.start': {
      const news = typeof data['fake_news'] === 'string' ? mendText(data['fake_news'].slice(0, MAX_NEWS)) : null
      const played = row.news.findIndex(({ content }) => content === news)
      const round = Number.isSafeInteger(data['round']) ? (data['round'] as number) : row.round
      return {
        ...next,
        round,
        phase: null,
        waiting: false,
        lastNews: news,
        news: row.news.toSpliced(played, played < 0 ? 0 : 1),
      }
    }
    case 'phase.start':
      return { ...next, phase: typeof data['phase'] === 'string' ? mendLine(data['phase'].slice(0, 64)) : null }
    case 'input.waiting':
      return { ...next, waiting: data['waiting'] === true }
    case 'event.end':
      return { ...next, status: 'ended', endedAt: at, waiting: false, phase: null, news: [] }
    default:
      return next
  }
}

/** The first words of a new game, told by an engine that no one here started. */
export const beginsAnew = (row: ArenaSessionRow, subject: string): boolean =>
  row.status === 'ended' && (subject === 'round.start' || subject === 'input.waiting')

/** The game before is kept below `firstSeq` until it is pruned, and shown no more. */
export async function restarted(tables: Repositories, row: ArenaSessionRow, at: string): Promise<ArenaSessionRow> {
  const { head } = await tables.streams.open(streamOf(row.id))
  return { ...newSession(row.id, at), ownerId: row.ownerId, firstSeq: head }
}
