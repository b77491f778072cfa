// A show: a crowd watches one room of one node. It joins by an invite, the server is killed and started again, and the DM speaks, first
// to watchers who all read, and then with slow phones among them.
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { buildServer } from '@tablecast/server/build'
import { CLIENT_CORE, keepToCore } from '../cores.ts'
import type { Cost, Memory } from '../probe.ts'
import { Product } from '../product/product.ts'
import { atMost, type Section } from '../section.ts'
import { median, quantile, table } from '../statistics.ts'
import { Crowd } from './crowd.ts'
import { mustHaveFiles } from './open-files.ts'
import { showPreset } from './preset.ts'
import type { Live } from './watcher.ts'
import type { Came, Words } from './watchers.ts'

const built = new URL('../../../server/dist/', import.meta.url)
const WATCHERS = 10_000
const PROCESSES = 4
const RESTARTS = 3
const WORDS = 20
const WORD_INTERVAL_MS = 1_000
/** The share of slow phones in the second round of words. */
const SLOW_SHARE = 0.1
const WORD_MARK = 'word-at-'
const RETURN_TIMEOUT_MS = 180_000

export type ShowOptions = {
  watchers: number
  processes: number
  restarts: number
  words: number
  wordIntervalMs: number
  /** The file that starts the server; from its sources by default. */
  main?: URL
}

type Step = { live: Came; beganAt: number; cpuMs: number }
export type ShowResult = {
  join: Step
  /** `readyAt`: when the server listened again. */
  returns: (Step & { readyAt: number })[]
  words: Words
  wordsWithSlow: Words
  wordCpuMs: number
  memory: { empty: Memory; full: Memory; afterSlow: Memory }
}

/** With the documented limits, and all watchers from one address. Throws where the machine lets a process open too few files. */
export async function playShow(options: ShowOptions): Promise<ShowResult> {
  const { watchers, processes, restarts, words, wordIntervalMs, main } = options
  mustHaveFiles(watchers)
  await using product = await Product.start({}, { limits: showPreset(), ...(main && { main }) })
  const dm = product.client(await product.join('DM', 'owner'))
  const { invites } = await dm.rooms.get.query({ roomId: 'main' })
  const invite = invites.find(({ role }) => role === 'spectator')?.code ?? ''
  await using crowd = new Crowd(processes)
  const empty = await product.memory()

  const measured = async (work: () => Promise<Came>) => {
    const beganAt = Date.now()
    const before = (await product.cost()).cpuMs
    const live = await work()
    return { beganAt, live, cpuMs: (await product.cost()).cpuMs - before }
  }
  const say = (message: string) => dm.campaign.say.mutate({ roomId: 'main', key: product.key(), message })
  const speak = async () => {
    await crowd.listen(WORD_MARK)
    for (let n = 0; n < words; n++) {
      const next = performance.now() + wordIntervalMs
      await say(`${WORD_MARK}${Date.now()} the bell tolls once more, and the crowd falls silent`)
      await pause(Math.max(0, next - performance.now()))
    }
    return crowd.heard(words)
  }

  const join = await measured(() => crowd.join(product.port, invite, watchers))
  const full = await product.memory()
  const returns: ShowResult['returns'] = []
  for (let round = 0; round < restarts; round++) {
    const text = `back-again-${round}`
    await crowd.expect(text)
    const beganAt = Date.now()
    await product.restart()
    const readyAt = Date.now()
    await say(text)
    const live = await crowd.returned(RETURN_TIMEOUT_MS)
    returns.push({ beganAt, readyAt, live, cpuMs: (await product.cost()).cpuMs })
  }
  const cost = async (): Promise<Cost['cpuMs']> => (await product.cost()).cpuMs
  const before = await cost()
  const heard = await speak()
  const wordCpuMs = ((await cost()) - before) / words
  await crowd.slowDown(Math.round(watchers * SLOW_SHARE))
  const wordsWithSlow = await speak()
  return {
    join,
    returns,
    words: heard,
    wordsWithSlow,
    wordCpuMs,
    memory: { empty, full, afterSlow: await product.memory() },
  }
}

export async function show(watchers = WATCHERS): Promise<Section> {
  using _pinned = keepToCore(CLIENT_CORE)
  await buildServer(fileURLToPath(built))
  const result = await playShow({
    watchers,
    processes: PROCESSES,
    restarts: RESTARTS,
    words: WORDS,
    wordIntervalMs: WORD_INTERVAL_MS,
    main: new URL('start.js', built),
  })
  const { join, returns, words, wordsWithSlow, memory } = result
  const joined = secondsUntil(join.live.lives, join.beganAt)
  const back = returns.map((one) => ({ ...one, all: secondsUntil(one.live.lives, one.beganAt) }))
  const slowest = back.toSorted((a, b) => b.all - a.all)[0]
  const many = watchers.toLocaleString('en')
  const rowOf = (name: string, { live, beganAt, cpuMs }: Step) => [
    name,
    quantile(secondsOf(live.lives, beganAt), 0.5).toFixed(1),
    secondsUntil(live.lives, beganAt).toFixed(1),
    (cpuMs / 1_000).toFixed(1),
    kB(median(live.lives.map(({ bytes }) => bytes))),
    kB(Math.max(...live.lives.map(({ bytes }) => bytes))),
    String(live.lives.filter(({ hadSnapshot }) => hadSnapshot).length),
    String(live.refused),
    String(live.missing),
  ]
  const MB = (bytes: number) => (bytes / 2 ** 20).toFixed(0)
  const wordRow = (name: string, { delaysMs, missing }: Words) => [
    name,
    quantile(delaysMs, 0.5).toFixed(0),
    quantile(delaysMs, 0.99).toFixed(0),
    String(missing),
  ]
  return {
    title: 'A show',
    text: `${many} watchers of one room on one node, with the [preset of the limits for a show](operations.md#a-show), in ${PROCESSES} processes. Each is a guest who comes in by the spectators' invite, over HTTP, and then follows the room as a page does, with four streams on a WebSocket. A watcher is live when it has the room's events and the roster.\n\nThen the server is killed and started again on its data, ${RESTARTS} times, without a word to its clients; a watcher tries again after 0.25 s to 4 s, as a page does, and is live when it has the word that the DM spoke after the start. Seconds count from the first join, and from the kill.\n\n${table(
      [
        [
          '',
          '50 % live, s',
          'all live, s',
          'CPU of the server, s',
          'kB until live',
          'kB at most',
          'snapshots',
          'tries in vain',
          'never came in',
        ],
        rowOf('join', join),
        ...returns.map((one, n) => rowOf(`restart ${n + 1}`, one)),
      ],
    )}\n\nThe DM speaks ${WORDS} times, one word each ${WORD_INTERVAL_MS / 1_000} s. A word is timed from the DM's call until a watcher's process has read it. In the second row ${SLOW_SHARE * 100} % of the watchers are slow phones, which read 512 bytes a second, and are not counted. A word costs the server ${result.wordCpuMs.toFixed(0)} ms of CPU time, with all that the crowd sends meanwhile.\n\n${table(
      [
        ['watchers', 'p50, ms', 'p99, ms', 'never heard'],
        wordRow('all read', words),
        wordRow('slow phones among them', wordsWithSlow),
      ],
    )}\n\nThe server's memory: ${MB(memory.empty.resident)} MB empty, ${MB(memory.full.resident)} MB with everybody, ${MB(memory.afterSlow.resident)} MB after the slow phones, each after garbage collection; ${MB(memory.full.peak)} MB at most while they joined, ${MB(memory.afterSlow.peak)} MB at most while they came back.`,
    targets: [
      atMost(`${many} watchers join one room`, 30, joined, 's'),
      atMost(`${many} watchers are live again after a kill`, 10, slowest?.all ?? null, 's'),
      // Generator and server may share the cores of a small machine. The server's own CPU time tells whether one core is enough.
      atMost(`CPU of the server until ${many} watchers have joined`, 30, join.cpuMs / 1_000, 's'),
      atMost(
        `CPU of the server from its start until ${many} watchers are live again`,
        10,
        Math.max(...returns.map(({ cpuMs }) => cpuMs)) / 1_000,
        's',
      ),
      atMost(
        'Bytes of a watcher until it is live again',
        64,
        Math.max(...returns.flatMap(({ live }) => live.lives.map(({ bytes }) => bytes))) / 1_000,
        'kB',
      ),
      atMost(`The DM's word to ${many} watchers, p99`, 250, quantile(words.delaysMs, 0.99), 'ms'),
      atMost('The same with slow phones among them', 250, quantile(wordsWithSlow.delaysMs, 0.99), 'ms'),
    ],
  }
}

const kB = (bytes: number): string => (bytes / 1_000).toFixed(1)

const secondsOf = (lives: readonly Live[], beganAt: number): number[] => lives.map(({ at }) => (at - beganAt) / 1_000)

const secondsUntil = (lives: readonly Live[], beganAt: number): number =>
  secondsOf(lives, beganAt).reduce((most, one) => Math.max(most, one), 0)
