// The stages of this server, in the order in which they open. A new one stands in this list, and nowhere else but in the router.
import type { Config } from '../config.ts'
import type { Host } from '../host.ts'
import { openArena } from './arena/index.ts'
import { type CampaignOptions, openCampaign } from './campaign/index.ts'
import { openMarket } from './market/index.ts'
import { openSignals } from './signals/index.ts'
import { openTopics } from './topics/index.ts'

export type Stages = Awaited<ReturnType<typeof openStages>>

export type StagesOptions = CampaignOptions

export async function openStages(host: Host, config: Config, options: StagesOptions = {}) {
  await using opened = new AsyncDisposableStack()
  const open = {
    campaign: opened.use(await openCampaign(host, config, options)),
    arena: opened.use(await openArena(host, config)),
    topics: opened.use(await openTopics(host, config)),
    signals: opened.use(await openSignals(host, config)),
    market: opened.use(await openMarket(host, config)),
  }
  const owned = opened.move()
  return { ...open, all: Object.values(open), [Symbol.asyncDispose]: () => owned.disposeAsync() }
}
