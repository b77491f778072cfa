// Measures maps: the import of a large one and its cost to another table, reveals, drags, sight, and a player's page with a map.
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { buildServer } from '@tablecast/server/build'
import { ask, end } from '../child.ts'
import { otherTable, WORD_INTERVAL_MS } from '../other-table.ts'
import { Product } from '../product/product.ts'
import { atMost, type Section } from '../section.ts'
import { quantile, table } from '../statistics.ts'
import { SIDE } from './drawn-map.ts'
import { type MapPageResult, mapPage } from './map-page.ts'
import type { Answer, Order } from './map-table.ts'
import { ChildrenMemory } from './process-memory.ts'
import { sightTimes } from './sight-cost.ts'
import { sampleOf } from '../product/sample.ts'

const built = new URL('../../../server/dist/', import.meta.url)
const SCREENS = 6
const IMPORTS = 3
const REVEALS = 40
const DRAGS = 200
const WORDS_BEFORE = 300
const MB = 1e6

const LIMITS = {
  importMs: 10_000,
  slowdown: 1.5,
  encoderMB: 600,
  revealMs: 400,
  dragMs: 100,
  sightMs: 15,
  firstViewMs: 3_000,
  framesASecond: 50,
  chunkKB: 70,
}

export async function maps(): Promise<Section> {
  await buildServer(fileURLToPath(built))
  const environment = { UPLOADS_PER_HOUR: '10000', MEDIA_MIN_FREE_BYTES: '0' }
  await using product = await Product.start(environment, { main: new URL('start.js', built), isPinned: false })
  await using opened = new AsyncDisposableStack()
  const mapTable = fork(new URL('map-table.ts', import.meta.url))
  opened.defer(() => end(mapTable))
  const order = (one: Order) => ask<Answer>(mapTable, one)
  const { bytes = 0 } = await order(await sampleTable(product))
  const bystanders = await otherTable(product, opened)

  const before: number[] = []
  while (before.length < WORDS_BEFORE) await bystanders.word(before)
  const during: number[] = []
  const imports: number[] = []
  const peak = await (async () => {
    using memory = new ChildrenMemory(product.processId)
    let isOver = false
    const talking = (async () => {
      while (!isOver) await bystanders.word(during)
    })()
    while (imports.length < IMPORTS) imports.push((await order({ do: 'import' })).ms)
    isOver = true
    await talking
    return memory.peakBytes
  })()

  await order({ do: 'show' })
  // The first one starts the process that masks tiles.
  await order({ do: 'reveal' })
  const reveals = await timesOf(REVEALS, () => order({ do: 'reveal' }))
  const { tiles = 0, hidden = 0 } = await order({ do: 'look' })
  const drags = await timesOf(DRAGS, () => order({ do: 'drag' }))
  const sight = sightTimes()
  const page = await mapPage()
  const slowdown = quantile(during, 0.99) / quantile(before, 0.99)
  const megapixels = (SIDE * SIDE) / MB
  const peakMB = peak === null ? null : peak / MB
  return {
    title: 'Maps',
    text: `The whole server on SQLite, compiled ahead, on all cores together with its clients. A DM sends a map of ${SIDE.toLocaleString('en')} × ${SIDE.toLocaleString('en')} pixels (${megapixels.toFixed(0)} megapixels, a PNG of ${(bytes / MB).toFixed(0)} MB), ${IMPORTS} times. Meanwhile a DM of another table speaks every ${WORD_INTERVAL_MS} ms; a word is timed until a player of that table has it.\n\nThen the DM reveals ${REVEALS} rooms of eight tiles, one after the other, and ${SCREENS} players load the changed tiles; a room is timed until all have them. No tile was made before. ${DRAGS} gestures of a dragged token are timed until all players have each. Sight is that of six tokens among 500 walls, on a map of 4,096 × 4,096 pixels.\n\n${table(
      [
        ['', 'p50', 'p95', 'p99'],
        ['import, ms', ...percentiles(imports)],
        ["the other table's word without a map, ms", ...percentiles(before)],
        ["the other table's word meanwhile, ms", ...percentiles(during)],
        ['reveal of a room until six players have its tiles, ms', ...percentiles(reveals)],
        ['drag until it is with six players, ms', ...percentiles(drags)],
        ['sight after a move, ms', ...percentiles(sight.move)],
        ['sight of all six after a door, ms', ...percentiles(sight.everybody)],
      ],
    )}\n\nThe process that cuts the map takes ${peakMB === null ? 'an unknown amount of' : `at most ${peakMB.toFixed(0)} MB of`} memory. A player loaded ${tiles} tiles of all levels; ${hidden} of their pixels have a part of a hidden colour.\n\n${wordsOf(page)}`,
    targets: [
      atMost('Import of a map of 8,192 × 8,192 pixels, p95', LIMITS.importMs, quantile(imports, 0.95), 'ms'),
      atMost("Another table's word while a map is imported, p99 against without", LIMITS.slowdown, slowdown),
      atMost('Memory of the process that cuts a map', LIMITS.encoderMB, peakMB, 'MB'),
      atMost('Reveal of a room until six players have its tiles, p95', LIMITS.revealMs, quantile(reveals, 0.95), 'ms'),
      atMost('Drag of a token until it is with six players, p95', LIMITS.dragMs, quantile(drags, 0.95), 'ms'),
      atMost(
        'Sight of a party of six among 500 walls after a move, p95',
        LIMITS.sightMs,
        quantile(sight.move, 0.95),
        'ms',
      ),
      atMost('Pixels with a part of a hidden colour, in all tiles of a player', 0, hidden, ''),
      atMost('First view of a map at 1.5 Mbit/s and 300 ms', LIMITS.firstViewMs, page?.firstViewMs ?? null, 'ms'),
      atMost("JavaScript of the player's map, gzipped", LIMITS.chunkKB, page?.chunkKB ?? null, 'kB'),
      atMost(
        'A frame of a phone that pans a map with 50 tokens, on average',
        1_000 / LIMITS.framesASecond,
        page && 1_000 / page.framesASecond,
        'ms',
      ),
    ],
  }
}

function wordsOf(page: MapPageResult | null): string {
  if (!page) return 'Chromium is **not installed here**.'
  const { firstViewMs, chunkKB, framesASecond, tokens } = page
  return `A page of a player at 1.5 Mbit/s and 300 ms shows every tile of its view ${firstViewMs.toFixed(0)} ms after the DM shows a map; the code of maps (${chunkKB.toFixed(1)} kB gzipped) comes first. A phone with a quarter of the CPU pans a map with ${tokens} tokens at ${framesASecond.toFixed(0)} frames a second.`
}

async function timesOf(count: number, work: () => Promise<Answer>): Promise<number[]> {
  const times: number[] = []
  while (times.length < count) times.push((await work()).ms)
  return times
}

const percentiles = (times: readonly number[]): string[] =>
  [0.5, 0.95, 0.99].map((share) => quantile(times, share).toFixed(1))

async function sampleTable(product: Product): Promise<Order> {
  const dm = await product.join('DM', 'owner')
  const where = await sampleOf(product.client(dm))
  const players = await product.players(SCREENS)
  return { do: 'sit', port: product.port, ...where, dm, players, maps: IMPORTS }
}
