// Compares the cost of an update in a campaign's first hour and in its second year.
import { createScribe } from '@tablecast/narrator'
import { Orchestrator, sampleCampaign, trustedCaller } from '@tablecast/orchestrator'
import { openStore } from '@tablecast/store'
import { temporaryFolder } from '@tablecast/testing'
import { narration } from './narration.ts'
import { atMost, type Section } from './section.ts'
import { median, table } from './statistics.ts'

const ROUNDS = 9
const UPDATES = 100
const LENGTHS = [10, 1_000, 100_000]
/** The first load brings the newest entries only. From this number on a campaign has more. */
const FULL = 1_000
const actor = { id: 'dm', name: 'DM', role: 'dm' } as const
const caller = trustedCaller(actor)

type Campaign = { update(): Promise<void>; bytes(): number; firstLoad(): Promise<number>; close(): Promise<void> }
type Measured = { length: number; bytes: number; cpuUs: number[]; firstBytes: number; firstCpuUs: number[] }

export async function campaignLength(): Promise<Section> {
  const campaigns: (Measured & { campaign: Campaign })[] = []
  for (const length of LENGTHS)
    campaigns.push({ length, campaign: await open(length), bytes: 0, cpuUs: [], firstBytes: 0, firstCpuUs: [] })
  for (let round = 0; round <= ROUNDS; round++)
    for (const measured of campaigns) {
      const { campaign } = measured
      const update = await cpuUsOf(campaign.update)
      const first = await cpuUsOf(async () => {
        measured.firstBytes = await campaign.firstLoad()
      })
      measured.bytes = campaign.bytes()
      // The first round warms up.
      if (round === 0) continue
      measured.cpuUs.push(update)
      measured.firstCpuUs.push(first)
    }
  for (const { campaign } of campaigns) await campaign.close()
  return section(campaigns)
}

async function cpuUsOf(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage()
  for (let count = 0; count < UPDATES; count++) await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / UPDATES
}

function section(campaigns: readonly Measured[]): Section {
  const of = (length: number) => campaigns.find((campaign) => campaign.length === length)
  const [short, full, long] = [of(Math.min(...LENGTHS)), of(FULL), of(Math.max(...LENGTHS))]
  if (!short || !full || !long) throw new Error('three lengths are compared')
  const ratio = (own: number[], others: number[]) => median(own.map((value, round) => value / (others[round] ?? value)))
  const named = (length: number) => length.toLocaleString('en')
  const against = (measured: Measured) => `${named(long.length)} entries against ${named(measured.length)}`
  return {
    title: 'Cost against the length of a campaign',
    text: `One update (\`/hp\`, committed to SQLite, encoded for both audiences) and one first load of a player, median of ${ROUNDS} rounds of ${UPDATES}; a first load brings the newest entries only.\n\n${table(
      [
        ['entries', 'update, bytes', 'update, CPU µs', 'first load, bytes', 'first load, CPU µs'],
        ...campaigns.map(({ length, bytes, cpuUs, firstBytes, firstCpuUs }) => [
          named(length),
          bytes.toLocaleString('en'),
          median(cpuUs).toFixed(0),
          firstBytes.toLocaleString('en'),
          median(firstCpuUs).toFixed(0),
        ]),
      ],
    )}`,
    targets: [
      atMost(`Bytes of an update, ${against(short)}`, 1.1, long.bytes / short.bytes),
      atMost(`CPU of an update, ${against(short)}`, 1.1, ratio(long.cpuUs, short.cpuUs)),
      atMost(`Bytes of a first load, ${against(full)}`, 1.1, long.firstBytes / full.firstBytes),
      atMost(`CPU of a first load, ${against(full)}`, 1.1, ratio(long.firstCpuUs, full.firstCpuUs)),
    ],
  }
}

async function open(length: number): Promise<Campaign> {
  const folder = await temporaryFolder()
  const store = await openStore({ dataDir: folder.path })
  let bytes = 0
  let keys = 0
  const newKey = () => `bench-${String(++keys).padStart(8, '0')}`
  const orchestrator = new Orchestrator({
    store,
    narrator: createScribe(),
    broadcaster: {
      broadcast({ streamId, text }) {
        if (streamId.endsWith(':player')) bytes = text.length
      },
    },
  })
  const roomId = 'bench'
  const at = new Date().toISOString()
  await store.write(({ rooms }) => rooms.insert({ id: roomId, name: 'Bench', activeCampaignId: null, createdAt: at }))
  const { name, state } = sampleCampaign(new Date())
  const entries = narration(length, actor, at)
  const { id } = await orchestrator.library.create({ roomId, caller, input: null, key: newKey(), name, state, entries })
  await orchestrator.activateCampaign({ roomId, caller, input: null, key: newKey(), campaignId: id })
  let isDown = false
  return {
    async update() {
      isDown = !isDown
      await orchestrator.processChatMessage({
        roomId,
        caller,
        input: isDown,
        key: newKey(),
        message: isDown ? '/hp Mira -5' : '/hp Mira +5',
      })
    },
    bytes: () => bytes,
    async firstLoad() {
      const answer = await orchestrator.eventsAfter(roomId, 'player', null)
      return answer.kind === 'snapshot' ? Buffer.byteLength(answer.text) : 0
    },
    async close() {
      await store[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
}
