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
export { type SampleAgent, sampleMarket, type SampleSector } from './sample-market.ts'
export { startSimulator, type SimulatorParts } from './simulator.ts'
export { MarketWorld, type WorldParts } from './world.ts'
