// A room of its own with a map of two halves: a wall with a closed door between them, a hero in the west, and in the east what nobody may see.
import type { MapPoint } from '@tablecast/contracts'
import { changed, hiddenFog, isRevealed, readChange } from '@tablecast/maps/fog'
import { blockColours, mapFile, pngOf } from '@tablecast/media/testing'
import { aHero } from '@tablecast/server/testing/a-hero'
import { httpClient, newKey } from '@tablecast/server/testing/testbed'
import { z } from 'zod'

const CELL = 50
const SIZE = { width: 1_000, height: 600 }
/** In cells. */
const WALL = 10
const SECRET = 'CANARY in the east'
const Sent = z.object({ picture: z.object({ id: z.string() }) })

export async function openWalledHouse(url: string) {
  const signIn = async (name: string) => {
    const { token, userId } = await httpClient(url).auth.guest.mutate({ name })
    return { token, userId, http: httpClient(url, token) }
  }
  const [dm, player] = [await signIn('Dee'), await signIn('Mal')]
  const { room, invites } = await dm.http.rooms.create.mutate({ key: newKey(), name: 'The house' })
  const roomId = room.id
  const code = invites.find(({ role }) => role === 'player')?.code ?? ''
  await player.http.rooms.join.mutate({ key: newKey(), code })
  const { id: campaignId } = await dm.http.campaign.create.mutate({ roomId, key: newKey(), name: 'The house' })
  await dm.http.campaign.activate.mutate({ roomId, key: newKey(), campaignId })
  const patch = { characters: { upsert: [{ ...hero, ownerId: player.userId }] } }
  await dm.http.campaign.edit.mutate({ roomId, key: newKey(), campaignId, baseVersion: 0, patch })

  const operate = dm.http.maps.operate
  const request = () => ({ roomId, campaignId, key: newKey() })
  const picture = { id: await sendHouse(url, roomId, dm.token) }
  const added = await operate.mutate({ ...request(), operation: { type: 'addMap', title: 'The house', picture } })
  const [mapId = ''] = added.madeIds
  const sight = { isOn: true, isDaylight: true, farthest: 300 }
  await operate.mutate({ ...request(), operation: { type: 'editMap', id: mapId, sight } })
  await operate.mutate({ ...request(), operation: { type: 'showMap', id: mapId } })
  const place = { size: 1, visible: true, darkvision: 0 }
  const tokens = [
    { ...place, characterId: hero.id, name: hero.name, x: 125, y: 125 },
    { ...place, characterId: null, name: SECRET, x: 825, y: 325 },
  ]
  const placed = await operate.mutate({ ...request(), operation: { type: 'addTokens', mapId, tokens } })
  const [tokenId = ''] = placed.madeIds

  return {
    size: SIZE,
    /** One move of the player. Answers OK, or the code of the refusal with its words. */
    move: (way: MapPoint[]): Promise<string> =>
      player.http.maps.operate
        .mutate({ ...request(), operation: { type: 'moveToken', id: tokenId, way } })
        .then(() => 'OK')
        .catch(refusalOf),
    /** The revealed blocks west and east of the wall, which has neither, and all blocks of a side. */
    async revealed(): Promise<{ west: number; east: number; side: number }> {
      const { revealed } = await dm.http.maps.fog.query({ roomId, campaignId, mapId })
      const fog = changed(hiddenFog(SIZE), readChange(revealed, hiddenFog(SIZE)))
      const counts = { west: 0, east: 0, side: Math.floor((WALL * CELL) / 16) * fog.rows }
      for (let row = 0; row < fog.rows; row++)
        for (let column = 0; column < fog.columns; column++) {
          if (!isRevealed(fog, column, row)) continue
          if ((column + 1) * 16 <= WALL * CELL) counts.west += 1
          else counts.east += 1
        }
      return counts
    },
    /** Everything that the player can read now, as text. */
    async read(): Promise<string> {
      const input = { roomId, campaignId, cursor: null }
      return JSON.stringify([
        await player.http.campaign.since.query(input),
        await player.http.campaign.history.query(input),
      ])
    },
    secret: SECRET,
  }
}

const hero = { ...aHero, id: 'hero', name: 'Mal’s hero' }

async function sendHouse(url: string, roomId: string, token: string): Promise<string> {
  const corner = (x: number, y: number) => ({ x, y })
  const file = mapFile({
    cells: { x: SIZE.width / CELL, y: SIZE.height / CELL },
    picture: (await pngOf(blockColours(SIZE))).toString('base64'),
    more: {
      line_of_sight: [
        [corner(WALL, 0), corner(WALL, 5)],
        [corner(WALL, 7), corner(WALL, 12)],
        [corner(3, 6), corner(7, 6), corner(7, 9)],
      ],
      portals: [{ bounds: [corner(WALL, 5), corner(WALL, 7)], closed: true }],
      lights: [],
    },
  })
  const response = await fetch(`${url}/api/rooms/${roomId}/pictures?for=map`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: new Blob([Uint8Array.from(file)]),
  })
  return Sent.parse(await response.json()).picture.id
}

const Refusal = z.object({ message: z.string(), data: z.object({ tablecast: z.object({ code: z.string() }) }) })

function refusalOf(error: unknown): string {
  const { success, data: refusal } = Refusal.safeParse(error)
  if (!success) throw error
  return `${refusal.data.tablecast.code}: ${refusal.message}`
}
