import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRouter } from './router.ts'
import { newKey, openTestbed, type Seat } from './testing/testbed.ts'

const roles = ['owner', 'dm', 'player', 'spectator', 'stranger', 'anonymous'] as const
type Who = (typeof roles)[number]

const everyone: readonly Who[] = roles
const signedIn: readonly Who[] = ['owner', 'dm', 'player', 'spectator', 'stranger']
const members: readonly Who[] = ['owner', 'dm', 'player', 'spectator']
const dms: readonly Who[] = ['owner', 'dm']

const roomId = 'main'
const call = (input: object) => ({ roomId, key: newKey(), ...input })

/** Every procedure: who may call it, and an input that gets past validation. */
const table: Record<string, { may: readonly Who[]; input: () => object }> = {
  'auth.config': { may: everyone, input: () => ({}) },
  'auth.guest': { may: everyone, input: () => ({ name: 'G' }) },
  'ops.health': { may: everyone, input: () => ({}) },
  'rooms.create': { may: signedIn, input: () => ({ key: newKey(), name: 'R' }) },
  'rooms.join': { may: signedIn, input: () => ({ key: newKey(), code: 'nothing' }) },
  'rooms.list': { may: signedIn, input: () => ({}) },
  'rooms.get': { may: members, input: () => ({ roomId }) },
  'rooms.leave': { may: members, input: () => call({ key: 'too' }) },
  'rooms.rotateInvite': { may: dms, input: () => call({ role: 'spectator' }) },
  'rooms.kick': { may: dms, input: () => call({ userId: 'nobody' }) },
  'rooms.setRole': { may: ['owner'], input: () => call({ userId: 'nobody', role: 'player' }) },
  'arena.sessions': { may: everyone, input: () => ({}) },
  'arena.session': { may: everyone, input: () => ({ sessionId: 'a-game' }) },
  'arena.since': { may: everyone, input: () => ({ sessionId: 'a-game' }) },
  'arena.events': { may: everyone, input: () => ({ sessionId: 'a-game' }) },
  'arena.start': { may: signedIn, input: () => ({ key: newKey(), sessionId: 'a-game' }) },
  'arena.submitNews': { may: signedIn, input: () => ({ key: newKey(), sessionId: 'nothing', content: 'x' }) },
  'signals.feeds': { may: everyone, input: () => ({}) },
  'signals.latest': { may: everyone, input: () => ({ feed: 'levels' }) },
  'signals.events': { may: everyone, input: () => ({ feed: 'levels' }) },
  'market.status': { may: everyone, input: () => ({}) },
  'market.board': { may: everyone, input: () => ({}) },
  'market.candles': { may: everyone, input: () => ({ sectorId: 'tech-001', interval: '1h' }) },
  'market.messages': { may: everyone, input: () => ({ discussionId: 'disc-123' }) },
  'market.events': { may: everyone, input: () => ({}) },
  'market.openDiscussion': { may: signedIn, input: () => ({ key: newKey(), title: 'T' }) },
  'market.post': { may: signedIn, input: () => ({ key: newKey(), discussionId: 'disc-123', content: 'x' }) },
  'topics.list': { may: signedIn, input: () => ({}) },
  'topics.create': { may: signedIn, input: () => ({ key: newKey(), topic: `t${newKey()}` }) },
  'topics.remove': { may: signedIn, input: () => ({ key: newKey(), topic: 'nothing' }) },
  'topics.publish': {
    may: signedIn,
    input: () => ({ topic: 'nothing', message: { id: crypto.randomUUID(), payload: 1 } }),
  },
  'topics.keys': { may: signedIn, input: () => ({}) },
  'topics.createKey': {
    may: signedIn,
    input: () => ({ key: newKey(), name: 'K', rights: [{ topic: '*', publish: true, subscribe: true }] }),
  },
  'topics.revokeKey': { may: signedIn, input: () => ({ key: newKey(), id: 'aaaaaaaaaaaa' }) },
  'topics.events': { may: signedIn, input: () => ({ topic: 'nothing' }) },
  'campaign.list': { may: dms, input: () => ({ roomId }) },
  'campaign.get': { may: dms, input: () => ({ roomId, campaignId: 'none' }) },
  'campaign.create': { may: dms, input: () => call({ name: 'C' }) },
  'campaign.rename': { may: dms, input: () => call({ campaignId: 'none', name: 'C' }) },
  'campaign.archive': { may: dms, input: () => call({ campaignId: 'none', archived: true }) },
  'campaign.export': { may: dms, input: () => ({ roomId, campaignId: 'none', format: 'json' }) },
  'campaign.import': { may: dms, input: () => call({ document: {} }) },
  'campaign.activate': { may: dms, input: () => call({ campaignId: 'none' }) },
  'campaign.deactivate': { may: dms, input: () => call({}) },
  'campaign.say': { may: ['owner', 'dm', 'player'], input: () => call({ message: 'hello' }) },
  'campaign.edit': { may: dms, input: () => call({ campaignId: 'none', baseVersion: 0, patch: {} }) },
  'campaign.undo': { may: dms, input: () => call({ campaignId: 'none' }) },
  'campaign.redo': { may: dms, input: () => call({ campaignId: 'none' }) },
  'campaign.history': { may: members, input: () => ({ roomId, campaignId: 'none' }) },
  'campaign.since': { may: members, input: () => ({ roomId, cursor: null }) },
  'campaign.events': { may: members, input: () => ({ roomId, lastEventId: null }) },
  'campaign.importScenario': { may: dms, input: () => call({ markdown: '# Nothing' }) },
  'narrator.status': { may: dms, input: () => ({ roomId }) },
  'narrator.setMode': { may: dms, input: () => call({ mode: 'scribe' }) },
  'narrator.answer': { may: dms, input: () => call({ entryId: 'none' }) },
  'narrator.regenerate': { may: dms, input: () => call({ turnId: 'none' }) },
  'narrator.cancel': { may: dms, input: () => call({ turnId: 'none' }) },
  'narrator.discard': { may: dms, input: () => call({ turnId: 'none' }) },
  'narrator.publish': { may: dms, input: () => call({ turnId: 'none' }) },
  'narrator.recap': { may: members, input: () => ({ roomId }) },
  'narrator.now': { may: members, input: () => ({ roomId }) },
  'narrator.events': { may: members, input: () => ({ roomId }) },
  'presence.events': { may: members, input: () => ({ roomId }) },
  'presence.set': { may: members, input: () => ({ roomId, status: 'ready' }) },
  'presence.resync': { may: dms, input: () => call({ userId: 'nobody' }) },
}

type Procedure = { _def: { type: 'query' | 'mutation' | 'subscription'; meta?: { access?: string } } }
// Only walked, never called: the parts are not needed.
const procedures = createRouter({ rooms: {} } as never)._def.procedures as unknown as Record<string, Procedure>

const refused = new Set(['UNAUTHORIZED', 'FORBIDDEN'])

describe('who may call what', () => {
  let testbed: Awaited<ReturnType<typeof openTestbed>>
  const seats = new Map<Who, Seat>()
  beforeAll(async () => {
    testbed = await openTestbed({ SIGNALS_DEMO: 'true' })
    for (const role of ['owner', 'dm', 'player', 'spectator'] as const) seats.set(role, await testbed.join(role, role))
    seats.set('stranger', await testbed.seat('stranger'))
  })
  afterAll(() => testbed[Symbol.asyncDispose]())

  it('stands in the table for every procedure, and every procedure names its access', () => {
    expect(Object.keys(table).toSorted()).toEqual(Object.keys(procedures).toSorted())
    for (const [path, { _def }] of Object.entries(procedures))
      expect([path, _def.meta?.access]).toEqual([path, expect.any(String)])
  })

  beforeAll(() =>
    testbed.seat('master').then(({ http }) => http.arena.start.mutate({ key: newKey(), sessionId: 'a-game' })),
  )

  for (const [path, { may, input }] of Object.entries(table))
    for (const who of roles)
      it(`${path} ${may.includes(who) ? 'answers' : 'refuses'} ${who}`, async () => {
        const token = seats.get(who)?.session.token
        const response = await request(testbed.url, path, input(), token)
        const isRefused = refused.has(response.code)
        expect([path, who, response.code, isRefused]).toEqual([path, who, response.code, !may.includes(who)])
        expect(response.body).not.toMatch(/node_modules|\.ts:\d+/)
      })

  async function request(url: string, path: string, input: object, token: string | undefined) {
    const { type } = procedures[path]?._def ?? { type: 'query' }
    const headers = { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) }
    const abort = new AbortController()
    const response =
      type === 'mutation'
        ? await fetch(`${url}/trpc/${path}`, { method: 'POST', headers, body: JSON.stringify(input) })
        : await fetch(`${url}/trpc/${path}?input=${encodeURIComponent(JSON.stringify(input))}`, {
            headers,
            signal: abort.signal,
          })
    // A stream that was let in goes on for ever; its first part is enough, and a refusal comes as its only event.
    const reader = response.body?.getReader()
    let body = ''
    for (;;) {
      const { done, value } = (await reader?.read()) ?? { done: true, value: undefined }
      if (value) body += new TextDecoder().decode(value)
      if (
        done ||
        (type === 'subscription' &&
          /event: (connected|serialized-error)[\s\S]*data: /.test(body) &&
          /(serialized-error|campaign_|roster|subject|viewport|market:)/.test(body))
      )
        break
    }
    abort.abort()
    return { code: /"code":"([A-Z_]+)","httpStatus"/.exec(body)?.[1] ?? 'OK', body }
  }
})
