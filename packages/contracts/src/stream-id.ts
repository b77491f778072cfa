// The ids of streams and channels: `<kind>:<name>`, for a room with its audience behind. They are made and read here alone.
import type { Audience } from './audience.ts'
import { type Stage, stages, streamKinds } from './stages.ts'

/** An audience of a room, or one member, who has a stream for the whispers to them. */
export type StreamAudience = Audience | { memberId: string }

/** The parts of an id. `named`: a stream of a stage whose ids have no more parts than a name. */
export type StreamId =
  | { kind: 'room'; roomId: string; audience: StreamAudience }
  | { kind: 'presence' | 'narrating'; roomId: string; audience: Audience }
  | { kind: 'plain'; roomId: string }
  | { kind: 'arena'; sessionId: string }
  | { kind: 'topic'; topic: string }
  | { kind: 'market'; scope: string | null }
  | { kind: 'named'; stage: Stage; name: string }

/** All streams of rooms begin so. */
export const ROOM_STREAMS = 'room:'

export const roomStream = (roomId: string, audience: StreamAudience): string =>
  `${ROOM_STREAMS}${roomId}:${typeof audience === 'string' ? audience : `member:${audience.memberId}`}`
export const presenceStream = (roomId: string, audience: Audience): string => `presence:${roomId}:${audience}`
export const narratingStream = (roomId: string, audience: Audience): string => `narrating:${roomId}:${audience}`
/** The players' stream of a room as plain sockets get it. */
export const plainStream = (roomId: string): string => `plain:${roomId}`
export const arenaStream = (sessionId: string): string => `arena:${sessionId}`
export const topicStream = (topic: string): string => `topic:${topicToken(topic)}`
export const signalsStream = (feed: string): string => `signals:${feed}`
/** `scope`: `sector:<id>` or `discussion:<id>`; `general` for what concerns neither; null for all together. */
export const marketStream = (scope: string | null): string => (scope === null ? 'market' : `market:${scope}`)

/** Null for any other text. */
export function parseStreamId(id: string): StreamId | null {
  if (id === 'market') return { kind: 'market', scope: null }
  const colon = id.indexOf(':')
  if (colon < 0) return null
  const [kind, rest] = [id.slice(0, colon), id.slice(colon + 1)]
  switch (kind) {
    case 'room':
      return roomParts(rest)
    case 'presence':
    case 'narrating': {
      const parts = roomParts(rest)
      return parts && typeof parts.audience === 'string'
        ? { kind, roomId: parts.roomId, audience: parts.audience }
        : null
    }
    case 'plain':
      return { kind, roomId: rest }
    case 'arena':
      return { kind, sessionId: rest }
    case 'topic': {
      const topic = topicOf(rest)
      return topic === null ? null : { kind, topic }
    }
    case 'market':
      return { kind, scope: rest.includes(':') ? rest : null }
    default: {
      const stage = stageOfKind.get(kind)
      return stage ? { kind: 'named', stage, name: rest } : null
    }
  }
}

/** The room that a stream of any kind belongs to; null for all others. */
export function roomOfStream(id: string): string | null {
  const parsed = parseStreamId(id)
  return parsed && 'roomId' in parsed ? parsed.roomId : null
}

/** The stage that counts what happens in a channel. */
export const stageOfStream = (id: string): Stage | undefined => stageOfKind.get(id.split(':', 1)[0] ?? '')

const stageOfKind: ReadonlyMap<string, Stage> = new Map(
  stages.flatMap((stage) => streamKinds[stage].map((kind): [string, Stage] => [kind, stage])),
)

function roomParts(text: string): Extract<StreamId, { kind: 'room' }> | null {
  const [roomId = '', audience, memberId, ...more] = text.split(':')
  if (more.length > 0) return null
  if (audience === 'member') return memberId === undefined ? null : { kind: 'room', roomId, audience: { memberId } }
  const isAudience = (audience === 'dm' || audience === 'player') && memberId === undefined
  return isAudience ? { kind: 'room', roomId, audience } : null
}

/** Names of topics hold dots and colons; this holds neither, and fits into a subject of the bus: base64url (RFC 4648 §5). */
export const topicToken = (topic: string): string =>
  btoa(String.fromCharCode(...new TextEncoder().encode(topic)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '')

/** The topic of a token; null for any other text. */
export function topicOf(token: string): string | null {
  if (!/^[A-Za-z0-9_-]+$/.test(token)) return null
  try {
    const bytes = atob(token.replaceAll('-', '+').replaceAll('_', '/'))
    return new TextDecoder().decode(Uint8Array.from(bytes, (one) => one.charCodeAt(0)))
  } catch {
    return null
  }
}
