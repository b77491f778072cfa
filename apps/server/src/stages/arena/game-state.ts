import { arenaStream, MAX_NEWS, normalizeLine, normalizeText, startOf } from '@tablecast/contracts'
import type { ArenaSessionRow, Repositories } from '@tablecast/store'

/** The row of a game before anything was published for it. */
export const newGame = (id: string, at: string): ArenaSessionRow => ({
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

/** Applies a relayed message to the row of its game. Pure. A payload of another shape changes only `updatedAt`. */
export function advance(row: ArenaSessionRow, subject: string, payload: unknown, at: string): ArenaSessionRow {
  const data = typeof payload === 'object' && payload !== null ? (payload as Record<string, unknown>) : {}
  const next = { ...row, updatedAt: at }
  switch (subject) {
    case 'round.start': {
      const news = typeof data['fake_news'] === 'string' ? normalizeText(startOf(data['fake_news'], MAX_NEWS)) : null
      const index = row.news.findIndex(({ content }) => content === news)
      const round = Number.isSafeInteger(data['round']) ? (data['round'] as number) : row.round
      return {
        ...next,
        round,
        phase: null,
        waiting: false,
        lastNews: news,
        news: row.news.toSpliced(index, index < 0 ? 0 : 1),
      }
    }
    case 'phase.start':
      return { ...next, phase: typeof data['phase'] === 'string' ? normalizeLine(startOf(data['phase'], 64)) : null }
    case 'input.waiting':
      return { ...next, waiting: data['waiting'] === true }
    case 'event.end':
      return { ...next, status: 'ended', endedAt: at, waiting: false, phase: null, news: [] }
    default:
      return next
  }
}

/** Whether a message belongs to a new game under this id, which an engine began without a call to this server. */
export const startsNewGame = (row: ArenaSessionRow, subject: string): boolean =>
  row.status === 'ended' && (subject === 'round.start' || subject === 'input.waiting')

/** The row of the next game. Events of the game before stay below `firstSeq` until they are pruned. No page shows them. */
export async function nextGame(tables: Repositories, row: ArenaSessionRow, at: string): Promise<ArenaSessionRow> {
  const { head } = await tables.streams.open(arenaStream(row.id))
  return { ...newGame(row.id, at), ownerId: row.ownerId, firstSeq: head }
}
