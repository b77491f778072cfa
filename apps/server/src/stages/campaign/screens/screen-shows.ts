// The picture that the screens of a room show. It is stored, and goes to all nodes as an event of a stream of its own.
import { type ScreenEvent, type ScreenShow, screenStream } from '@tablecast/contracts'
import type { Channel, Hub } from '@tablecast/hub'
import { type ChangeRequest, changeRoom } from '@tablecast/orchestrator'
import type { Repositories, StoredEvent, Store } from '@tablecast/store'
import type { RoomStreamOptions } from '../../../rooms/room-streams.ts'

export type ScreenShowsDeps = {
  store: Store
  nodes: { hub: Hub; broadcast(event: StoredEvent): void }
  /** Ends the screens of revoked links before an event that was stored after the revocation goes out. */
  access: { catchUp(roomId: string, accessVersion: number): Promise<void> | null }
}

export class ScreenShows {
  readonly #deps: ScreenShowsDeps

  constructor(deps: ScreenShowsDeps) {
    this.#deps = deps
  }

  /** Shows it on all screens of the room, within the way of one event. */
  async set(request: ChangeRequest & { show: ScreenShow }): Promise<{ show: ScreenShow }> {
    const { store, nodes } = this.#deps
    const { roomId, show } = request
    let stored: StoredEvent | null = null
    const at = new Date().toISOString()
    await changeRoom(store, 'screens.show', request, at, async ({ tables, room }) => {
      await tables.screens.setShow(roomId, show)
      const event = await tables.streams.append(screenStream(roomId), at, ({ seq }) =>
        textOf({ type: 'screen', timestamp: at, seq, room: room.name, show }),
      )
      // Only the newest one matters, and a new screen gets it as a snapshot.
      await tables.streams.trim(event.streamId, 1)
      stored = { ...event, access: room.access }
      return null
    })
    // Null for a repeat.
    if (stored) nodes.broadcast(stored)
    return { show: await store.read(({ screens }) => screens.show(roomId)) }
  }

  /** A screen begins with the newest event. */
  async source(roomId: string): Promise<RoomStreamOptions> {
    return { channel: await this.#channel(roomId), after: null, isTracked: true }
  }

  #channel(roomId: string): Promise<Channel> {
    const { store, nodes, access } = this.#deps
    return nodes.hub.open(
      screenStream(roomId),
      () => store.write(({ streams }) => streams.open(screenStream(roomId))),
      {
        policy: {
          kind: 'resume',
          recover: async () => {
            const { accessVersion, ...snapshot } = await store.read((tables) => readSnapshot(tables, roomId))
            await access.catchUp(roomId, accessVersion)
            return snapshot
          },
        },
      },
    )
  }
}

async function readSnapshot({ rooms, screens, streams }: Repositories, roomId: string) {
  const room = await rooms.get(roomId)
  const seq = (await streams.find(screenStream(roomId)))?.head ?? 0
  const show = await screens.show(roomId)
  const text = textOf({ type: 'screen', timestamp: new Date().toISOString(), seq, room: room?.name ?? '', show })
  return { kind: 'snapshot' as const, seq, text, accessVersion: room?.access ?? 0 }
}

const textOf = (event: ScreenEvent): string => JSON.stringify(event)
