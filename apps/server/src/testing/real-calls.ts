// One successful call of every mutation, each in a new room. The tests of access, repeats and concurrency use these calls.
import { emptySheet } from '@tablecast/bestiary'
import { emptyState } from '@tablecast/contracts'
import { aBrowser } from './browsers.ts'
import { wolf, wolves } from './creatures.ts'
import { idleRouter } from './procedures.ts'
import { aHero } from './a-hero.ts'
import { newKey, type openTestbed, type TestUser } from './testbed.ts'

export type Testbed = Awaited<ReturnType<typeof openTestbed>>
export type TestRoom = Awaited<ReturnType<typeof openTestRoom>>
type Who = 'owner' | 'dm' | 'player' | 'outsider'

/** `input` makes an input without its key. `other` changes the input to another request, or is null if there is no other. */
export type RealCall = {
  as: Who
  input(table: TestRoom): Promise<object> | object
  other: ((input: object) => object) | null
}

/** A new room with an owner, a co-DM and a player, and an active campaign with some state. */
export async function openTestRoom(testbed: Testbed) {
  const [owner, dm, player, outsider] = await Promise.all(
    ['Olga', 'Dana', 'Paul', 'Nobody'].map((name) => testbed.signIn(name)),
  )
  if (!owner || !dm || !player || !outsider) throw new Error('nobody came')
  const { room, invites } = await owner.http.rooms.create.mutate({ key: newKey(), name: 'A table' })
  const roomId = room.id
  const codeOf = (wanted: string) => invites.find(({ role }) => role === wanted)?.code ?? ''
  await dm.http.rooms.join.mutate({ key: newKey(), code: codeOf('dm') })
  await player.http.rooms.join.mutate({ key: newKey(), code: codeOf('player') })
  const active = await owner.http.campaign.create.mutate({ roomId, key: newKey(), name: 'Active' })
  const spare = await owner.http.campaign.create.mutate({ roomId, key: newKey(), name: 'Spare' })
  await owner.http.campaign.activate.mutate({ roomId, key: newKey(), campaignId: active.id })
  const ofPlayer = { ...character('pc'), ownerId: player.session.userId }
  await owner.http.campaign.edit.mutate({
    roomId,
    key: newKey(),
    campaignId: active.id,
    baseVersion: 0,
    patch: {
      characters: { upsert: [ofPlayer] },
      threats: { upsert: [{ id: 't', name: 'Tide', detail: '', visible: true }] },
    },
  })
  const users: Record<Who, TestUser> = { owner, dm, player, outsider }
  return { testbed, roomId, codeOf, campaignId: active.id, spareId: spare.id, users }
}

const character = (id: string) => ({ ...aHero, id, name: `Hero ${id}` })

const inRoom = ({ roomId }: TestRoom) => ({ roomId })
const inCampaign = ({ roomId, campaignId }: TestRoom) => ({ roomId, campaignId })
const inSpare = ({ roomId, spareId }: TestRoom) => ({ roomId, campaignId: spareId })
const userOf = (table: TestRoom, who: Who) => ({ userId: table.users[who].session.userId })
/** The id of an entry that the player has just written. */
async function said({ roomId, campaignId, users }: TestRoom): Promise<string> {
  await users.player.http.campaign.say.mutate({ roomId, key: newKey(), message: 'Words' })
  const { entries } = await users.player.http.campaign.history.query({ roomId, campaignId, limit: 1 })
  return entries[0]?.id ?? ''
}
const with_ = (change: object) => (input: object) => ({ ...input, ...change })
const document = {
  format: 'tablecast-campaign',
  formatVersion: 1,
  exportedAt: '2026-01-01T00:00:00.000Z',
  name: 'Brought along',
  state: emptyState,
  entries: [],
}

async function savedEncounter(table: TestRoom): Promise<string> {
  const request = { ...inCampaign(table), key: newKey(), name: 'Wolves', plan: { creatures: [wolves] } }
  return (await table.users.owner.http.encounters.save.mutate(request)).id
}

export const realCalls: Record<string, RealCall> = {
  'rooms.create': { as: 'outsider', input: () => ({ name: 'Mine' }), other: with_({ name: 'Other' }) },
  'rooms.join': { as: 'outsider', input: ({ codeOf }) => ({ code: codeOf('player') }), other: with_({ name: 'Else' }) },
  'rooms.leave': { as: 'player', input: inRoom, other: null },
  'rooms.rotateInvite': {
    as: 'dm',
    input: (table) => ({ ...inRoom(table), role: 'dm' }),
    other: with_({ role: 'player' }),
  },
  'rooms.revokeInvite': {
    as: 'dm',
    input: (table) => ({ ...inRoom(table), role: 'spectator' }),
    other: with_({ role: 'player' }),
  },
  'rooms.kick': {
    as: 'dm',
    input: (table) => ({ ...inRoom(table), ...userOf(table, 'player') }),
    other: with_({ userId: 'else' }),
  },
  'rooms.ban': {
    as: 'dm',
    input: (table) => ({ ...inRoom(table), ...userOf(table, 'player') }),
    other: with_({ userId: 'else' }),
  },
  'rooms.unban': {
    as: 'dm',
    async input(table) {
      const request = { ...inRoom(table), ...userOf(table, 'player') }
      await table.users.owner.http.rooms.ban.mutate({ key: newKey(), ...request })
      return request
    },
    other: with_({ userId: 'else' }),
  },
  'rooms.setLocked': {
    as: 'dm',
    input: (table) => ({ ...inRoom(table), locked: true }),
    other: with_({ locked: false }),
  },
  'rooms.setRole': {
    as: 'owner',
    input: (table) => ({ ...inRoom(table), ...userOf(table, 'player'), role: 'spectator' }),
    other: with_({ role: 'dm' }),
  },
  'rooms.handOver': {
    as: 'owner',
    input: (table) => ({ ...inRoom(table), ...userOf(table, 'player') }),
    other: with_({ userId: 'else' }),
  },
  'arena.start': { as: 'outsider', input: () => ({ sessionId: `s-${newKey()}` }), other: with_({ sessionId: 'else' }) },
  'arena.submitNews': {
    as: 'outsider',
    async input({ users }) {
      const sessionId = `s-${newKey()}`
      await users.outsider.http.arena.start.mutate({ key: newKey(), sessionId })
      return { sessionId, content: 'The sky falls' }
    },
    other: with_({ content: 'It does not' }),
  },
  'topics.create': { as: 'outsider', input: () => ({ topic: `t-${newKey()}` }), other: with_({ topic: 'else' }) },
  'topics.remove': {
    as: 'outsider',
    async input({ users }) {
      const topic = `t-${newKey()}`
      await users.outsider.http.topics.create.mutate({ key: newKey(), topic })
      return { topic }
    },
    other: with_({ topic: 'else' }),
  },
  'topics.createKey': {
    as: 'outsider',
    input: () => ({ name: 'K', rights: [{ topic: '*', publish: true, subscribe: true }] }),
    other: with_({ name: 'Else' }),
  },
  'topics.revokeKey': {
    as: 'outsider',
    async input({ users }) {
      const rights = [{ topic: '*', publish: true, subscribe: true }]
      const { id } = await users.outsider.http.topics.createKey.mutate({ key: newKey(), name: 'K', rights })
      return { id }
    },
    other: with_({ id: 'aaaaaaaaaaaa' }),
  },
  'market.openDiscussion': { as: 'outsider', input: () => ({ title: 'T' }), other: with_({ title: 'Else' }) },
  'market.post': {
    as: 'outsider',
    async input({ users }) {
      const { id } = await users.outsider.http.market.openDiscussion.mutate({ key: newKey(), title: 'T' })
      return { discussionId: id, content: 'Buy' }
    },
    other: with_({ content: 'Sell' }),
  },
  'campaign.create': {
    as: 'dm',
    input: (table) => ({ ...inRoom(table), name: 'New' }),
    other: with_({ name: 'Else' }),
  },
  'campaign.rename': {
    as: 'dm',
    input: (table) => ({ ...inCampaign(table), name: 'Renamed' }),
    other: with_({ name: 'Else' }),
  },
  'campaign.archive': {
    as: 'dm',
    input: (table) => ({ ...inSpare(table), archived: true }),
    other: with_({ archived: false }),
  },
  'campaign.duplicate': {
    as: 'dm',
    input: (table) => ({ ...inCampaign(table), name: 'A copy' }),
    other: with_({ name: 'Else' }),
  },
  'campaign.delete': { as: 'dm', input: inSpare, other: with_({ campaignId: 'else' }) },
  'campaign.restore': {
    as: 'dm',
    async input(table) {
      await table.users.owner.http.campaign.delete.mutate({ key: newKey(), ...inSpare(table) })
      return inSpare(table)
    },
    other: with_({ campaignId: 'else' }),
  },
  'campaign.import': {
    as: 'dm',
    input: (table) => ({ ...inRoom(table), document }),
    other: with_({ document: { ...document, name: 'Else' } }),
  },
  'campaign.importScenario': {
    as: 'dm',
    input: (table) => ({ ...inRoom(table), markdown: '# Castle\n\n## Scene\n\nA gate.' }),
    other: with_({ markdown: '# Else\n\n## Scene\n\nA gate.' }),
  },
  'campaign.activate': { as: 'dm', input: inSpare, other: with_({ campaignId: 'else' }) },
  'campaign.deactivate': { as: 'dm', input: inRoom, other: null },
  'campaign.say': {
    as: 'dm',
    input: (table) => ({ ...inRoom(table), message: '/threat clear Tide' }),
    other: with_({ message: 'Else' }),
  },
  'campaign.edit': {
    as: 'dm',
    input: (table) => ({ ...inCampaign(table), baseVersion: 1, patch: { scene: 'A gate' } }),
    other: with_({ patch: { scene: 'Else' } }),
  },
  'campaign.operate': {
    as: 'dm',
    input: (table) => ({ ...inCampaign(table), operation: { type: 'defeat', targets: ['pc'] } }),
    other: with_({ operation: { type: 'revive', targets: ['pc'] } }),
  },
  'pictures.operate': {
    as: 'dm',
    input: (table) => ({
      ...inCampaign(table),
      operation: { type: 'addHandout', title: 'A letter', text: 'Come at once.' },
    }),
    other: with_({ operation: { type: 'addHandout', title: 'Another letter' } }),
  },
  'sheets.operate': {
    as: 'player',
    input: (table) => ({
      ...inCampaign(table),
      operation: { type: 'save', characterId: 'pc', was: null, sheet: emptySheet },
    }),
    other: with_({ operation: { type: 'rest', characterId: 'pc', kind: 'short' } }),
  },
  'maps.operate': {
    as: 'dm',
    input: (table) => ({
      ...inCampaign(table),
      operation: { type: 'addMap', title: 'A cellar', picture: { width: 512, height: 512 } },
    }),
    other: with_({ operation: { type: 'addMap', title: 'Another', picture: { width: 64, height: 64 } } }),
  },
  'dice.reveal': {
    as: 'dm',
    async input(table) {
      const { http } = table.users.player
      await http.campaign.say.mutate({ roomId: table.roomId, key: newKey(), message: '/roll 1d20' })
      const { chains } = await http.dice.chains.query(inCampaign(table))
      return { ...inCampaign(table), chainId: chains[0]?.id ?? '' }
    },
    other: with_({ chainId: 'else' }),
  },
  'encounters.save': {
    as: 'dm',
    input: (table) => ({ ...inCampaign(table), name: 'Wolves', plan: { creatures: [wolves] } }),
    other: with_({ name: 'Else' }),
  },
  'encounters.remove': {
    as: 'dm',
    async input(table) {
      return { ...inCampaign(table), encounterId: await savedEncounter(table) }
    },
    other: with_({ encounterId: 'else' }),
  },
  'encounters.start': {
    as: 'dm',
    async input(table) {
      return { ...inCampaign(table), encounterId: await savedEncounter(table), joining: ['pc'] }
    },
    other: with_({ joining: [] }),
  },
  'encounters.add': {
    as: 'dm',
    input: (table) => ({ ...inCampaign(table), creatures: [wolves] }),
    other: with_({ roll: 'nobody' }),
  },
  'statBlocks.import': {
    as: 'dm',
    input: (table) => ({ ...inCampaign(table), text: '{"Creatures.wolf": {"Name": "Wolf"}}' }),
    other: with_({ text: '{}' }),
  },
  'statBlocks.put': {
    as: 'dm',
    input: (table) => ({ ...inRoom(table), blocks: [wolf] }),
    other: with_({ blocks: [{ ...wolf, hp: 12 }] }),
  },
  'statBlocks.remove': {
    as: 'dm',
    async input(table) {
      const request = inRoom(table)
      await table.users.owner.http.statBlocks.put.mutate({ ...request, key: newKey(), blocks: [wolf] })
      return { ...request, ids: [wolf.id] }
    },
    other: with_({ ids: ['else'] }),
  },
  'campaign.undo': {
    as: 'dm',
    // The owner's edit that prepared the table.
    input: (table) => ({ ...inCampaign(table), step: 1 }),
    other: with_({ step: 9 }),
  },
  'campaign.redo': {
    as: 'dm',
    async input(table) {
      await table.users.owner.http.campaign.undo.mutate({ key: newKey(), ...inCampaign(table) })
      return { ...inCampaign(table), step: 2 }
    },
    other: with_({ step: 9 }),
  },
  'campaign.whisper': {
    as: 'player',
    input: (table) => ({ ...inRoom(table), message: 'Psst' }),
    other: with_({ message: 'Else' }),
  },
  'campaign.editOwnCharacter': {
    as: 'player',
    input: (table) => ({ ...inCampaign(table), characterId: 'pc', was: { initiative: null }, is: { initiative: 7 } }),
    other: with_({ is: { initiative: 8 } }),
  },
  'campaign.editEntry': {
    as: 'player',
    input: async (table) => ({ ...inCampaign(table), entryId: await said(table), text: 'Other words' }),
    other: with_({ text: 'Else' }),
  },
  'campaign.deleteEntry': {
    as: 'player',
    input: async (table) => ({ ...inCampaign(table), entryId: await said(table), deleted: true }),
    other: with_({ deleted: false }),
  },
  'push.subscribe': {
    as: 'outsider',
    input: () => ({ subscription: aBrowser(), name: 'Phone', turn: true, opens: false }),
    other: with_({ opens: true }),
  },
  'push.unsubscribe': {
    as: 'outsider',
    async input({ users }) {
      const request = { key: newKey(), subscription: aBrowser(), name: 'Phone', turn: true, opens: false }
      const { devices } = await users.outsider.http.push.subscribe.mutate(request)
      return { deviceId: devices[0]?.id ?? '' }
    },
    other: with_({ deviceId: 'else' }),
  },
  'screens.create': {
    as: 'dm',
    input: (table) => ({ ...inRoom(table), kind: 'tv', name: 'Living room' }),
    other: with_({ name: 'Else' }),
  },
  'screens.revoke': {
    as: 'dm',
    async input(table) {
      const request = { ...inRoom(table), key: newKey(), kind: 'tv' as const, name: 'Living room' }
      return { ...inRoom(table), linkId: (await table.users.owner.http.screens.create.mutate(request)).link.id }
    },
    other: with_({ linkId: 'else' }),
  },
  'screens.show': {
    as: 'dm',
    input: (table) => ({ ...inRoom(table), show: 'black' }),
    other: with_({ show: 'map' }),
  },
  'narrator.setMode': {
    as: 'dm',
    input: (table) => ({ ...inRoom(table), mode: 'scribe' }),
    other: with_({ mode: 'auto' }),
  },
  'narrator.answer': { as: 'dm', input: (table) => ({ ...inRoom(table), entryId: 'none' }), other: null },
  'narrator.regenerate': { as: 'dm', input: (table) => ({ ...inRoom(table), turnId: 'none' }), other: null },
  'narrator.cancel': { as: 'dm', input: (table) => ({ ...inRoom(table), turnId: 'none' }), other: null },
  'narrator.discard': {
    as: 'dm',
    input: (table) => ({ ...inRoom(table), turnId: 'none' }),
    other: with_({ turnId: 'else' }),
  },
  'narrator.publish': { as: 'dm', input: (table) => ({ ...inRoom(table), turnId: 'none' }), other: null },
  'maps.gesture': {
    as: 'player',
    input: (table) => ({ ...inRoom(table), mapId: 'none', gesture: { kind: 'end' } }),
    other: null,
  },
  'presence.set': { as: 'dm', input: (table) => ({ ...inRoom(table), status: 'ready' }), other: null },
  'presence.resync': { as: 'dm', input: (table) => ({ ...inRoom(table), ...userOf(table, 'player') }), other: null },
}

/** Mutations without a real call, each with the reason. */
export const proceduresWithoutRealCall: Record<string, string> = {
  'auth.guest': 'makes a new user with each call',
  'auth.account': 'needs an account: see race-contract.ts',
  'auth.rename': 'has no key: a repeat changes nothing',
  'auth.renew': 'changes only its own connection',
  'push.renew': 'has no key: a service worker has none, and a repeat finds nothing to do',
  'topics.publish': 'has no key: the message’s own id detects a repeat',
}

type Procedure = { _def: { type: 'query' | 'mutation' | 'subscription'; meta?: { access?: string } } }
// The procedures are listed and never called, so the router needs no collaborators.
export const procedures = idleRouter._def.procedures as unknown as Record<string, Procedure>

/** `code` is `OK` or the code of the refusal. */
export type Outcome = { code: string; status: number; data: unknown }

/** Sends one call over HTTP. */
export async function callProcedure(url: string, path: string, input: object, token: string): Promise<Outcome> {
  const response = await fetch(`${url}/trpc/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(input),
  })
  const body = (await response.json()) as {
    result?: { data: unknown }
    error?: { data: { tablecast: { code: string } } }
  }
  return { code: body.error?.data.tablecast.code ?? 'OK', status: response.status, data: body.result?.data ?? null }
}
