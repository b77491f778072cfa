// The state of the room's outbox, for the page to show: see `open-outbox.ts`.
import { create } from 'zustand'
import type { RoomAnswer, RoomCall } from './outbox-calls.ts'
import type { Outbox, OutboxView } from './outbox.ts'

export type RoomOutbox = Outbox<RoomCall, RoomAnswer>

/** `box`: null until the page knows who its person is. `sentLate`: how many items were sent after they had to wait; 0 again a little later. */
type State = OutboxView<RoomCall> & { box: RoomOutbox | null; sentLate: number }

export const noOutbox: State = { box: null, waiting: [], refused: [], sentLate: 0 }

export const useOutbox = create<State>(() => noOutbox)

/** The outbox of this page, as soon as it is there. */
export const openedOutbox = (): Promise<RoomOutbox> =>
  new Promise((resolve) => {
    const { box } = useOutbox.getState()
    if (box) return resolve(box)
    const stop = useOutbox.subscribe((state) => {
      if (!state.box) return
      stop()
      resolve(state.box)
    })
  })
