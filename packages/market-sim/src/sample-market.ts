// The market of a new server.

/** `base`: the value that it comes back to. `volatility`: its standard deviation in an hour, as a part of the value. */
export type SampleSector = { id: string; name: string; description: string; base: number; volatility: number }

/** `style`: what kind of things it says. */
export type SampleAgent = {
  id: string
  name: string
  description: string
  sectorId: string
  style: 'momentum' | 'contrarian' | 'value'
}

export const sampleMarket: {
  sectors: readonly SampleSector[]
  agents: readonly SampleAgent[]
  discussions: readonly { id: string; title: string; sectorId: string | null }[]
} = {
  sectors: [
    {
      id: 'tech-001',
      name: 'Automata',
      description: 'Clockwork, golems, thinking engines',
      base: 1_250,
      volatility: 0.05,
    },
    {
      id: 'energy-001',
      name: 'Ley lines',
      description: 'Wells, conduits, bottled lightning',
      base: 840,
      volatility: 0.04,
    },
    { id: 'health-001', name: 'Alchemy', description: 'Potions, reagents, antidotes', base: 615, volatility: 0.03 },
    {
      id: 'finance-001',
      name: 'Counting houses',
      description: 'Coin, letters of credit, ransom bonds',
      base: 2_100,
      volatility: 0.02,
    },
    {
      id: 'shipping-001',
      name: 'Caravans and ships',
      description: 'Freight, tolls, wind futures',
      base: 430,
      volatility: 0.045,
    },
    {
      id: 'ore-001',
      name: 'Mithril and ore',
      description: 'Mines, smelters, dragon hoards',
      base: 1_720,
      volatility: 0.06,
    },
  ],
  agents: [
    {
      id: 'agent-789',
      name: 'TradingBot',
      description: 'Follows what moves.',
      sectorId: 'tech-001',
      style: 'momentum',
    },
    {
      id: 'agent-101',
      name: 'Old Marrow',
      description: 'Has seen every crash since the Flood.',
      sectorId: 'ore-001',
      style: 'value',
    },
    {
      id: 'agent-102',
      name: 'Brindle & Daughters',
      description: 'Buys what others throw away.',
      sectorId: 'shipping-001',
      style: 'contrarian',
    },
    {
      id: 'agent-103',
      name: 'The Ninth Ledger',
      description: 'Counts, then counts again.',
      sectorId: 'finance-001',
      style: 'value',
    },
    {
      id: 'agent-104',
      name: 'Quicksilver',
      description: 'First in, first out.',
      sectorId: 'health-001',
      style: 'momentum',
    },
    {
      id: 'agent-105',
      name: 'Stormcaller Ysolde',
      description: 'Reads the weather and the books.',
      sectorId: 'energy-001',
      style: 'contrarian',
    },
    {
      id: 'agent-106',
      name: 'Gearwright Pell',
      description: 'Builds half of what is traded.',
      sectorId: 'tech-001',
      style: 'value',
    },
  ],
  discussions: [
    { id: 'disc-123', title: 'The trading floor', sectorId: null },
    { id: 'disc-124', title: 'Automata: boom or bubble?', sectorId: 'tech-001' },
    { id: 'disc-125', title: 'Is the mountain empty?', sectorId: 'ore-001' },
  ],
}
