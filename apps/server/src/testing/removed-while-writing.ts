// Measures how many commands of a co-DM are carried out after the owner removes them, while the co-DM sends without waiting.
import { randomUUID } from 'node:crypto'
import { emptySheet } from '@tablecast/bestiary'
import { WebSocket } from 'ws'
import type { AppRouter } from '../index.ts'
import { aHero } from './a-hero.ts'
import { createTRPCClient, httpLink, type TRPCClient } from '@trpc/client'

export const removals = ['kick', 'ban', 'setRole'] as const
export type Removal = (typeof removals)[number]
/**
 * `before` and `after` count the removed co-DM's entries before and after the owner's mark, which follows the removal.
 * `links` is 1 if the invite link for DMs changed after the removal. `strokes` counts the changes of a map's fog after the mark, and
 * `sheets` those of sheets, and `screens` the new links for screens. `shows` is 1 if the picture on the screens changed after it.
 */
export type RemovalRound = {
  removal: Removal
  before: number
  after: number
  links: number
  strokes: number
  sheets: number
  shows: number
  screens: number
}
/** The counts that must be 0. */
export const late = ({ after, links, strokes, sheets, shows, screens }: RemovalRound): number =>
  after + links + strokes + sheets + shows + screens

const COMMANDS = 60
const CHARACTERS = COMMANDS / 10
/** None is what the owner's mark chooses. */
const SHOWS = ['map', 'scene', 'story', 'black'] as const
const MARK = 'MARK'
const key = () => `race-${randomUUID()}`

/** Opens a room on the server at `url` for many rounds. */
export async function openRace(url: string) {
  const client = (token?: string): TRPCClient<AppRouter> =>
    createTRPCClient<AppRouter>({
      links: [httpLink({ url: `${url}/trpc`, headers: token ? { authorization: `Bearer ${token}` } : {} })],
    })
  const guest = (name: string) => client().auth.guest.mutate({ name })
  const owner = client((await guest('Olga')).token)
  const { room } = await owner.rooms.create.mutate({ key: key(), name: 'Race' })
  const roomId = room.id
  const campaign = await owner.campaign.create.mutate({ roomId, key: key(), name: 'Race' })
  await owner.campaign.activate.mutate({ roomId, key: key(), campaignId: campaign.id })

  const operation = { type: 'addMap' as const, title: 'Race', picture: { width: 64, height: 64 } }
  const inCampaign = { roomId, campaignId: campaign.id }
  const { madeIds } = await owner.maps.operate.mutate({ ...inCampaign, key: key(), operation })
  const place = { ...inCampaign, mapId: madeIds[0] ?? '' }
  const sheetsNow = async () => {
    const { state } = await owner.campaign.get.query(inCampaign)
    return state.characters.filter(({ sheet }) => sheet).length
  }
  /** Each character takes one first sheet, whatever the order in which the commands arrive. */
  const renewCharacters = async () => {
    const { campaign, state } = await owner.campaign.get.query(inCampaign)
    const characters = Array.from({ length: CHARACTERS }, () => ({ ...aHero, ownerId: null, id: randomUUID() }))
    const patch = { characters: { remove: state.characters.map(({ id }) => id), upsert: characters } }
    await owner.campaign.edit.mutate({ ...inCampaign, key: key(), baseVersion: campaign.version, patch })
    return characters.map(({ id }) => id)
  }

  const screensNow = async () => (await owner.screens.list.query({ roomId })).links
  /** A room with the most links takes no further one from anybody. */
  const revokeScreens = async () => {
    for (const { id } of await screensNow()) await owner.screens.revoke.mutate({ roomId, key: key(), linkId: id })
  }

  /** The owner removes the co-DM after `commandsBefore` answers. */
  async function round(removal: Removal, commandsBefore: number): Promise<RemovalRound> {
    const { invites } = await owner.rooms.rotateInvite.mutate({ roomId, key: key(), role: 'dm' })
    const code = invites.find(({ role }) => role === 'dm')?.code ?? ''
    const coDm = await guest('Dana')
    await client(coDm.token).rooms.join.mutate({ key: key(), code })
    await revokeScreens()
    await using flood = await pipeline(url, coDm.token, { ...place, characterIds: await renewCharacters() })
    await flood.answered(commandsBefore)
    const request = { roomId, key: key(), userId: coDm.userId }
    if (removal === 'setRole') await owner.rooms.setRole.mutate({ ...request, role: 'player' })
    else await owner.rooms[removal].mutate(request)
    const linkThen = await dmCode(owner, roomId)
    await owner.campaign.say.mutate({ roomId, key: key(), message: MARK })
    await owner.screens.show.mutate({ roomId, key: key(), show: 'auto' })
    const [{ version: fogThen }, sheetsThen] = [await owner.maps.fog.query(place), await sheetsNow()]
    const screensThen = await screensNow()
    await flood.over
    const { version: fogNow } = await owner.maps.fog.query(place)
    const { show } = await owner.screens.list.query({ roomId })
    const linkNow = await dmCode(owner, roomId)
    const { entries } = await owner.campaign.history.query({ roomId, campaignId: campaign.id, limit: 100 })
    const mark = entries.findLastIndex(({ text }) => text === MARK)
    const theirs = (from: number, to: number) =>
      entries.slice(from, to).filter(({ author }) => author.id === coDm.userId).length
    return {
      removal,
      before: theirs(0, mark),
      after: theirs(mark, entries.length),
      links: linkThen === linkNow ? 0 : 1,
      strokes: fogNow - fogThen,
      sheets: (await sheetsNow()) - sheetsThen,
      shows: show === 'auto' ? 0 : 1,
      screens: (await screensNow()).length - screensThen.length,
    }
  }
  return { round }
}

const dmCode = async (owner: TRPCClient<AppRouter>, roomId: string) =>
  (await owner.rooms.get.query({ roomId })).invites.find(({ role }) => role === 'dm')?.code

type Place = { roomId: string; campaignId: string; mapId: string; characterIds: string[] }

/** Sends all commands on one socket without waiting for answers. */
async function pipeline(url: string, token: string, place: Place) {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/trpc?connectionParams=1`)
  let answers = 0
  const over = Promise.withResolvers<void>()
  const waiting: { count: number; resolve: () => void }[] = []
  const resolveWaiting = () => {
    for (const { count, resolve } of waiting) if (answers >= count) resolve()
    if (answers >= COMMANDS) over.resolve()
  }
  socket.on('error', () => {})
  socket.on('message', (data: Buffer) => {
    if (!data.toString().includes('"id":')) return
    answers += 1
    resolveWaiting()
  })
  socket.on('close', () => {
    answers = Number.POSITIVE_INFINITY
    resolveWaiting()
  })
  await new Promise((resolve) => socket.once('open', resolve))
  socket.send(JSON.stringify({ method: 'connectionParams', data: { token } }))
  for (let id = 1; id <= COMMANDS; id++) {
    const [path, input] = commandOf(id, place)
    socket.send(JSON.stringify({ id, method: 'mutation', params: { path, input } }))
  }
  return {
    over: over.promise,
    answered: (count: number) =>
      new Promise<void>((resolve) => {
        waiting.push({ count, resolve })
        resolveWaiting()
      }),
    [Symbol.asyncDispose]: () => Promise.resolve(socket.terminate()),
  }
}

/**
 * Of ten commands, one asks for a new invite link for DMs, one reveals or hides a whole map, in turn, so that each of them changes the fog,
 * one gives a character a sheet, one changes the picture on the screens, one makes a link for one, and five are lines of the story.
 */
function commandOf(id: number, { roomId, campaignId, mapId, characterIds }: Place) {
  const inCampaign = { roomId, campaignId, key: key() }
  const nth = Math.floor((id - 1) / 10)
  switch (id % 10) {
    case 0:
      return ['rooms.rotateInvite', { roomId, key: key(), role: 'dm' }] as const
    case 3:
      return ['screens.show', { roomId, key: key(), show: SHOWS[nth % SHOWS.length] }] as const
    case 5: {
      const operation = { type: 'changeFog', mapId, stroke: { kind: 'all' }, reveals: nth % 2 === 0 }
      return ['maps.operate', { ...inCampaign, operation }] as const
    }
    case 7: {
      const operation = { type: 'save', characterId: characterIds[nth], was: null, sheet: emptySheet }
      return ['sheets.operate', { ...inCampaign, operation }] as const
    }
    case 8:
      return ['screens.create', { roomId, key: key(), kind: 'tv', name: 'Spy' }] as const
    default:
      return ['campaign.say', { roomId, key: key(), message: `/scene Line ${id}` }] as const
  }
}
