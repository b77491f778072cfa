// The market's publish helpers, a sample market, and a simulator that makes it move.
export { Chance } from './chance.ts'
export {
  createPublishers,
  immediatePublishersOn,
  type MarketPublishers,
  publishersOn,
  type SendMarketMessage,
  UnfitMarketMessage,
} from './publish.ts'
export { pastOf } from './past.ts'
export { sampleMarket } from './sample-market.ts'
export { startSimulator } from './simulator.ts'
export { MarketWorld } from './world.ts'
