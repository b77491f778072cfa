// The cost of a change in a fight of a hundred creatures, side by side with one of ten.
import type { CampaignState, Character } from '@tablecast/contracts'
import { createScribe } from '@tablecast/narrator'
import { Orchestrator, sampleCampaign, trustedCaller } from '@tablecast/orchestrator'
import { openStore } from '@tablecast/store'
import { temporaryFolder } from '@tablecast/testing'
import { narration } from './narration.ts'
import { atMost, type Section } from './section.ts'
import { median, table } from './statistics.ts'

const ENTRIES = 100_000
const FEW = 10
const MANY = 100
const ROUNDS = 15
const CHANGES = 100

const actor = { id: 'dm', name: 'DM', role: 'dm' } as const
const caller = trustedCaller(actor)
const roomId = 'bench'

/** A change is one `damage`, committed to SQLite in a file and encoded for both audiences, in a campaign of 100,000 entries. */
export async function fightsCpu(): Promise<Section> {
  await using few = await openFight(FEW)
  await using many = await openFight(MANY)
  const rounds: { few: number; many: number }[] = []
  for (let round = 0; round <= ROUNDS; round++) {
    const both = { few: await cpuUsOf(few.change), many: await cpuUsOf(many.change) }
    // The first round warms up.
    if (round > 0) rounds.push(both)
  }
  const row = (creatures: number, bytes: number, cpuUs: number[]) => [
    String(creatures),
    bytes.toLocaleString('en'),
    median(cpuUs).toFixed(0),
  ]
  const against = `${MANY} creatures against ${FEW}`
  return {
    title: 'Cost of a change in a fight against its creatures',
    text: `One \`damage\`, committed to SQLite and encoded for both audiences, in campaigns of ${ENTRIES.toLocaleString('en')} entries, median of ${ROUNDS} rounds of ${CHANGES}.\n\n${table(
      [
        ['creatures', 'change, bytes', 'change, CPU µs'],
        row(
          FEW,
          few.bytes(),
          rounds.map((round) => round.few),
        ),
        row(
          MANY,
          many.bytes(),
          rounds.map((round) => round.many),
        ),
      ],
    )}`,
    targets: [
      atMost(`Bytes of a change, ${against}`, 1.1, many.bytes() / few.bytes()),
      atMost(`CPU of a change, ${against}`, 1.1, median(rounds.map((round) => round.many / round.few))),
    ],
  }
}

async function cpuUsOf(change: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage()
  for (let count = 0; count < CHANGES; count++) await change()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / CHANGES
}

async function openFight(creatures: number) {
  const folder = await temporaryFolder()
  const store = await openStore({ dataDir: folder.path })
  const sent: string[] = []
  const orchestrator = new Orchestrator({
    store,
    narrator: createScribe(),
    broadcaster: { broadcast: ({ text }) => void sent.push(text) },
  })
  let keys = 0
  const request = () => ({ roomId, caller, input: null, key: `bench-${String(++keys).padStart(8, '0')}` })
  const at = new Date().toISOString()
  await store.write(({ rooms }) => rooms.insert({ id: roomId, name: 'Bench', activeCampaignId: null, createdAt: at }))
  const { id: campaignId } = await orchestrator.library.create({
    ...request(),
    name: 'Bench',
    state: stateOf(creatures),
    entries: narration(ENTRIES, actor, at),
  })
  await orchestrator.activateCampaign({ ...request(), campaignId })
  let count = 0
  return {
    async change() {
      sent.length = 0
      // Every fighter in turn, so that the place in the list does not count.
      const id = idOf((count++ * 7) % creatures)
      await orchestrator.fights.operate({
        ...request(),
        campaignId,
        operation: { type: 'damage', targets: [{ id, take: 'all' }], amount: 1, critical: false },
      })
    },
    bytes: () => sent.reduce((sum, text) => sum + Buffer.byteLength(text), 0),
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]()
      await folder[Symbol.asyncDispose]()
    },
  }
}

/** As long as the ids that the server makes. */
const idOf = (index: number): string => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`

/** A fight in its third round: creatures with figures as the bestiary gives them. */
function stateOf(creatures: number): CampaignState {
  const { state } = sampleCampaign(new Date())
  const characters = Array.from({ length: creatures }, (_one, index): Character => ({
    id: idOf(index),
    name: `Goblin ${index + 1}`,
    kind: 'monster',
    hp: { current: 9_000, max: 9_000, temp: 0 },
    hpVisible: false,
    armourClass: 15,
    conditions: index % 5 === 0 ? ['prone'] : [],
    initiative: 20 - (index % 20),
    ownerId: null,
    visible: true,
    dmNotes: '',
    block: { source: 'built-in', id: 'goblin', hash: 'a'.repeat(64) },
    creature: 'Goblin',
    number: index + 1,
    appearance: index + 1,
    xp: 50,
    initiativeBonus: 2,
    side: 'foe',
  }))
  return {
    ...state,
    characters,
    turn: { round: 3, order: characters.map(({ id }) => id), current: idOf(0) },
    encounter: { id: 'fight', name: 'Goblins', startedAt: new Date().toISOString(), awaiting: [], fallen: [] },
  }
}
