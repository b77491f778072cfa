// Makes and parses the ids of streams and channels: `<kind>:<name>`, and for a room `room:<id>:<audience>`. No other file does.
import type { Audience } from './audience-of.ts'
import { type Stage, stages, streamKinds } from './stages.ts'

/** An audience of a room, or one member: whispers have a stream for each member. */
export type StreamAudience = Audience | { memberId: string }

/** The parts of an id. `named`: an id that has only a kind and a name. */
export type StreamId =
  | { kind: 'room'; roomId: string; audience: StreamAudience }
  | { kind: 'presence' | 'narrating' | 'gestures'; roomId: string; audience: Audience }
  | { kind: 'plain' | 'screen'; roomId: string }
  | { kind: 'arena'; sessionId: string }
  | { kind: 'topic'; topic: string }
  | { kind: 'market'; scope: string | null }
  | { kind: 'named'; stage: Stage; name: string }

/** The prefix of all streams of rooms. */
export const ROOM_STREAMS = 'room:'

export const roomStream = (roomId: string, audience: StreamAudience): string =>
  `${ROOM_STREAMS}${roomId}:${typeof audience === 'string' ? audience : `member:${audience.memberId}`}`
export const presenceStream = (roomId: string, audience: Audience): string => `presence:${roomId}:${audience}`
export const narratingStream = (roomId: string, audience: Audience): string => `narrating:${roomId}:${audience}`
/** The gestures of people on the maps of a room. */
export const gesturesStream = (roomId: string, audience: Audience): string => `gestures:${roomId}:${audience}`
/** The choice of the DM for the screens of a room. */
export const screenStream = (roomId: string): string => `screen:${roomId}`
/** The channel that plain sockets follow: the players' events of a room. */
export const plainStream = (roomId: string): string => `plain:${roomId}`
export const arenaStream = (sessionId: string): string => `arena:${sessionId}`
export const topicStream = (topic: string): string => `topic:${topicToken(topic)}`
export const signalsStream = (feed: string): string => `signals:${feed}`
/** `scope`: `sector:<id>`, `discussion:<id>`, `general` for all other messages, or null for everything. */
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
    case 'narrating':
    case 'gestures': {
      const parts = roomParts(rest)
      return parts && typeof parts.audience === 'string'
        ? { kind, roomId: parts.roomId, audience: parts.audience }
        : null
    }
    case 'plain':
    case 'screen':
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

/** The room of a stream; null for a stream of no room. */
export function roomOfStream(id: string): string | null {
  const parsed = parseStreamId(id)
  return parsed && 'roomId' in parsed ? parsed.roomId : null
}

/** The stage of a channel, for its metrics. */
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

/** Encodes a topic's name for a subject of the bus, because a name may hold dots and colons: base64url (RFC 4648 §5). */
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
