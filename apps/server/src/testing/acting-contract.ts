// Promises of every call that changes something, on either database. A new procedure needs an entry in `realCalls`.
import type { Store } from '@tablecast/store'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  callProcedure,
  proceduresWithoutRealCall,
  type Outcome,
  procedures,
  realCalls,
  openTestRoom,
  type TestRoom,
  type Testbed,
} from './real-calls.ts'
import { newKey, openTestbed } from './testbed.ts'

const AT_ONCE = 8

/** Defines the tests. `openStore` opens an empty database. */
export function actingContract(openStore: () => Promise<Store>): void {
  let store: Store
  let testbed: Testbed
  const meanwhile = { act: null as (() => Promise<void>) | null }
  beforeAll(async () => {
    store = await openStore()
    const options = { store: afterMembership(store, meanwhile) }
    testbed = await openTestbed({ MAX_ROOMS_PER_USER: '1000', ARENA_MAX_SESSIONS: '1000', MAX_TOPICS: '1000' }, options)
  })
  afterAll(async () => {
    await testbed[Symbol.asyncDispose]()
    await store[Symbol.asyncDispose]()
  })

  const prepared = async (path: string) => {
    const call = realCalls[path]
    if (!call) throw new Error(`${path} has no entry in realCalls`)
    const table = await openTestRoom(testbed)
    const input = await call.input(table)
    const { token } = table.users[call.as].session
    const send = (key: string, body: object = input) => callProcedure(testbed.url, path, { ...body, key }, token)
    return { table, input, call, send }
  }

  it('has a real call for every mutation, or a reason for none', () => {
    const mutations = Object.keys(procedures).filter((path) => procedures[path]?._def.type === 'mutation')
    expect([...Object.keys(realCalls), ...Object.keys(proceduresWithoutRealCall)].toSorted()).toEqual(
      mutations.toSorted(),
    )
  })

  describe('a member who is removed between the check of their role and the change', () => {
    for (const [path, { as }] of Object.entries(realCalls)) {
      if (as === 'outsider') continue
      it(`can not call ${path}`, async () => {
        const { table, send } = await prepared(path)
        meanwhile.act = () => demote(table, as, 'nobody')
        const { code } = await send(newKey())
        expect(meanwhile.act).toBeNull()
        expect(code).toBe(as === 'owner' ? 'NOT_THE_DM' : 'NOT_A_MEMBER')
      })
    }
  })

  describe('a co-DM who is made a player between the check of their role and the change', () => {
    for (const [path, { as }] of Object.entries(realCalls)) {
      if (as !== 'dm' || path === 'presence.set') continue
      it(`${path === 'campaign.say' ? 'acts as a player in' : 'can not call'} ${path}`, async () => {
        const { table, send } = await prepared(path)
        meanwhile.act = () => demote(table, as, 'player')
        expect((await send(newKey())).code).toBe('NOT_THE_DM')
        expect(meanwhile.act).toBeNull()
      })
    }
  })

  describe('a repeat with the same key', () => {
    for (const path of Object.keys(realCalls))
      it(`of ${path} gets the first answer, also after other changes, and a CONFLICT for another request`, async () => {
        const { table, input, call, send } = await prepared(path)
        const key = newKey()
        const first = await send(key)
        await changeCampaign(table, path)
        const again = await send(key)
        expect(again.code).toBe(first.code)
        // An answer with a room shows the room of now.
        if (!path.startsWith('rooms.')) expect(again).toEqual(first)
        if (call.other && first.code === 'OK') expect((await send(key, call.other(input))).code).toBe('CONFLICT')
      })

    for (const path of Object.keys(realCalls))
      it(`of ${path} is carried out once when ${AT_ONCE} arrive at the same time`, async () => {
        const { send } = await prepared(path)
        const key = newKey()
        const outcomes = await Promise.all(Array.from({ length: AT_ONCE }, () => send(key)))
        for (const outcome of outcomes) expect(withoutRoom(outcome)).toEqual(withoutRoom(outcomes[0]))
        expect(outcomes[0]?.code).not.toBe('INTERNAL')
      })
  })

  describe('text with characters that the database can not store', () => {
    const hostile = ['\0', '\ud800', '\u202e', '\u0007', '\uffff', '\u200b']
    for (const path of Object.keys(realCalls))
      it(`is repaired or refused in ${path}, without an internal error`, async () => {
        const { input, send } = await prepared(path)
        for (const character of hostile) {
          const { code, status } = await send(
            newKey(),
            withText(input, (text) => character + text + character),
          )
          expect([JSON.stringify(character), code, status < 500]).toEqual([JSON.stringify(character), code, true])
        }
      })

    it('is repaired or refused on plain endpoints, without an internal error', async () => {
      const ask = (method: string, path: string, body?: object) =>
        fetch(testbed.url + path, {
          method,
          headers: body ? { 'content-type': 'application/json' } : {},
          ...(body ? { body: JSON.stringify(body) } : {}),
        })
      const encoded = (input: object) => encodeURIComponent(JSON.stringify(input))
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
          ask('GET', `/trpc/arena.session?input=${encoded({ sessionId: text })}`),
          ask('GET', `/trpc/arena.since?input=${encoded({ sessionId: 'none', cursor: text })}`),
          ask('GET', `/trpc/market.messages?input=${encoded({ discussionId: 'disc-123', before: text })}`),
        ])
        for (const { status, url } of statuses) expect([url, status < 500]).toEqual([url, true])
      }
    })
  })

  describe('calls at the same time', () => {
    for (const path of Object.keys(realCalls))
      it(`of ${path}, each with its own key, are answered or refused without an internal error`, async () => {
        const { table, send } = await prepared(path)
        const outcomes = await Promise.all(Array.from({ length: AT_ONCE }, () => send(newKey())))
        for (const { code, status } of outcomes)
          expect([code, status < 500 || code === 'NARRATOR_UNAVAILABLE']).toEqual([code, true])
        expect(outcomes.filter(({ code }) => code === 'INTERNAL')).toEqual([])
        const { members } = await table.users.owner.http.rooms.get.query({ roomId: table.roomId })
        expect(members.filter(({ role }) => role === 'owner')).toHaveLength(1)
      })
  })
}

/** Calls `act` once, after the server has read the role of a caller and before the call continues. */
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
            if (name === 'memberships') isMembership = true
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

/** Hands the owner's room to the co-DM; makes a co-DM a player; or removes a member from the room. */
async function demote({ roomId, users }: TestRoom, from: 'owner' | 'dm' | 'player', to: 'nobody' | 'player') {
  const { owner } = users
  const request = { roomId, key: newKey(), userId: users[from].session.userId }
  if (from === 'owner') await owner.http.rooms.handOver.mutate({ ...request, userId: users.dm.session.userId })
  else if (to === 'player') await owner.http.rooms.setRole.mutate({ ...request, role: 'player' })
  else await owner.http.rooms.kick.mutate(request)
}

/** Deactivates the campaign, so that a second execution of the same call would be refused or do something else. */
async function changeCampaign({ roomId, users }: TestRoom, path: string): Promise<void> {
  if (!path.startsWith('campaign.')) return
  await users.owner.http.campaign.deactivate.mutate({ roomId, key: newKey() })
}

/** The same input with every text in it changed, except the room's id, which the call needs. */
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

/** The outcome without a room's details, which may differ between two answers to the same call. */
const withoutRoom = (outcome: Outcome | undefined) =>
  typeof outcome?.data === 'object' && outcome.data !== null && 'members' in outcome.data
    ? { ...outcome, data: null }
    : outcome
