// Tries every procedure, route and socket in every role, on either database. A new one needs an entry in a table here.
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ServerOptions } from '../server.ts'
import { procedures } from './real-calls.ts'
import { aBrowser } from './browsers.ts'
import { wolf, wolves } from './creatures.ts'
import { firstAnswer, request } from './role-requests.ts'
import { newKey, openTestbed, type TestUser } from './testbed.ts'

/** `screen`: has no session, and sends the token of its link where a procedure takes one. */
const roles = ['owner', 'dm', 'player', 'spectator', 'stranger', 'anonymous', 'screen'] as const
type Who = (typeof roles)[number]

const everyone: readonly Who[] = roles
const signedIn: readonly Who[] = ['owner', 'dm', 'player', 'spectator', 'stranger']
const members: readonly Who[] = ['owner', 'dm', 'player', 'spectator']
const dms: readonly Who[] = ['owner', 'dm']

const users = new Map<Who, TestUser>()
const roomId = 'main'
let screenToken = ''
const screenAccess = (who: Who) => ({
  roomId,
  token: who === 'screen' ? screenToken : 'a-made-up-token',
})
const call = (input: object) => ({ roomId, key: newKey(), ...input })

/** Every procedure with the roles that may call it, and an input that gets past validation. */
const table: Record<string, { may: readonly Who[]; input: (who: Who) => object }> = {
  'auth.config': { may: everyone, input: () => ({}) },
  'auth.me': { may: signedIn, input: () => ({}) },
  // The server refuses it also for a guest's token: see auth0.integration.test.ts.
  'auth.account': { may: [], input: () => ({ name: 'G' }) },
  'auth.renew': { may: signedIn, input: (who) => ({ token: users.get(who)?.session.token ?? 'none' }) },
  'auth.rename': { may: signedIn, input: (who) => ({ name: who }) },
  'auth.guest': { may: everyone, input: () => ({ name: 'G' }) },
  'ops.health': { may: everyone, input: () => ({}) },
  // For OPERATORS only, and this server has none: see ops.integration.test.ts.
  'ops.history': { may: [], input: () => ({}) },
  'ops.now': { may: [], input: () => ({}) },
  'ops.dependencies': { may: [], input: () => ({}) },
  'ops.watch': { may: [], input: () => ({}) },
  'rooms.create': { may: signedIn, input: () => ({ key: newKey(), name: 'R' }) },
  'rooms.join': { may: signedIn, input: () => ({ key: newKey(), code: 'nothing' }) },
  'rooms.list': { may: signedIn, input: () => ({}) },
  'rooms.get': { may: members, input: () => ({ roomId }) },
  'rooms.addresses': { may: dms, input: () => ({ roomId }) },
  'rooms.leave': { may: members, input: () => call({ key: 'too' }) },
  'rooms.rotateInvite': { may: dms, input: () => call({ role: 'spectator' }) },
  'rooms.kick': { may: dms, input: () => call({ userId: 'nobody' }) },
  'rooms.setRole': { may: ['owner'], input: () => call({ userId: 'nobody', role: 'player' }) },
  'rooms.revokeInvite': { may: dms, input: () => call({ role: 'spectator' }) },
  'rooms.ban': { may: dms, input: () => call({ userId: 'nobody' }) },
  'rooms.unban': { may: dms, input: () => call({ userId: 'nobody' }) },
  'rooms.setLocked': { may: dms, input: () => call({ locked: false }) },
  'rooms.handOver': { may: ['owner'], input: () => call({ userId: 'nobody' }) },
  'rooms.audit': { may: ['owner'], input: () => ({ roomId }) },
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
  'campaign.duplicate': { may: dms, input: () => call({ campaignId: 'none', name: 'C' }) },
  'campaign.delete': { may: dms, input: () => call({ campaignId: 'none' }) },
  'campaign.restore': { may: dms, input: () => call({ campaignId: 'none' }) },
  'campaign.export': { may: dms, input: () => ({ roomId, campaignId: 'none', format: 'json' }) },
  'campaign.import': { may: dms, input: () => call({ document: {} }) },
  'campaign.previewImport': { may: dms, input: () => ({ roomId, document: {} }) },
  'campaign.pages': { may: dms, input: () => ({ roomId, campaignId: 'none' }) },
  'campaign.page': { may: dms, input: () => ({ roomId, campaignId: 'none', pageId: 'none' }) },
  'campaign.activate': { may: dms, input: () => call({ campaignId: 'none' }) },
  'campaign.deactivate': { may: dms, input: () => call({}) },
  'campaign.say': { may: ['owner', 'dm', 'player'], input: () => call({ message: 'hello' }) },
  'campaign.edit': { may: dms, input: () => call({ campaignId: 'none', baseVersion: 0, patch: {} }) },
  'campaign.operate': {
    may: ['owner', 'dm', 'player'],
    input: () => call({ campaignId: 'none', operation: { type: 'heal', targets: ['none'], amount: 1 } }),
  },
  'pictures.operate': {
    may: ['owner', 'dm', 'player'],
    input: () => call({ campaignId: 'none', operation: { type: 'present', id: null } }),
  },
  'sheets.get': {
    may: ['owner', 'dm', 'player'],
    input: () => ({ roomId, campaignId: 'none', id: 'none' }),
  },
  'sheets.operate': {
    may: ['owner', 'dm', 'player'],
    input: () => call({ campaignId: 'none', operation: { type: 'rest', characterId: 'none', kind: 'short' } }),
  },
  'sheets.read': { may: ['owner', 'dm', 'player'], input: () => ({ roomId, text: '{}' }) },
  'maps.gesture': {
    may: ['owner', 'dm', 'player'],
    input: () => ({ roomId, mapId: 'none', gesture: { kind: 'end' } }),
  },
  'maps.gestures': { may: members, input: () => ({ roomId }) },
  'maps.gesturesSince': { may: members, input: () => ({ roomId, cursor: null }) },
  'maps.operate': {
    may: ['owner', 'dm', 'player'],
    input: () => call({ campaignId: 'none', operation: { type: 'showMap', id: null } }),
  },
  'maps.fog': { may: dms, input: () => ({ roomId, campaignId: 'none', mapId: 'none' }) },
  'maps.walls': { may: dms, input: () => ({ roomId, campaignId: 'none', mapId: 'none' }) },
  'dice.chains': { may: members, input: () => ({ roomId, campaignId: 'none' }) },
  'dice.rolls': { may: members, input: () => ({ roomId, campaignId: 'none', chainId: 'none' }) },
  'dice.reveal': { may: dms, input: () => call({ campaignId: 'none', chainId: 'none' }) },
  'encounters.list': { may: dms, input: () => ({ roomId, campaignId: 'none' }) },
  'encounters.get': { may: dms, input: () => ({ roomId, campaignId: 'none', encounterId: 'none' }) },
  'encounters.save': { may: dms, input: () => call({ campaignId: 'none', name: 'E', plan: { creatures: [] } }) },
  'encounters.remove': { may: dms, input: () => call({ campaignId: 'none', encounterId: 'none' }) },
  'encounters.start': { may: dms, input: () => call({ campaignId: 'none', encounterId: 'none', joining: [] }) },
  'encounters.add': { may: dms, input: () => call({ campaignId: 'none', creatures: [wolves] }) },
  'statBlocks.search': { may: dms, input: () => ({ roomId, query: 'wolf' }) },
  'statBlocks.export': { may: dms, input: () => ({ roomId, format: 'vault', campaignId: 'none' }) },
  'statBlocks.get': { may: dms, input: () => ({ roomId, block: { source: 'room', id: 'none' } }) },
  'encounters.difficulty': { may: dms, input: () => ({ roomId, campaignId: 'none', creatures: [wolves] }) },
  'statBlocks.previewImport': { may: dms, input: () => ({ roomId, text: '{}' }) },
  'statBlocks.import': { may: dms, input: () => call({ text: '{}' }) },
  'statBlocks.put': { may: dms, input: () => call({ blocks: [wolf] }) },
  'statBlocks.remove': { may: dms, input: () => call({ ids: ['none'] }) },
  'campaign.undo': { may: dms, input: () => call({ campaignId: 'none', step: 1 }) },
  'campaign.redo': { may: dms, input: () => call({ campaignId: 'none', step: 1 }) },
  'campaign.history': { may: members, input: () => ({ roomId, campaignId: 'none' }) },
  'campaign.since': { may: members, input: () => ({ roomId, cursor: null }) },
  'campaign.events': { may: members, input: () => ({ roomId, lastEventId: null }) },
  'campaign.whisper': { may: ['owner', 'dm', 'player'], input: () => call({ message: 'hello' }) },
  'campaign.whispers': { may: members, input: () => ({ roomId, lastEventId: null }) },
  'campaign.whispersSince': { may: members, input: () => ({ roomId, cursor: null }) },
  'campaign.whisperHistory': { may: members, input: () => ({ roomId, campaignId: 'none' }) },
  'campaign.editOwnCharacter': {
    may: ['owner', 'dm', 'player'],
    input: () => call({ campaignId: 'none', characterId: 'none', was: {}, is: {} }),
  },
  'campaign.editEntry': {
    may: ['owner', 'dm', 'player'],
    input: () => call({ campaignId: 'none', entryId: 'none', text: 'Other words' }),
  },
  'campaign.deleteEntry': {
    may: ['owner', 'dm', 'player'],
    input: () => call({ campaignId: 'none', entryId: 'none', deleted: true }),
  },
  'campaign.previewScenario': { may: dms, input: () => ({ roomId, markdown: '# Nothing' }) },
  'campaign.importScenario': { may: dms, input: () => call({ markdown: '# Nothing' }) },
  'push.config': { may: signedIn, input: () => ({}) },
  'push.devices': { may: signedIn, input: () => ({}) },
  'push.subscribe': {
    may: signedIn,
    input: () => ({ key: newKey(), subscription: aBrowser(), name: 'Phone', turn: true, opens: true }),
  },
  'push.unsubscribe': { may: signedIn, input: () => ({ key: newKey(), deviceId: 'nothing' }) },
  'push.renew': {
    may: everyone,
    input: () => ({ old: { endpoint: 'https://push.example/', auth: 'A'.repeat(22) }, subscription: aBrowser() }),
  },
  'screens.list': { may: dms, input: () => ({ roomId }) },
  'screens.create': { may: dms, input: () => call({ kind: 'tv', name: 'TV' }) },
  'screens.revoke': { may: dms, input: () => call({ linkId: 'nothing' }) },
  'screens.show': { may: dms, input: () => call({ show: 'auto' }) },
  'screens.events': { may: ['screen'], input: screenAccess },
  'screens.shown': { may: ['screen'], input: screenAccess },
  'viewAs.players': { may: dms, input: () => ({ roomId, lastEventId: null }) },
  'viewAs.member': {
    may: dms,
    input: () => ({ roomId, memberId: users.get('player')?.session.userId ?? '', lastEventId: null }),
  },
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
  'presence.since': { may: members, input: () => ({ roomId, cursor: null }) },
  'presence.resync': { may: dms, input: () => call({ userId: 'nobody' }) },
}

type Endpoint = { may: readonly Who[]; path?: string; body?: () => object }
const REFUSED = /UNAUTHORIZED|NOT_A_MEMBER|NOT_THE_DM/

/** Every REST route except the procedures, on a server with COMPAT_AUTH `token`. */
const restTable: Record<string, Endpoint> = {
  'GET /': { may: everyone },
  'GET /*': { may: everyone, path: '/favicon.svg' },
  'GET /health': { may: everyone },
  'POST /health': { may: everyone },
  'GET /health/ready': { may: everyone },
  // The test runs on this machine. For other machines see ops/metrics.service.test.ts.
  'GET /metrics': { may: everyone },
  'GET /docs/': { may: everyone },
  'GET /docs/json': { may: everyone },
  'GET /docs/yaml': { may: everyone },
  'GET /docs/static/index.html': { may: everyone },
  'GET /docs/static/swagger-initializer.js': { may: everyone },
  'GET /docs/static/*': { may: everyone, path: '/docs/static/index.css' },
  'POST /api/tickets': { may: signedIn },
  'POST /api/sign-out': { may: signedIn },
  'POST /init_session': { may: signedIn, body: () => ({ session_id: `g${newKey()}` }) },
  'POST /submit_news': { may: signedIn, body: () => ({ session_id: 'nothing', content: 'x' }) },
  'POST /arena/:sid/fakenews': { may: signedIn, path: '/arena/nothing/fakenews', body: () => ({ content: 'x' }) },
  'POST /api/rooms/:roomId/pictures': { may: dms, path: '/api/rooms/main/pictures', body: () => ({}) },
  'GET /api/rooms/:roomId/campaigns/:campaignId/export.zip': {
    may: dms,
    path: '/api/rooms/main/campaigns/none/export.zip',
  },
  'POST /api/rooms/:roomId/campaigns/import': {
    may: dms,
    path: '/api/rooms/main/campaigns/import?key=an-import-key',
    body: () => ({}),
  },
  'POST /api/rooms/:roomId/campaigns/import/preview': {
    may: dms,
    path: '/api/rooms/main/campaigns/import/preview',
    body: () => ({}),
  },
  'GET /media/:campaignId/:name/:file': { may: everyone, path: '/media/none/none/640.webp' },
  'GET /media/:campaignId/map/:mapId/:tileId/:file': { may: everyone, path: '/media/none/map/none/0-0-0/none.webp' },
  'GET /topics': { may: signedIn },
  'POST /topics': { may: signedIn, body: () => ({ name: `t${newKey()}` }) },
  'DELETE /topics/:name': { may: signedIn, path: '/topics/nothing' },
  'GET /stats': { may: signedIn },
  ...Object.fromEntries(
    ['sectors', 'agents', 'discussions'].flatMap((name): [string, Endpoint][] => {
      const one = `/api/${name}/nothing`
      // Sectors and agents are for MARKET_EDITORS only, and this server has none.
      const may = name === 'discussions' ? signedIn : []
      const fields =
        name === 'discussions' ? { title: 'X' } : name === 'sectors' ? { name: 'X', value: 1 } : { name: 'X' }
      const body = () => fields
      return [
        [`GET /api/${name}`, { may: signedIn }],
        [`POST /api/${name}`, { may, body }],
        [`GET /api/${name}/:id`, { may: signedIn, path: one }],
        [`PUT /api/${name}/:id`, { may, path: one, body }],
        [`PATCH /api/${name}/:id`, { may, path: one, body }],
        [`DELETE /api/${name}/:id`, { may, path: one }],
      ]
    }),
  ),
  'GET /api/sectors/:id/candles': { may: signedIn, path: '/api/sectors/nothing/candles' },
  'GET /api/discussions/:id/messages': { may: signedIn, path: '/api/discussions/nothing/messages' },
  'POST /api/discussions/:id/messages': {
    may: signedIn,
    path: '/api/discussions/nothing/messages',
    body: () => ({ content: 'x' }),
  },
}

/** Files set their own cache-control. */
const files = new Set(['GET /', 'GET /*', 'GET /docs/', 'GET /docs/static/index.html', 'GET /docs/static/*'])

/** Every socket, on a server with COMPAT_AUTH `token`. */
const socketTable: Record<string, Endpoint> = {
  // Everyone may connect, because each procedure declares its own access.
  '/trpc': { may: everyone },
  '/ws/campaign/player': { may: members },
  '/ws/campaign/dm': { may: dms },
  '/ws/stream': { may: signedIn },
  '/ws/stream/*': { may: signedIn, path: '/ws/stream/levels' },
  '/ws': { may: signedIn },
  '/ws/arena/*': { may: signedIn, path: '/ws/arena/a-game' },
  '/socket.io/': { may: signedIn, path: '/socket.io/?EIO=4&transport=websocket' },
}

const refused = new Set(['UNAUTHORIZED', 'FORBIDDEN'])

type Testbed = Awaited<ReturnType<typeof openTestbed>>

/** Defines the tests. `checks` adds tests on the same server. */
export function roleContract(
  given: () => Promise<ServerOptions>,
  checks: (testbed: () => Testbed) => void = () => {},
): void {
  let testbed: Testbed
  beforeAll(async () => {
    testbed = await openTestbed({ SIGNALS_DEMO: 'true', COMPAT_AUTH: 'token' }, await given())
    for (const role of ['owner', 'dm', 'player', 'spectator'] as const) users.set(role, await testbed.join(role, role))
    users.set('stranger', await testbed.signIn('stranger'))
    screenToken = await makeScreen()
  })
  afterAll(() => testbed[Symbol.asyncDispose]())

  async function makeScreen(): Promise<string> {
    const owner = users.get('owner')
    if (!owner) throw new Error('the owner is missing')
    const request = { roomId, key: newKey(), kind: 'tv' as const, name: 'TV' }
    return (await owner.http.screens.create.mutate(request)).token
  }

  it('has a table entry for every procedure, and every procedure declares its access', () => {
    expect(Object.keys(table).toSorted()).toEqual(Object.keys(procedures).toSorted())
    for (const [path, { _def }] of Object.entries(procedures))
      expect([path, _def.meta?.access]).toEqual([path, expect.any(String)])
  })

  beforeAll(() =>
    testbed.signIn('master').then(({ http }) => http.arena.start.mutate({ key: newKey(), sessionId: 'a-game' })),
  )

  for (const [path, { may, input }] of Object.entries(table))
    for (const who of roles)
      it(`on procedure ${path} ${may.includes(who) ? 'answers' : 'refuses'} ${who}`, async () => {
        const token = users.get(who)?.session.token
        const response = await request(testbed.url, path, input(who), token)
        const isRefused = refused.has(response.code)
        expect([path, who, response.code, isRefused]).toEqual([path, who, response.code, !may.includes(who)])
        // Answers, refusals and streams must not be stored.
        expect([path, who, response.cache]).toEqual([path, who, expect.stringMatching(/^no-store/)])
        expect(response.body).not.toMatch(/node_modules|\.ts:\d+/)
      })

  checks(() => testbed)

  it('has a table entry for every REST route and every socket', () => {
    const { rest, sockets } = testbed.server.endpoints
    const served = rest.filter(({ access }) => access !== 'procedure').map(({ method, url }) => `${method} ${url}`)
    expect(Object.keys(restTable).toSorted()).toEqual([...new Set(served)].toSorted())
    expect(Object.keys(socketTable).toSorted()).toEqual(sockets.map(({ path }) => path).toSorted())
  })

  for (const [endpoint, { may, path, body }] of Object.entries(restTable))
    for (const who of roles)
      it(`on route ${endpoint} ${may.includes(who) ? 'answers' : 'refuses'} ${who}`, async () => {
        const token = users.get(who)?.session.token
        const [method = ''] = endpoint.split(' ')
        const response = await fetch(testbed.url + (path ?? endpoint.split(' ')[1]), {
          method,
          headers: {
            ...(body ? { 'content-type': 'application/json' } : {}),
            ...(token ? { authorization: `Bearer ${token}` } : {}),
          },
          ...(body ? { body: JSON.stringify(body()) } : {}),
          redirect: 'manual',
        })
        const text = await response.text()
        const isRefused = response.status === 401 || response.status === 403
        expect([endpoint, who, response.status, isRefused]).toEqual([
          endpoint,
          who,
          response.status,
          !may.includes(who),
        ])
        if (!files.has(endpoint))
          expect([endpoint, response.headers.get('cache-control')]).toEqual([endpoint, 'no-store'])
        expect(text).not.toMatch(/node_modules|\.ts:\d+/)
      })

  for (const [endpoint, { may, path }] of Object.entries(socketTable))
    for (const who of roles)
      it(`on socket ${endpoint} ${may.includes(who) ? 'accepts' : 'refuses'} ${who}`, async () => {
        const token = users.get(who)?.session.token
        const answer = await firstAnswer(testbed.wsUrl + (path ?? endpoint), token)
        expect([endpoint, who, answer]).toEqual([
          endpoint,
          who,
          may.includes(who) ? 'in' : expect.stringMatching(REFUSED),
        ])
      })

  it('gives the same answer to a foreign id as to one that does not exist', async () => {
    const owner = await testbed.signIn('elsewhere')
    const { room } = await owner.http.rooms.create.mutate({ key: newKey(), name: 'Elsewhere' })
    const foreign = await owner.http.campaign.create.mutate({ roomId: room.id, key: newKey(), name: 'Foreign' })
    const token = users.get('owner')?.session.token
    const answer = async (path: string, input: object) => {
      const { body } = await request(testbed.url, path, { key: 'the-same-key', ...input }, token)
      // No answer repeats its input, so the answers are the same byte for byte.
      return body.replaceAll(/id: \S+\n/g, '')
    }
    const inRooms: Record<string, object> = {
      'rooms.get': {},
      'campaign.list': {},
      'campaign.events': {},
      'campaign.whispers': {},
      'viewAs.players': {},
      'screens.list': {},
      'screens.events': { token: 'a-made-up-token' },
      'viewAs.member': { memberId: owner.session.userId },
      'presence.events': {},
      'maps.gesture': { mapId: 'none', gesture: { kind: 'end' } },
      'maps.gestures': {},
      'maps.gesturesSince': {},
      'campaign.say': { message: 'x' },
      'rooms.kick': { userId: owner.session.userId },
      'rooms.audit': {},
      'narrator.recap': {},
    }
    for (const [path, input] of Object.entries(inRooms))
      expect([path, await answer(path, { roomId: room.id, ...input })]).toEqual([
        path,
        await answer(path, { roomId: 'there-is-none', ...input }),
      ])
    const ofCampaigns: Record<string, object> = {
      'campaign.get': {},
      'campaign.export': { format: 'json' },
      'campaign.history': {},
      'campaign.pages': {},
      'campaign.page': { pageId: 'p' },
      'campaign.whisperHistory': {},
      'campaign.activate': {},
      'campaign.rename': { name: 'X' },
      'campaign.edit': { baseVersion: 0, patch: {} },
      'campaign.duplicate': { name: 'X' },
      'campaign.delete': {},
      'campaign.restore': {},
      'campaign.undo': {},
      'campaign.redo': { step: 1 },
      'pictures.operate': { operation: { type: 'present', id: null } },
      'sheets.get': { id: 'none' },
      'sheets.operate': { operation: { type: 'accept', requestId: 'none' } },
      'maps.operate': { operation: { type: 'showMap', id: null } },
      'maps.fog': { mapId: 'none' },
      'maps.walls': { mapId: 'none' },
      'campaign.editEntry': { entryId: 'e', text: 'X' },
      'campaign.deleteEntry': { entryId: 'e', deleted: true },
    }
    for (const [path, input] of Object.entries(ofCampaigns))
      expect([path, await answer(path, { roomId, campaignId: foreign.id, ...input })]).toEqual([
        path,
        await answer(path, { roomId, campaignId: 'there-is-none', ...input }),
      ])
    for (const endpoint of ['/ws/campaign/player', '/ws/campaign/dm'])
      expect(await firstAnswer(`${testbed.wsUrl}${endpoint}?room=${room.id}`, token)).toBe(
        await firstAnswer(`${testbed.wsUrl}${endpoint}?room=there-is-none`, token),
      )
  })
}
