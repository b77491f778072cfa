// Keeps a screen live. It reads with the token of its link and never with the browser’s own session, and writes nothing.
import { formatPosition, type PlayerCampaignEvent, type ScreenEvent } from '@tablecast/contracts'
import { create } from 'zustand'
import type { Feed } from '../../live/feed.ts'
import { LinkKeeper } from '../../live/link-keeper.ts'
import { emptyLive, useLive } from '../../live/live-store.ts'
import { foldEvent } from '../../live/room-state.ts'

/** The newest event of the screen’s own stream. */
export const useScreen = create<{ screen: ScreenEvent | null }>(() => ({ screen: null }))

export class ScreenConnection {
  readonly #keeper: LinkKeeper
  readonly #access: { roomId: string; token: string }
  #mustHeal = false

  constructor(roomId: string, token: string) {
    this.#access = { roomId, token }
    useLive.setState({ ...emptyLive })
    useScreen.setState({ screen: null })
    this.#keeper = new LinkKeeper({
      isAnonymous: true,
      needsStream: true,
      // A table may be silent for hours. The keeper asks the server by itself.
      silenceMs: null,
      changed: (link) => useLive.setState({ link }),
      feed: () => this.#feed(),
    })
    exposeProbe()
    this.#keeper.start()
  }

  close(): void {
    this.#keeper.close()
  }

  #feed(): Feed {
    const { room } = useLive.getState()
    const lastEventId = room && !this.#mustHeal ? formatPosition(room.position) : null
    this.#mustHeal = false
    return {
      isAnonymous: true,
      subscribe: (client, watch) => [
        client.screens.events.subscribe(
          { ...this.#access, lastEventId },
          { ...watch, onData: ({ id, data }) => this.#event(id, data) },
        ),
        client.screens.shown.subscribe(this.#access, {
          ...watch,
          onData: ({ data }) => {
            useScreen.setState({ screen: data })
            this.#keeper.heard()
          },
        }),
      ],
      poll: () => Promise.reject(new Error('a screen needs a stream')),
    }
  }

  #event(id: string, event: PlayerCampaignEvent): void {
    const { room: before, received } = useLive.getState()
    const room = foldEvent(before, id, event)
    if (room !== before) useLive.setState({ room, received: received + 1, heardAt: Date.now() })
    this.#keeper.heard()
    if (!room || room.isTrue) return
    this.#mustHeal = true
    useLive.setState(({ healed }) => ({ healed: healed + 1 }))
    this.#keeper.reopen()
  }
}

/** For tests and bug reports, as on the pages of players. It holds nothing that the screen doesn’t show. */
function exposeProbe(): void {
  const probe = () => {
    const { room, link, healed, received } = useLive.getState()
    return {
      audience: 'screen',
      link: link.kind === 'live' ? link.transport : link.kind,
      epoch: room?.position.epoch ?? null,
      seq: room?.position.seq ?? 0,
      hash: room?.campaign?.hash ?? null,
      entries: room?.campaign?.entries.map(({ id }) => id) ?? [],
      healed,
      received,
    }
  }
  Object.assign(window, { tablecast: probe })
}
