// Tiles while nodes are killed: a DM reveals and hides, and a player on each node loads what the stream names.
import { setTimeout as pause } from 'node:timers/promises'
import { differenceOf, hiddenFog, writeChange } from '@tablecast/maps/fog'
import { pixelsOf } from '@tablecast/media/testing'
import { loadTile } from '@tablecast/server/testing/map-pictures'
import { MapDm } from '../map/map-dm.ts'
import { expectedPixels, mayBeGone, strokesBy } from '../map/map-oracle.ts'
import { MapPlayer, type TileLoad } from '../map/map-player.ts'
import { play, type Scenario, type ScenarioDeps } from '../scenario.ts'
import { within } from '../within.ts'

const ROUNDS = { full: 20, short: 2 }
const STROKES = { full: 8, short: 5 }
const MAX_WAIT_MS = 600
const LOAD_TIMEOUT_MS = 90_000

export const mapReveal: Scenario = {
  name: 'map-reveal',
  title: 'a node is killed (SIGKILL) while a DM reveals and hides parts of a map, with a player on each node',
  setups: ['cluster'],
  short: ['cluster'],
  run: (context) =>
    play(
      context,
      async (deps) => {
        const { cluster, table } = deps
        const { chance, isShort } = context
        const dm = await MapDm.open(cluster, table, chance)
        const { player: shownAt } = await cluster.log.heads(table.roomId)
        const urls = cluster.nodes.map(({ port }) => `http://127.0.0.1:${port}`)
        const players = urls.map(
          (_, index) => new MapPlayer({ name: `map-${index}`, campaignId: dm.campaignId, urls: rotated(urls, index) }),
        )
        for (const [index, player] of players.entries())
          await table.followAt(urls[index] ?? '', `map-${index}`, player.hear)
        const rounds = isShort ? ROUNDS.short : ROUNDS.full
        for (let round = 0; round < rounds; round++) {
          const drawn = dm.draw(isShort ? STROKES.short : STROKES.full)
          await pause(chance.next() * MAX_WAIT_MS)
          const node = chance.pick(cluster.nodes)
          await node.end('SIGKILL')
          await node.start()
          const back = performance.now()
          await drawn
          await table.caughtUp(back)
          await within(LOAD_TIMEOUT_MS, 'every tile is loaded', () => players.every(({ isIdle }) => isIdle))
        }
        return { rounds, notes: [await judged(deps, { dm, players, urls, shownAt })] }
      },
      { environment: { MEDIA_MIN_FREE_BYTES: '0', UPLOADS_PER_HOUR: '1000' } },
    ),
}

const rotated = <T>(list: readonly T[], by: number): T[] => [...list.slice(by), ...list.slice(0, by)]

type Played = { dm: MapDm; players: readonly MapPlayer[]; urls: readonly string[]; shownAt: number }

/** Complains of each tile that shows another fog than its name stands for, and of each acknowledged stroke that is lost. */
async function judged({ cluster, table }: ScenarioDeps, { dm, players, urls, shownAt }: Played): Promise<string> {
  const { strokes, campaignId } = dm
  const strokesUntil = strokesBy((await cluster.log.read(table.roomId)).player, shownAt)
  const last = strokes.length - 1
  if (strokesUntil(Infinity) !== last)
    table.complain(`${last} strokes were acknowledged, and players got ${strokesUntil(Infinity)}`)
  const revealed = differenceOf(hiddenFog(dm.fog.size), dm.fog)
  const map = await dm.mapAt(urls[0] ?? '')
  const loads: (TileLoad & { step: number })[] = players.flatMap((player) =>
    player.loads.map((load) => ({ ...load, step: strokesUntil(load.seq) })),
  )
  for (const [index, url] of urls.entries()) {
    if ((await dm.revealedAt(url)) !== (revealed ? writeChange(revealed) : ''))
      table.complain(`node ${index} has another fog than the DM was acknowledged`)
    const named = players[index]?.named ?? new Map<string, string>()
    if (JSON.stringify([...named]) !== JSON.stringify([...(players[0]?.named ?? [])]))
      table.complain(`the player on node ${index} has other names of tiles than the other player`)
    for (const [id, name] of named) {
      const answer = await loadTile(url, campaignId, map.id, { id, name })
      const [seq, answeredAt] = [Infinity, performance.now()]
      loads.push({ name: `node ${index}`, seq, tile: { id, name }, ...answer, answeredAt, step: last })
    }
  }
  const whole = new Map<string, Buffer>()
  for (const { tile } of loads) {
    if (whole.has(tile.id)) continue
    const { body } = await loadTile(urls[0] ?? '', campaignId, map.id, { id: tile.id, name: map.name })
    whole.set(tile.id, (await pixelsOf(body)).data)
  }
  let gone = 0
  for (const { name, step, tile, status, body, answeredAt } of loads) {
    const fog = strokes[step]?.fog
    const pixels = whole.get(tile.id)
    if (!fog || !pixels) table.complain(`${name} has a tile of a stroke that was never drawn`)
    else if (status === 404 && mayBeGone(strokes, step, tile, answeredAt)) gone += 1
    else if (status !== 200)
      table.complain(`${name} got ${status} for the tile ${tile.id} of stroke ${step}: ${body.toString()}`)
    else if (!(await pixelsOf(body)).data.equals(expectedPixels(pixels, tile.id, fog)))
      table.complain(`${name} got the tile ${tile.id} with another fog than that of stroke ${step}`)
  }
  return `${last} strokes; ${loads.length - gone} tiles compared pixel by pixel, ${gone} hidden before they were loaded`
}
