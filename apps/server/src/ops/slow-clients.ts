// The subscribers of this node that read more slowly than events arrive.
import { parseStreamId, type SlowClient, stageOfStream } from '@tablecast/contracts'
import type { Channel, Cursor } from '@tablecast/hub'
import type { ClientNames } from '../transport/client-names.ts'
import { isCounted } from '../transport/stage-meter.ts'

export type SlowClientsDeps = {
  /** The open channels of this node. */
  channels(): Iterable<Pick<Channel, 'id' | 'cursors'>>
  names: Pick<ClientNames, 'of'>
  /** Milliseconds since 1970. */
  now?: () => number
}

const TOP = 20

export class SlowClients {
  readonly #deps: Required<SlowClientsDeps>
  /** When each cursor was first seen behind. A cursor that catches up is removed. */
  #since = new WeakMap<Cursor, number>()

  constructor(deps: SlowClientsDeps) {
    this.#deps = { now: Date.now, ...deps }
  }

  /** The 20 subscribers that are furthest behind. */
  measure(): SlowClient[] {
    const { channels, names, now } = this.#deps
    const at = now()
    const since = new WeakMap<Cursor, number>()
    const found: SlowClient[] = []
    for (const { id, cursors } of channels())
      for (const cursor of cursors) {
        const { sink, isBehind, lag } = cursor
        const stage = stageOfStream(id)
        if (!stage || !isBehind || lag === 0 || !isCounted(sink)) continue
        const first = this.#since.get(cursor) ?? at
        since.set(cursor, first)
        found.push({
          stage,
          stream: nameOfStream(id),
          transport: sink.tally.transport,
          name: names.of(sink.client),
          eventsBehind: lag,
          bytesWaiting: sink.bytesWaiting,
          since: first,
        })
      }
    this.#since = since
    return found.toSorted((a, b) => b.eventsBehind - a.eventsBehind || b.bytesWaiting - a.bytesWaiting).slice(0, TOP)
  }
}

/** The room, topic, game or feed of a channel. Never the member, so that operators do not learn for whom a whisper is. */
function nameOfStream(id: string): string {
  const stream = parseStreamId(id)
  switch (stream?.kind) {
    case 'room':
    case 'plain':
    case 'presence':
    case 'narrating':
    case 'gestures':
    case 'screen':
      return stream.roomId
    case 'arena':
      return stream.sessionId
    case 'topic':
      return stream.topic
    case 'market':
      return stream.scope === null ? 'everything' : stream.scope.slice(stream.scope.indexOf(':') + 1)
    case 'named':
      return stream.name
    case undefined:
      return ''
  }
}
