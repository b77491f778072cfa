import { pastOf, sampleMarket } from '@tablecast/market-sim'
import type { Store } from '@tablecast/store'

/** Fills an empty market with the sample, including candles of the last two weeks. */
export async function ensureSampleMarket(store: Store, seed: number, now: Date = new Date()): Promise<void> {
  await store.write(async ({ locks, sectors, agents, discussions, candles }) => {
    // Several nodes may start at the same time.
    await locks.hold('sample-market')
    if ((await sectors.list({ limit: 1 })).length > 0) return
    const at = now.toISOString()
    const stamps = { version: 1, createdAt: at, updatedAt: at }
    for (const [index, sector] of sampleMarket.sectors.entries()) {
      const { id, name, description, base } = sector
      const past = pastOf(sector, now.getTime(), seed + index)
      await sectors.insert({ id, name, description, value: past.at(-1)?.value ?? base, ...stamps })
      await candles.put(past.map((candle) => ({ ...candle, sectorId: id })))
    }
    for (const { id, name, description, sectorId } of sampleMarket.agents)
      await agents.insert({ id, name, description, sectorId, status: 'idle', ...stamps })
    for (const discussion of sampleMarket.discussions)
      await discussions.insert({ ...discussion, ownerId: null, ...stamps })
  })
}
