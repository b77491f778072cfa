// The process of the table with a map: a DM who sends it, reveals its rooms and drags a token, and players who load the tiles. Orders
// come over its channel, and it answers each once.
import { setTimeout as pause } from 'node:timers/promises'
import type { MapOperation } from '@tablecast/contracts'
import { sendMap } from '@tablecast/server/testing/map-pictures'
import type { AppRouter } from '@tablecast/server'
import { createTRPCClient, httpLink } from '@trpc/client'
import type { Client } from '../product/product.ts'
import { drawnMap, SIDE } from './drawn-map.ts'
import { MapScreen } from './map-screen.ts'

export type Order =
  | {
      do: 'sit'
      port: number
      roomId: string
      campaignId: string
      dm: string
      players: readonly string[]
      maps: number
    }
  | { do: 'import' | 'show' | 'reveal' | 'drag' | 'look' }
/** `bytes`: of the picture's file. `hidden`: pixels in all tiles of all levels with a part of the hidden colour. */
export type Answer = { ms: number; bytes?: number; tiles?: number; hidden?: number }

/** A room of the map, in pixels: 4 × 2 tiles. */
const ROOM = { width: 2_048, height: 1_024 }
const ROOM_TILES = 8
/** A little longer than the server asks for between two gestures of a person. */
const DRAG_INTERVAL_MS = 60
const BLOCK = 16
const COLUMNS = SIDE / 2 / ROOM.width
const ROOMS = COLUMNS * (SIDE / ROOM.height)

class MapTable {
  readonly #sat: Extract<Order, { do: 'sit' }>
  readonly #files: readonly Buffer[]
  readonly #screens: readonly MapScreen[]
  readonly #dm: Client
  #keys = 0
  #imports = 0
  #reveals = 0
  #drags = 0
  #pictureId = ''
  #mapId = ''
  #tokenId = ''

  private constructor(sat: Extract<Order, { do: 'sit' }>, files: readonly Buffer[]) {
    this.#sat = sat
    this.#files = files
    this.#screens = sat.players.map((token) => new MapScreen(sat.port, token, sat.roomId))
    const headers = { authorization: `Bearer ${sat.dm}` }
    this.#dm = createTRPCClient<AppRouter>({ links: [httpLink({ url: `${this.#url}/trpc`, headers })] })
  }

  static async sit(order: Extract<Order, { do: 'sit' }>): Promise<MapTable> {
    const files: Buffer[] = []
    while (files.length < order.maps) files.push(await drawnMap(files.length + 1))
    const table = new MapTable(order, files)
    await Promise.all(table.#screens.map((screen) => screen.arrival))
    return table
  }

  get #url(): string {
    return `http://127.0.0.1:${this.#sat.port}`
  }

  get bytes(): number {
    return this.#files[0]?.length ?? 0
  }

  async import(): Promise<Answer> {
    const file = this.#files[this.#imports++ % this.#files.length] ?? Buffer.alloc(0)
    const began = performance.now()
    const { picture, error } = await sendMap(this.#url, this.#sat.dm, file)
    if (!picture) throw new Error(`the map was refused: ${error?.message}`)
    this.#pictureId = picture.id
    return { ms: performance.now() - began, bytes: file.length }
  }

  async show(): Promise<Answer> {
    const began = performance.now()
    const { madeIds } = await this.#operate({ type: 'addMap', title: 'The crypt', picture: { id: this.#pictureId } })
    this.#mapId = madeIds[0] ?? ''
    await this.#operate({ type: 'showMap', id: this.#mapId })
    const thing = { characterId: null, name: 'Cart', size: 1, visible: true, darkvision: 0 }
    const added = await this.#operate({ type: 'addTokens', mapId: this.#mapId, tokens: [{ ...thing, x: 500, y: 500 }] })
    this.#tokenId = added.madeIds[0] ?? ''
    return { ms: performance.now() - began }
  }

  /** Until all players have the tiles of a room that nobody has seen in this form. */
  async reveal(): Promise<Answer> {
    const number = this.#reveals++
    if (number % ROOMS === 0 && number > 0) await this.#operate(this.#stroke({ kind: 'all' }, false))
    const [place, pass] = [number % ROOMS, Math.floor(number / ROOMS)]
    const inset = pass * BLOCK
    const from = { x: (place % COLUMNS) * ROOM.width + inset, y: Math.floor(place / COLUMNS) * ROOM.height + inset }
    const to = { x: from.x + ROOM.width - 2 * inset, y: from.y + ROOM.height - 2 * inset }
    const loaded = Promise.all(this.#screens.map((screen) => screen.nextTiles(ROOM_TILES)))
    const began = performance.now()
    await this.#operate(this.#stroke({ kind: 'rectangle', from, to }, true))
    await loaded
    return { ms: performance.now() - began }
  }

  async drag(): Promise<Answer> {
    const { roomId } = this.#sat
    const at = { x: 500 + (this.#drags++ % 50), y: 500 }
    const seen = Promise.all(this.#screens.map((screen) => screen.nextDrag()))
    const began = performance.now()
    const gesture = { kind: 'drag' as const, tokenId: this.#tokenId, at }
    await this.#dm.maps.gesture.mutate({ roomId, mapId: this.#mapId, gesture })
    await seen
    const ms = performance.now() - began
    await pause(Math.max(0, DRAG_INTERVAL_MS - ms))
    return { ms }
  }

  async look(): Promise<Answer> {
    const began = performance.now()
    const [screen] = this.#screens
    const found = await screen?.hiddenPixels(this.#sat.campaignId)
    return { ms: performance.now() - began, ...found }
  }

  readonly #stroke = (
    stroke: Extract<MapOperation, { type: 'changeFog' }>['stroke'],
    reveals: boolean,
  ): MapOperation => ({
    type: 'changeFog',
    mapId: this.#mapId,
    stroke,
    reveals,
  })

  #operate(operation: MapOperation) {
    const { roomId, campaignId } = this.#sat
    const key = `bench-map-${String(++this.#keys).padStart(6, '0')}`
    return this.#dm.maps.operate.mutate({ roomId, campaignId, key, operation })
  }
}

let table: MapTable | null = null

async function obey(order: Order): Promise<Answer> {
  if (order.do === 'sit') {
    table = await MapTable.sit(order)
    return { ms: 0, bytes: table.bytes }
  }
  if (!table) throw new Error('nobody sits at the table yet')
  return table[order.do]()
}

process.on('message', (order: Order) => {
  // A failure ends the process, which ends the benchmark.
  void obey(order).then((answer) => process.send?.(answer))
})
