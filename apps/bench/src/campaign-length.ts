// Whether an update costs the same in a campaign's first hour and in its second year.
import { type NarrativeEntry } from '@tablecast/contracts'
import { createScribe, cryptoDice } from '@tablecast/narrator'
import { Orchestrator, sampleCampaign } from '@tablecast/orchestrator'
import { openStore } from '@tablecast/store'
import { temporaryFolder } from '@tablecast/testing'
import { median, table } from './statistics.ts'

const ROUNDS = 9
const UPDATES = 100
const actor = { id: 'dm', name: 'DM', role: 'dm' } as const

type Campaign = { update(): Promise<void>; bytes(): number; close(): Promise<void> }

export async function campaignLength(): Promise<void> {
  const [short, long] = [await open(10), await open(10_000)]
  const cost = { short: [] as number[], long: [] as number[] }
  for (let round = 0; round <= ROUNDS; round++)
    for (const [name, campaign] of [
      ['short', short],
      ['long', long],
    ] as const) {
      const before = process.cpuUsage()
      for (let count = 0; count < UPDATES; count++) await campaign.update()
      const { user, system } = process.cpuUsage(before)
      if (round > 0) cost[name].push((user + system) / UPDATES)
    }
  const ratio = median(cost.long.map((value, round) => value / (cost.short[round] ?? value)))
  const row = (name: string, campaign: Campaign, costs: number[]) => [
    name,
    String(campaign.bytes()),
    median(costs).toFixed(0),
  ]
  process.stdout.write(
    `\nOne update (\`/hp\`, committed to SQLite, encoded for both audiences), median of ${ROUNDS} rounds of ${UPDATES}\n\n${table(
      [
        ['entries', 'bytes to a player', 'CPU µs'],
        row('10', short, cost.short),
        row('10,000', long, cost.long),
        ['ratio', (long.bytes() / short.bytes()).toFixed(2), ratio.toFixed(2)],
      ],
    )}\n`,
  )
  await short.close()
  await long.close()
}

async function open(length: number): Promise<Campaign> {
  const folder = await temporaryFolder()
  const store = await openStore({ dataDir: folder.path })
  let bytes = 0
  let keys = 0
  const newKey = () => `bench-${String(++keys).padStart(8, '0')}`
  const orchestrator = new Orchestrator({
    store,
    narrator: createScribe({ dice: cryptoDice() }),
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
  const entries = Array.from({ length }, (_, place): NarrativeEntry => ({
    id: `e${place}`,
    at,
    kind: 'narration',
    author: actor,
    text: `Entry ${place}. `.repeat(20),
    rolls: [],
    audience: 'all',
    withdrawn: false,
  }))
  const { id } = await orchestrator.createCampaign({ roomId, actor, key: newKey(), name, state, entries })
  await orchestrator.activateCampaign({ roomId, actor, key: newKey(), campaignId: id })
  let isDown = false
  return {
    async update() {
      isDown = !isDown
      await orchestrator.processChatMessage({
        roomId,
        actor,
        key: newKey(),
        message: isDown ? '/hp Mira -5' : '/hp Mira +5',
      })
    },
    bytes: () => bytes,
    async close() {
      await store[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
}
