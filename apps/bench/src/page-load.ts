// Measures the bytes and the time until a player's page is live: real Chromium, the built pages, the whole server.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { type Browser, type BrowserContext, chromium } from '@playwright/test'
import { Product } from './product/product.ts'
import { layoutShift } from './layout-shift.ts'
import { offlinePage } from './offline-page.ts'
import { atMost, type Section } from './section.ts'
import { PHONE } from './phone.ts'
import { type SlowPhone, slowPhone, type StorageState } from './slow-phone.ts'
import { type PlayerInput, playerInput } from './player-input.ts'
import { SLOWED } from './slowed.ts'
import { median, table } from './statistics.ts'

const ROUNDS = 5
const UPDATES = 500
const MAX_SHIFT = 0.05
const MAX_JOIN_S = 2
const MAX_ENTRIES_S = 4
const LIMIT_KB = 100
const MAX_INPUT_MS = 100
const MAX_OFFLINE_S = 1

const WEB = fileURLToPath(new URL('../../web/', import.meta.url))
export const LAUNCH = [
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  '--disable-background-networking',
  '--disable-component-update',
]

type Page = { tablecast?: () => { hash: string | null }; document: { querySelector(selector: string): unknown } }

/** Runs in the page. The time when the page showed the live table; null before that. */
function liveAt(): number | null {
  const { tablecast, document } = globalThis as unknown as Page
  return tablecast?.().hash && document.querySelector('[role=log]') ? performance.now() : null
}

/** `gzipBytes`: the size of the scripts with gzip, even if the server sent them in another encoding. */
type Load = { gzipBytes: number; scriptBytes: number; allBytes: number; liveMs: number }

/** Null without Chromium on this machine. */
export function chromiumPath(): string | null {
  const candidates = [process.env['E2E_CHROMIUM'], chromium.executablePath(), '/usr/bin/chromium']
  return candidates.find((path) => path !== undefined && existsSync(path)) ?? null
}

export async function pageLoad(rounds = ROUNDS): Promise<Section> {
  const title = "The player's page"
  const what = "JavaScript of the player's page, gzipped"
  const executablePath = chromiumPath()
  if (!executablePath) {
    process.stderr.write('CHROMIUM IS NOT INSTALLED HERE: the page is left out\n')
    return { title, text: 'Chromium is **not installed here**.', targets: [atMost(what, LIMIT_KB, null, 'kB')] }
  }
  buildPages()
  await using product = await Product.start()
  const browser = await chromium.launch({ executablePath, args: LAUNCH })
  try {
    const context = await browser.newContext({ viewport: PHONE })
    const url = await takeSeat(context, `http://127.0.0.1:${product.port}`)
    const member = await context.storageState()
    const loads = new Map<number, Load[]>([1, SLOWED].map((slowed) => [slowed, []]))
    for (let round = 0; round <= rounds; round++)
      for (const [slowed, all] of loads) {
        const loaded = await load(browser, member, url, slowed)
        // The first round warms the server up.
        if (round > 0) all.push(loaded)
      }
    const phones: SlowPhone[] = []
    const { invite, roomName, dm } = await tableOf(product)
    for (let round = 0; round < rounds; round++) phones.push(await slowPhone(browser, invite, roomName))
    const open = await context.newPage()
    await open.goto(url)
    await open.getByTestId('entry').last().waitFor()
    const shift = await layoutShift(open, dm, UPDATES)
    await context.close()
    // A table of its own: the sample has one owner, who sits at the other already.
    await using fight = await Product.start()
    const input = await playerInput(browser, fight)
    const offline = await offlinePage(browser, rounds)
    const of = (slowed: number, key: keyof Load) => median((loads.get(slowed) ?? []).map((one) => one[key]))
    const phone = (key: keyof SlowPhone) => median(phones.map((one) => one[key])) / 1_000
    const kB = (bytes: number) => (bytes / 1_000).toFixed(1)
    return {
      title,
      text: `A player of the table opens it in Chromium with an empty cache. It is live when it shows the state of the table and follows it. Median of ${rounds} loads each.\n\n${table(
        [
          [
            'JavaScript, gzipped, kB',
            'as it is sent, kB',
            'everything, as it is sent, kB',
            'until live, ms',
            `until live at 1/${SLOWED} of the CPU, ms`,
          ],
          [
            kB(of(1, 'gzipBytes')),
            kB(of(1, 'scriptBytes')),
            kB(of(1, 'allBytes')),
            of(1, 'liveMs').toFixed(0),
            of(SLOWED, 'liveMs').toFixed(0),
          ],
        ],
      )}\n\nA phone with an empty cache on a bad line: 60 kB/s, 300 ms to the server, 1/${SLOWED} of the CPU. First an invite, then the room of a member. Median of ${rounds} visits each.\n\n${table(
        [
          [
            'first content, s',
            "room's name and working join button, s",
            'table, if the button is pressed then, s',
            'newest entries and message box of a member, s',
          ],
          [phone('firstContentMs'), phone('joinMs'), phone('seatedMs'), phone('entriesMs')].map((s) => s.toFixed(2)),
        ],
      )}\n\nThe offline page of a phone at 1/${SLOWED} of the CPU, when nothing answers and its service worker has to start: ${offline.map((ms) => ms.toFixed(0)).join(', ')} ms until it is painted.\n\nLayout shift of an open page over ${UPDATES} updates (words, hit points, turns): ${shift.toFixed(4)}.\n\n${inputInWords(input)}`,
      targets: [
        atMost(what, LIMIT_KB, of(1, 'gzipBytes') / 1_000, 'kB'),
        atMost("Slow phone, room's name and working join button", MAX_JOIN_S, phone('joinMs'), 's'),
        atMost('Slow phone, newest entries and message box', MAX_ENTRIES_S, phone('entriesMs'), 's'),
        atMost(
          'Phone without a server, offline page painted, slowest',
          MAX_OFFLINE_S,
          Math.max(...offline) / 1_000,
          's',
        ),
        atMost('Phone in a fight, from an input to the next picture, p95', MAX_INPUT_MS, input.p95, 'ms'),
        atMost(`Layout shift over ${UPDATES} updates`, MAX_SHIFT, shift, ''),
      ],
    }
  } finally {
    await browser.close()
  }
}

const inputInWords = ({ inputs, p50, p95, longest, entries }: PlayerInput): string =>
  `A phone at 1/${SLOWED} of the CPU whose page holds ${entries} entries. A fight with a map goes on, with about four changes a second. The player types words and looks from one part of the table to the next. Timed by Chromium from an input until the next picture, in steps of 8 ms; an input that takes less than 16 ms counts as 16.\n\n${table(
    [['inputs', 'p50, ms', 'p95, ms', 'longest, ms'], [inputs, p50, p95, longest].map(String)],
  )}`

export function buildPages(): void {
  const vite = fileURLToPath(new URL('node_modules/.bin/vite', `file://${WEB}`))
  const { status, stderr } = spawnSync(vite, ['build', '--logLevel', 'error'], { cwd: WEB, encoding: 'utf8' })
  if (status !== 0) throw new Error(`the pages were not built: ${stderr}`)
}

/** The network of the player. */
async function takeSeat(context: BrowserContext, url: string): Promise<string> {
  const page = await context.newPage()
  await page.goto(url)
  await page.getByRole('button', { name: 'Open the sample as player' }).click()
  await page.getByRole('log').first().waitFor()
  const address = page.url()
  await page.close()
  return address
}

/** The invite for players of the sample room, and a DM of it. */
async function tableOf(product: Product) {
  const url = `http://127.0.0.1:${product.port}`
  const { sample } = await product.client().auth.config.query()
  const dm = product.client(await product.join('Dee', 'owner'))
  const { room } = await dm.rooms.get.query({ roomId: 'main' })
  return { invite: `${url}/join/${sample?.playerCode ?? ''}`, roomName: room.name, dm }
}

/** In a browser with an empty cache. */
async function load(browser: Browser, member: StorageState, url: string, slowed: number): Promise<Load> {
  await using context = await browser.newContext({ viewport: PHONE, storageState: member })
  const page = await context.newPage()
  const devtools = await context.newCDPSession(page)
  await devtools.send('Network.enable')
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: slowed })
  const kinds = new Map<string, string>()
  const loaded: Load = { gzipBytes: 0, scriptBytes: 0, allBytes: 0, liveMs: 0 }
  devtools.on('Network.responseReceived', ({ requestId, type }) => kinds.set(requestId, type))
  devtools.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    loaded.allBytes += encodedDataLength
    if (kinds.get(requestId) === 'Script') loaded.scriptBytes += encodedDataLength
  })
  const scripts: Promise<Buffer>[] = []
  page.on('response', (response) => {
    if (response.request().resourceType() === 'script') scripts.push(response.body())
  })
  await page.goto(url)
  const live = await page.waitForFunction(liveAt)
  loaded.liveMs = (await live.jsonValue()) ?? 0
  // Counts also the files that the page fetches by itself right after it is live.
  await page.waitForLoadState('networkidle')
  for (const body of await Promise.all(scripts)) loaded.gzipBytes += gzipSync(body).length
  return loaded
}
