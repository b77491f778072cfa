// “While you were away”: the changes between two states in at most three lines. Pure.
import { DM_TURN, type PlayerView } from '@tablecast/contracts'
import type { RoomState } from './room-state.ts'

type Seen = { view: PlayerView; name: string; id: string; entries: readonly { id: string; withdrawn: boolean }[] }

export function awaySummary(before: RoomState | null, after: RoomState | null): string[] {
  const [then, now] = [seenOf(before), seenOf(after)]
  if (!now) return then ? [`The campaign ${then.name} was closed.`] : []
  if (then?.id !== now.id) return [`The DM opened ${now.name}.`]
  return [turnLine(then, now), hitPointsLine(then, now), narrativeLine(then, now)].filter((line) => line !== '')
}

const seenOf = (room: RoomState | null): Seen | null => (room?.audience === 'player' ? room.campaign : null)

function turnLine({ view: then }: Seen, { view: now }: Seen): string {
  if (then.turn.current === now.turn.current && then.turn.round === now.turn.round) return ''
  const { round, current } = now.turn
  if (current === null) return 'The turns have ended.'
  const name = current === DM_TURN ? 'the DM' : (now.characters.find(({ id }) => id === current)?.name ?? 'someone')
  return `Round ${round}: it is the turn of ${name}.`
}

function hitPointsLine({ view: then }: Seen, { view: now }: Seen): string {
  const old = new Map(then.characters.map(({ id, hp }) => [id, hp?.current]))
  const changes = now.characters.flatMap(({ id, name, hp }) => {
    const from = old.get(id)
    return hp && from !== undefined && from !== hp.current ? [`${name} ${from} → ${hp.current}`] : []
  })
  return changes.length === 0 ? '' : `Hit points: ${changes.slice(0, 4).join(', ')}${changes.length > 4 ? ' …' : ''}.`
}

function narrativeLine(then: Seen, now: Seen): string {
  const known = new Set(then.entries.map(({ id }) => id))
  const count = now.entries.filter(({ id, withdrawn }) => !withdrawn && !known.has(id)).length
  return count === 0 ? '' : `${count} new ${count === 1 ? 'entry' : 'entries'} in the story.`
}
