// Measures a fight from a DM's or a player's call until every screen has its change, and the search of the largest bestiary.
import { preparedGoblins } from './goblins.ts'
import { type Client, Product } from './product/product.ts'
import { Screen } from './product/screen.ts'
import { atMost, type Section } from './section.ts'
import { quantile, table } from './statistics.ts'
import { sampleOf, type Where } from './product/sample.ts'

const SCREENS = 4
const TIMES = 100
const BLOCKS = 5_000
const BLOCKS_AT_ONCE = 100
const MAX_TAP_MS = 150
const MAX_SEARCH_MS = 50

export async function fights(): Promise<Section> {
  await using product = await Product.start()
  const dm = product.client(await product.join('DM', 'owner'))
  const tokens = await product.players(SCREENS)
  await using opened = new AsyncDisposableStack()
  const screens = tokens.map((token) => opened.use(new Screen(product.port, token, 'main')))
  await Promise.all(screens.map((screen) => screen.arrival))
  const player = product.client(tokens[0] ?? '')
  const rows = [...(await inFight(product, { dm, player, screens })), await searching(product, dm)]
  const p95 = (what: string) => rows.find((row) => row.what === what)?.p95 ?? null
  return {
    title: 'A fight night',
    text: `The whole server on SQLite, a DM and ${SCREENS} players who follow over WebSockets. Each change is timed from the call until all ${SCREENS} have it, ${TIMES} times. The bestiary holds ${BLOCKS.toLocaleString('en')} creatures of the room beside the built-in ones. \`e2e/fights.spec.ts\` counts the inputs: seven creatures come into a fight with at most 5, one is hit with 2, and six are hit at once with 4.\n\n${table(
      [['what', 'p50, ms', 'p95, ms'], ...rows.map((row) => [row.what, row.p50.toFixed(1), row.p95.toFixed(1)])],
    )}`,
    targets: [
      atMost("A player's tap until the roll is on all screens, p95", MAX_TAP_MS, p95(TAP), 'ms'),
      atMost(`A search of ${BLOCKS.toLocaleString('en')} creatures, p95`, MAX_SEARCH_MS, p95(SEARCH), 'ms'),
    ],
  }
}

const TAP = "a player's roll for initiative"
const SEARCH = 'a search of the bestiary, until the answer'

type Row = { what: string; p50: number; p95: number }
const rowOf = (what: string, times: readonly number[]): Row => ({
  what,
  p50: quantile(times, 0.5),
  p95: quantile(times, 0.95),
})

type Table = { dm: Client; player: Client; screens: readonly Screen[] }

async function inFight(product: Product, { dm, player, screens }: Table): Promise<Row[]> {
  const where = await sampleOf(dm)
  const timed = async (call: () => Promise<unknown>) => {
    const began = performance.now()
    const shown = screens.map((screen) => screen.nextUpdate())
    await call()
    await Promise.all(shown)
    return performance.now() - began
  }
  const repeated = async (what: string, call: () => Promise<unknown>) => {
    const times: number[] = []
    for (let count = 0; count < TIMES; count++) times.push(await timed(call))
    return rowOf(what, times)
  }
  const operate = (client: Client, operation: Parameters<Client['campaign']['operate']['mutate']>[0]['operation']) =>
    client.campaign.operate.mutate({ ...where, key: product.key(), operation })

  const mine = await ownCharacter(product, where, { dm, player })
  const encounter = await preparedGoblins(product, dm, where)
  const starts: number[] = []
  for (let count = 0; count < TIMES / 5; count++) {
    if (count > 0) await timed(() => operate(dm, { type: 'endEncounter', removeFoes: 'all' }))
    const asked = { ...where, encounterId: encounter, joining: [mine] }
    starts.push(await timed(() => dm.encounters.start.mutate({ ...asked, key: product.key() })))
  }
  const { state } = await dm.campaign.get.query(where)
  const goblins = state.characters.filter(({ creature }) => creature === 'Goblin').map(({ id }) => ({ id }))
  return [
    rowOf('six goblins and a boss come into a fight', starts),
    await repeated('damage to one creature', () =>
      operate(dm, { type: 'damage', targets: goblins.slice(0, 1), amount: '1d4' }),
    ),
    await repeated('damage to six, with a save for each', () =>
      operate(dm, {
        type: 'damage',
        targets: goblins,
        amount: '8d6',
        save: { ability: 'dex', dc: 14, onSave: 'half' },
      }),
    ),
    await repeated(TAP, () => operate(player, { type: 'rollInitiative', targets: [mine] })),
  ]
}

/** Gives the first hero to the player. */
async function ownCharacter(product: Product, where: Where, { dm, player }: Omit<Table, 'screens'>): Promise<string> {
  const { state, campaign } = await dm.campaign.get.query(where)
  const id = state.characters.find(({ kind }) => kind === 'pc')?.id
  if (id === undefined) throw new Error('the sample campaign has no hero')
  const { me } = await player.rooms.get.query({ roomId: where.roomId })
  const patch = { characters: { upsert: [{ id, ownerId: me.userId }] } }
  await dm.campaign.edit.mutate({ ...where, key: product.key(), baseVersion: campaign.version, patch })
  return id
}

async function searching(product: Product, dm: Client): Promise<Row> {
  const names = ['Ash', 'Bog', 'Cave', 'Dune', 'Elder', 'Frost', 'Glade', 'Hollow']
  for (let first = 0; first < BLOCKS; first += BLOCKS_AT_ONCE) {
    const blocks = Array.from({ length: BLOCKS_AT_ONCE }, (_, place) => ({
      id: `own-${first + place}`,
      name: `${names[place % names.length]} stalker ${first + place}`,
      type: 'monstrosity',
      ac: 13,
      hp: 22,
      initiative: 1,
      abilities: { str: 12, dex: 12, con: 12, int: 6, wis: 10, cha: 6 },
    }))
    await dm.statBlocks.put.mutate({ roomId: 'main', key: product.key(), blocks })
  }
  const times: number[] = []
  for (let count = 0; count < TIMES; count++) {
    const began = performance.now()
    const query = 'frost stalker'.slice(0, 1 + (count % 13))
    await dm.statBlocks.search.query({ roomId: 'main', query, limit: 6 })
    times.push(performance.now() - began)
  }
  return rowOf(SEARCH, times)
}
