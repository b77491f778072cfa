import type { DiceChain, DiceRoll } from '@tablecast/contracts'
import type { Kysely } from 'kysely'
import { groupsOf } from './groups.ts'
import type { Database } from './schema.ts'

/** Everybody at the table may check the rolls of an open chain. Only DMs learn of a secret one. */
export type DiceChainKind = DiceChain['kind']

/** `seed`: a secret that must not leave the server. */
type CurrentDice = { id: string; kind: DiceChainKind; seed: string; rolls: number }

export type DiceChainRow = DiceChain
export type DiceRollRow = DiceRoll

/** Dice that can be checked. Every write needs the room's lock. */
export interface DiceChains {
  /** The chains that rolls go on with, at most one of each kind. */
  current(campaignId: string): Promise<CurrentDice[]>
  /** Begins a chain without rolls. There must be no other current one of its kind. */
  begin(
    campaignId: string,
    chain: Pick<DiceChainRow, 'id' | 'kind' | 'hash'> & { seed: string; at: string },
  ): Promise<void>
  /** Adds the next rolls of a current chain. Throws when their counters are not the next ones. */
  add(chainId: string, rolls: readonly DiceRollRow[]): Promise<void>
  /** Ends a current chain: its seed may be read from now on. */
  reveal(chainId: string, at: string): Promise<void>
  get(campaignId: string, chainId: string): Promise<DiceChainRow | null>
  /** The newest first. `before`: the id of a chain; without it, the newest. */
  list(
    campaignId: string,
    kinds: readonly DiceChainKind[],
    page: { before?: string | undefined; limit: number },
  ): Promise<{ chains: DiceChainRow[]; more: boolean }>
  /** From this counter on, in their order. */
  rolls(chainId: string, page: { from: number; limit: number }): Promise<DiceRollRow[]>
}

/** Rows of one statement: 800 parameters. */
const ROWS = 100

export const diceChains = (database: Kysely<Database>): DiceChains => ({
  async current(campaignId) {
    const rows = await database
      .selectFrom('dice_chains')
      .innerJoin('dice_seeds', 'dice_seeds.chain_id', 'dice_chains.id')
      .select(['dice_chains.id', 'dice_chains.kind', 'dice_chains.rolls', 'dice_seeds.seed'])
      .where('campaign_id', '=', campaignId)
      .execute()
    return rows.map((row) => ({ ...row, kind: kindOf(row.kind) }))
  },

  async begin(campaignId, { id, kind, hash, seed, at }) {
    const earlier = kind === 'open' && (await hasUncheckedRolls(database, campaignId))
    await database
      .insertInto('dice_chains')
      .values({
        id,
        campaign_id: campaignId,
        kind,
        hash,
        seed: null,
        rolls: 0,
        earlier_rolls: Number(earlier),
        began_at: at,
        revealed_at: null,
      })
      .execute()
    await database.insertInto('dice_seeds').values({ chain_id: id, seed }).execute()
  },

  async add(chainId, rolls) {
    const [first] = rolls
    if (!first) return
    const { numUpdatedRows } = await database
      .updateTable('dice_chains')
      .set({ rolls: first.counter + rolls.length })
      .where('id', '=', chainId)
      .where('rolls', '=', first.counter)
      .where('revealed_at', 'is', null)
      .executeTakeFirstOrThrow()
    if (numUpdatedRows !== 1n) throw new Error(`chain ${chainId} of dice does not go on with ${first.counter}`)
    for (const group of groupsOf(rolls, ROWS))
      await database
        .insertInto('dice_rolls')
        .values(
          group.map(({ draws, entryId, ...row }) => ({
            ...row,
            chain_id: chainId,
            draws: JSON.stringify(draws),
            entry_id: entryId,
          })),
        )
        .execute()
  },

  async reveal(chainId, at) {
    await database
      .updateTable('dice_chains')
      .set((row) => ({
        revealed_at: at,
        seed: row.selectFrom('dice_seeds').select('dice_seeds.seed').where('chain_id', '=', chainId),
      }))
      .where('id', '=', chainId)
      .execute()
    await database.deleteFrom('dice_seeds').where('chain_id', '=', chainId).execute()
  },

  async get(campaignId, chainId) {
    const row = await chainsOf(database, campaignId).where('dice_chains.id', '=', chainId).executeTakeFirst()
    return row ? toChain(row) : null
  },

  async list(campaignId, kinds, { before, limit }) {
    let query = chainsOf(database, campaignId)
      .where('kind', 'in', [...kinds])
      .orderBy('began_at', 'desc')
      .orderBy('dice_chains.id', 'desc')
      .limit(limit + 1)
    if (before !== undefined) {
      const last = await chainsOf(database, campaignId).where('dice_chains.id', '=', before).executeTakeFirst()
      if (!last || !kinds.includes(kindOf(last.kind))) return { chains: [], more: false }
      query = query.where((where) =>
        where.or([
          where('began_at', '<', last.began_at),
          where.and([where('began_at', '=', last.began_at), where('dice_chains.id', '<', last.id)]),
        ]),
      )
    }
    const rows = await query.execute()
    return { chains: rows.slice(0, limit).map(toChain), more: rows.length > limit }
  },

  async rolls(chainId, { from, limit }) {
    const rows = await database
      .selectFrom('dice_rolls')
      .select(['counter', 'nonce', 'notation', 'draws', 'total', 'entry_id', 'at'])
      .where('chain_id', '=', chainId)
      .where('counter', '>=', from)
      .orderBy('counter')
      .limit(limit)
      .execute()
    return rows.map(({ draws, entry_id, ...row }) => ({
      ...row,
      draws: JSON.parse(draws) as DiceRollRow['draws'],
      entryId: entry_id,
    }))
  },
})

const chainsOf = (database: Kysely<Database>, campaignId: string) =>
  database
    .selectFrom('dice_chains')
    .leftJoin('dice_seeds', 'dice_seeds.chain_id', 'dice_chains.id')
    .select([
      'dice_chains.id',
      'kind',
      'hash',
      // The column of shown seeds alone: no read but `current` touches the others.
      'dice_chains.seed',
      'rolls',
      'earlier_rolls',
      'began_at',
      'revealed_at',
      'dice_seeds.chain_id as current',
    ])
    .where('campaign_id', '=', campaignId)

/** Reads the whole story, once for a campaign: only its first chain can follow such rolls. */
async function hasUncheckedRolls(database: Kysely<Database>, campaignId: string): Promise<boolean> {
  const known = await database
    .selectFrom('dice_chains')
    .select('id')
    .where('campaign_id', '=', campaignId)
    .where('kind', '=', 'open')
    .limit(1)
    .executeTakeFirst()
  if (known) return false
  const entry = await database
    .selectFrom('narrative_entries')
    .select('id')
    .where('campaign_id', '=', campaignId)
    .where('audience', '=', 'all')
    .where('entry', 'like', '%"rolls":[{%')
    .limit(1)
    .executeTakeFirst()
  return entry !== undefined
}

const kindOf = (kind: string): DiceChainKind => (kind === 'open' ? 'open' : 'secret')

type ChainColumns = Awaited<ReturnType<ReturnType<typeof chainsOf>['executeTakeFirstOrThrow']>>

const toChain = (row: ChainColumns): DiceChainRow => ({
  id: row.id,
  kind: kindOf(row.kind),
  hash: row.hash,
  seed: row.seed,
  rolls: row.rolls,
  earlierRolls: row.earlier_rolls === 1,
  beganAt: row.began_at,
  revealedAt: row.revealed_at,
  isCurrent: row.current !== null,
})
