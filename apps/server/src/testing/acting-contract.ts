// What holds for every call that changes something, on either database. A new procedure has to stand in `realCalls`.
import type { Store } from '@tablecast/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  callProcedure,
  notReal,
  type Outcome,
  procedures,
  realCalls,
  setTable,
  type Table,
  type Testbed,
} from './real-calls.ts'
import { newKey, openTestbed } from './testbed.ts'

const AT_ONCE = 8

/** `openStore`: an empty database. */
export function actingContract(openStore: () => Promise<Store>): void {
  let store: Store
  let testbed: Testbed
  const meanwhile = { act: null as (() => Promise<void>) | null }
  beforeAll(async () => {
    store = await openStore()
    const given = { store: afterMembership(store, meanwhile) }
    testbed = await openTestbed({ MAX_ROOMS_PER_USER: '1000', ARENA_MAX_SESSIONS: '1000', MAX_TOPICS: '1000' }, given)
  })
  afterAll(async () => {
    await testbed[Symbol.asyncDispose]()
    await store[Symbol.asyncDispose]()
  })

  const prepared = async (path: string) => {
    const call = realCalls[path]
    if (!call) throw new Error(`${path} is no real call`)
    const table = await setTable(testbed)
    const input = await call.input(table)
    const { token } = table.seats[call.as].session
    const send = (key: string, asked: object = input) => callProcedure(testbed.url, path, { ...asked, key }, token)
    return { table, input, call, send }
  }

  it('every mutation stands in the table of real calls, or it is said why not', () => {
    const mutations = Object.keys(procedures).filter((path) => procedures[path]?._def.type === 'mutation')
    expect([...Object.keys(realCalls), ...Object.keys(notReal)].toSorted()).toEqual(mutations.toSorted())
  })

  describe('a member who is removed between the check of their role and the change', () => {
    for (const [path, { as }] of Object.entries(realCalls)) {
      if (as === 'outsider') continue
      it(`is refused ${path}`, async () => {
        const { table, send } = await prepared(path)
        meanwhile.act = () => takeAway(table, as, 'seat')
        const { code } = await send(newKey())
        expect(meanwhile.act).toBeNull()
        expect(code).toBe(as === 'owner' ? 'NOT_THE_DM' : 'NOT_A_MEMBER')
      })
    }
  })

  describe('a co-DM who is made a player between the check of their role and the change', () => {
    for (const [path, { as }] of Object.entries(realCalls)) {
      if (as !== 'dm' || path === 'presence.set') continue
      it(`${path === 'campaign.say' ? 'acts as a player in' : 'is refused'} ${path}`, async () => {
        const { table, send } = await prepared(path)
        meanwhile.act = () => takeAway(table, as, 'role')
        expect((await send(newKey())).code).toBe('NOT_THE_DM')
        expect(meanwhile.act).toBeNull()
      })
    }
  })

  describe('a repeat with the same key', () => {
    for (const path of Object.keys(realCalls))
      it(`of ${path} is answered as the first, whatever has happened since, and is refused for another request`, async () => {
        const { table, input, call, send } = await prepared(path)
        const key = newKey()
        const first = await send(key)
        await changeTheWorld(table, path)
        const again = await send(key)
        expect(again.code).toBe(first.code)
        // A room is shown as it is now.
        if (!path.startsWith('rooms.')) expect(again).toEqual(first)
        if (call.other && first.code === 'OK') expect((await send(key, call.other(input))).code).toBe('CONFLICT')
      })

    for (const path of Object.keys(realCalls))
      it(`of ${path}, ${AT_ONCE} at once, is carried out once`, async () => {
        const { send } = await prepared(path)
        const key = newKey()
        const outcomes = await Promise.all(Array.from({ length: AT_ONCE }, () => send(key)))
        for (const outcome of outcomes) expect(withoutMoving(outcome)).toEqual(withoutMoving(outcomes[0]))
        expect(outcomes[0]?.code).not.toBe('INTERNAL')
      })
  })

  describe('text that can not be stored', () => {
    const hostile = ['\0', '\ud800', '\u202e', '\u0007', '\uffff', '\u200b']
    for (const path of Object.keys(realCalls))
      it(`in ${path} is mended or refused, and nothing fails`, async () => {
        const { input, send } = await prepared(path)
        for (const character of hostile) {
          const { code, status } = await send(
            newKey(),
            withText(input, (text) => character + text + character),
          )
          expect([JSON.stringify(character), code, status < 500]).toEqual([JSON.stringify(character), code, true])
        }
      })

    it('in what anybody may send is mended or refused, and nothing fails', async () => {
      const ask = (method: string, path: string, body?: object) =>
        fetch(testbed.url + path, {
          method,
          headers: body ? { 'content-type': 'application/json' } : {},
          ...(body ? { body: JSON.stringify(body) } : {}),
        })
      const asked = (input: object) => encodeURIComponent(JSON.stringify(input))
      for (const character of hostile) {
        const text = `a${character}b`
        const statuses = await Promise.all([
          ask('POST', '/trpc/auth.guest', { name: text }),
          ask('POST', '/init_session', { session_id: text }),
          ask('POST', '/submit_news', { session_id: 'none', content: text }),
          ask('POST', '/topics', { name: text }),
          ask('POST', '/api/sectors', { name: text, description: text, value: 1 }),
          ask('POST', '/api/agents', { name: text, status: text }),
          ask('POST', '/api/discussions', { title: text }),
          ask('POST', '/api/discussions/disc-123/messages', { content: text, authorName: text, type: text }),
          ask('GET', `/api/sectors?search=${encodeURIComponent(character.toWellFormed())}`),
          ask('GET', `/api/agents?status=${encodeURIComponent(character.toWellFormed())}`),
          ask('GET', `/api/sectors?cursor=${encodeURIComponent(character.toWellFormed())}`),
          ask('GET', `/api/sectors/${encodeURIComponent(character.toWellFormed())}`),
          ask('GET', `/trpc/arena.session?input=${asked({ sessionId: text })}`),
          ask('GET', `/trpc/arena.since?input=${asked({ sessionId: 'none', cursor: text })}`),
          ask('GET', `/trpc/market.messages?input=${asked({ discussionId: 'disc-123', before: text })}`),
        ])
        for (const { status, url } of statuses) expect([url, status < 500]).toEqual([url, true])
      }
    })
  })

  describe('calls at the same time', () => {
    for (const path of Object.keys(realCalls))
      it(`of ${path}, each with a key of its own, are answered or refused, and none fails`, async () => {
        const { table, send } = await prepared(path)
        const outcomes = await Promise.all(Array.from({ length: AT_ONCE }, () => send(newKey())))
        for (const { code, status } of outcomes)
          expect([code, status < 500 || code === 'NARRATOR_UNAVAILABLE']).toEqual([code, true])
        expect(outcomes.filter(({ code }) => code === 'INTERNAL')).toEqual([])
        const { members } = await table.seats.owner.http.rooms.get.query({ roomId: table.roomId })
        expect(members.filter(({ role }) => role === 'owner')).toHaveLength(1)
      })
  })
}

/** Calls `act` once, when the server has read the role of a caller, and lets the call go on after that. */
function afterMembership(store: Store, meanwhile: { act: (() => Promise<void>) | null }): Store {
  return {
    kind: store.kind,
    write: (work) => store.write(work),
    ping: () => store.ping(),
    async read(work) {
      let isMembership = false
      const result = await store.read((tables) => {
        const rooms = new Proxy(tables.rooms, {
          get(target, name, receiver) {
            if (name === 'membership') isMembership = true
            return Reflect.get(target, name, receiver) as unknown
          },
        })
        return work({ ...tables, rooms })
      })
      const { act } = meanwhile
      if (!isMembership || !act) return result
      meanwhile.act = null
      await act()
      return result
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}

async function takeAway(
  { roomId, seats }: Table,
  from: 'owner' | 'dm' | 'player',
  what: 'seat' | 'role',
): Promise<void> {
  const { owner } = seats
  const asked = { roomId, key: newKey(), userId: seats[from].session.userId }
  if (from === 'owner') await owner.http.rooms.handOver.mutate({ ...asked, userId: seats.dm.session.userId })
  else if (what === 'role') await owner.http.rooms.setRole.mutate({ ...asked, role: 'player' })
  else await owner.http.rooms.kick.mutate(asked)
}

/** So that the same call would be refused, or do something else, if it were carried out again. */
async function changeTheWorld({ roomId, seats }: Table, path: string): Promise<void> {
  if (!path.startsWith('campaign.')) return
  await seats.owner.http.campaign.deactivate.mutate({ roomId, key: newKey() })
}

/** The same input with every text in it changed, but for the room's id, by which it is found. */
function withText(input: object, change: (text: string) => string): object {
  const changed = (value: unknown): unknown => {
    if (typeof value === 'string') return change(value)
    if (Array.isArray(value)) return value.map(changed)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([field, inner]) => [field, field === 'roomId' ? inner : changed(inner)]),
    )
  }
  return changed(input) as object
}

/** What may differ between answers to the same call: a room as it is shown. */
const withoutMoving = (outcome: Outcome | undefined) =>
  typeof outcome?.data === 'object' && outcome.data !== null && 'members' in outcome.data
    ? { ...outcome, data: null }
    : outcome
