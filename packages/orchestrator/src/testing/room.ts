// A room on a store, with an orchestrator and the events that it broadcasts.
import { createScribe } from '@tablecast/narrator'
import type { Store, StoredEvent } from '@tablecast/store'
import { Orchestrator, type OrchestratorDeps } from '../orchestrator.ts'
import type { RoomCaller } from '../room-caller.ts'

export const roomId = 'r'

let keys = 0
export const newKey = (): string => `key-${String(++keys).padStart(8, '0')}`

/** A request for a change of the room, with a key of its own. */
export const requestBy = (caller: RoomCaller) => ({ roomId, caller, input: null, key: newKey() })

type Member = { id: string; name: string; role: 'dm' | 'player' }

/** Opens the room unless the store has it. `deps` replaces parts of the orchestrator. */
export async function openRoom(
  store: Store,
  { members = [], ...deps }: { members?: readonly Member[] } & Partial<OrchestratorDeps> = {},
) {
  const events: StoredEvent[] = []
  const orchestrator = new Orchestrator({
    store,
    narrator: createScribe(),
    broadcaster: { broadcast: (event) => void events.push(event) },
    ...deps,
  })
  const at = new Date().toISOString()
  await store.write(async ({ rooms }) => {
    if (await rooms.get(roomId)) return
    await rooms.insert({ id: roomId, name: 'R', activeCampaignId: null, createdAt: at })
    for (const { id, name, role } of members) await rooms.putMember(roomId, { userId: id, name, role, joinedAt: at })
  })
  return { orchestrator, events }
}

/** The code of the error that a call is refused with, or OK. */
export const codeOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'OK',
    (error: { code?: string }) => error.code ?? 'a failure without a code',
  )
