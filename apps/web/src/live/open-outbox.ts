// Opens the outbox of the room that this page shows.
import { parseStored, type RoomCall, type RoomAnswer, sendCall } from './outbox-calls.ts'
import { newKey, refusalOf } from '../api.ts'
import { storage } from '../storage.ts'
import { useLive } from './live-store.ts'
import { noOutbox, type RoomOutbox, useOutbox } from './outbox-state.ts'
import { type Item, Outbox, type OutboxShelf } from './outbox.ts'
import { Timers } from './timers.ts'

const RETRY_DELAY_MS = 4_000
const SENT_SHOWN_MS = 8_000
/** Nothing is wrong with the call. The server, or this page's sign-in, needs a moment. */
const passing: ReadonlySet<string> = new Set(['UNAVAILABLE', 'RATE_LIMITED', 'UNAUTHORIZED', 'INTERNAL'])
const MAX_OWN = 200

export function openOutbox(roomId: string, userId: string): RoomOutbox & Disposable {
  const timers = new Timers()
  /** Versions of campaigns that this page made. */
  let own: { campaignId: string; version: number }[] = []
  const box = new Outbox<RoomCall, RoomAnswer>({
    shelf: shelfOf(`tablecast.outbox.${roomId}.${userId}`),
    newKey,
    now: () => Date.now(),
    ready: (call) => {
      if (call.do !== 'edit') return call
      const known = own.filter(
        ({ campaignId, version }) => campaignId === call.campaignId && version > call.baseVersion,
      )
      return known.length === 0 ? call : { ...call, own: known.map(({ version }) => version) }
    },
    async send({ key, call }) {
      const answer = await sendCall(roomId, key, call)
      const campaignId = 'campaignId' in call ? call.campaignId : useLive.getState().room?.campaign?.id
      const { version } = answer
      if (campaignId !== undefined && version !== null) own = [...own, { campaignId, version }].slice(-MAX_OWN)
      return answer
    },
    isRefusal: (error) => {
      const refusal = refusalOf(error)
      return refusal !== undefined && !passing.has(refusal.code)
    },
    changed: (view) => useOutbox.setState(view),
    caughtUp: (sentLate) => {
      useOutbox.setState({ sentLate })
      timers.set('sent', SENT_SHOWN_MS, () => useOutbox.setState({ sentLate: 0 }))
    },
    later: (work) => timers.set('retry', RETRY_DELAY_MS, work),
  })
  useOutbox.setState({ box })
  return Object.assign(box, {
    [Symbol.dispose]() {
      box.close()
      timers.clear()
      useOutbox.setState(noOutbox)
    },
  })
}

/** One list for all tabs of a person. Each change reads it again, so that no tab loses an item of another. */
function shelfOf(storageKey: string): OutboxShelf<RoomCall> {
  const list = () => storage.readJson(storageKey, Array.isArray)?.flatMap(parseStored) ?? []
  const write = (items: readonly Item<RoomCall>[]) =>
    storage.write(storageKey, items.length === 0 ? null : JSON.stringify(items))
  return {
    list,
    put: (item) => {
      const items = list()
      const known = items.some(({ key }) => key === item.key)
      write(known ? items.map((one) => (one.key === item.key ? item : one)) : [...items, item])
    },
    remove: (key) => write(list().filter((item) => item.key !== key)),
  }
}
