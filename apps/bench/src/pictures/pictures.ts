// Measures a photo from the moment in which a DM drops it until three players' screens have it whole, and what that costs another table.
import { fork } from 'node:child_process'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { buildServer } from '@tablecast/server/build'
import { ask, end, yieldCores } from '../child.ts'
import { otherTable, WORD_INTERVAL_MS } from '../other-table.ts'
import { Product } from '../product/product.ts'
import { atMost, type Section } from '../section.ts'
import { quantile, table } from '../statistics.ts'
import type { Drop, Seated, Seen, Sit } from './photo-table.ts'
import { sampleOf } from '../product/sample.ts'

const built = new URL('../../../server/dist/', import.meta.url)
const SCREENS = 3
const UPLOADS = 100
const WORDS_BEFORE = 600
const MAX_SEEN_MS = 1_000
const MAX_SLOWDOWN = 1.5
const MAX_GROWTH_MB = 30
/** The encoder ends after a minute without a picture. */
const IDLE_MS = 70_000
const MB = 2 ** 20

export async function pictures(): Promise<Section> {
  await buildServer(fileURLToPath(built))
  const environment = { UPLOADS_PER_HOUR: '10000', MEDIA_MIN_FREE_BYTES: '0' }
  await using product = await Product.start(environment, { main: new URL('start.js', built), isPinned: false })
  await using opened = new AsyncDisposableStack()
  const photoTable = fork(new URL('photo-table.ts', import.meta.url))
  opened.defer(() => end(photoTable))
  yieldCores(photoTable)
  const seated = await ask<Seated>(photoTable, await sampleTable(product))
  const bystanders = await otherTable(product, opened)

  const before: number[] = []
  while (before.length < WORDS_BEFORE) await bystanders.word(before)
  const empty = await product.memory()
  await product.loopDelay()
  const during: number[] = []
  let isOver = false
  const talking = (async () => {
    while (!isOver) await bystanders.word(during)
  })()
  const times: number[] = []
  while (times.length < UPLOADS) {
    const { ms } = await ask<Seen>(photoTable, { do: 'drop' } satisfies Drop)
    times.push(ms)
  }
  isOver = true
  await talking
  const delay = await product.loopDelay()
  await pause(IDLE_MS)
  const after = await product.memory()
  const growthMB = (after.resident - empty.resident) / MB
  const slowdown = quantile(during, 0.99) / quantile(before, 0.99)
  return {
    title: 'Pictures',
    text: `The whole server on SQLite, compiled ahead, on all cores together with its clients. A DM drops a photo of ${(seated.bytes / 1e6).toFixed(1)} MB with ${seated.megapixels.toFixed(0)} megapixels, and shows it to everyone; ${SCREENS} players load it at its full size as soon as it is in their view. It is timed from the drop until all have it, ${UPLOADS} times.\n\nMeanwhile a DM of another table speaks every ${WORD_INTERVAL_MS} ms; a word is timed until a player of that table has it. Each table's clients are a process of their own, and that of the photos has a low priority, because its clients stand for other machines. Memory is that of the server's process, after garbage collection, before the first photo and ${IDLE_MS / 1_000} s after the last.\n\n${table(
      [
        ['', 'p50', 'p95', 'p99'],
        ['from the drop until all three have it, ms', ...percentiles(times)],
        ["the other table's word without pictures, ms", ...percentiles(before)],
        ["the other table's word meanwhile, ms", ...percentiles(during)],
      ],
    )}\n\nThe server's event loop meanwhile: at most ${delay.maxMs.toFixed(0)} ms late, p99 ${delay.p99Ms.toFixed(0)} ms. The server's memory: ${(empty.resident / MB).toFixed(0)} MB before, ${(after.resident / MB).toFixed(0)} MB after ${UPLOADS} photos.`,
    targets: [
      atMost('From the drop of a photo until three players have it, p95', MAX_SEEN_MS, quantile(times, 0.95), 'ms'),
      atMost("Another table's word while photos are read, p99 against without", MAX_SLOWDOWN, slowdown),
      atMost(`The server's memory after ${UPLOADS} photos, more than before`, MAX_GROWTH_MB, growthMB, 'MB'),
    ],
  }
}

const percentiles = (times: readonly number[]): string[] =>
  [0.5, 0.95, 0.99].map((share) => quantile(times, share).toFixed(share === 0.5 ? 1 : 0))

/** The sample room, with a DM and players. */
async function sampleTable(product: Product): Promise<Sit> {
  const dm = await product.join('DM', 'owner')
  const where = await sampleOf(product.client(dm))
  return { do: 'sit', port: product.port, ...where, dm, players: await product.players(SCREENS) }
}
