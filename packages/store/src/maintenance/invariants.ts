// The checks of a database's content, each a query over all of it. They must hold at any time.
import { createHash } from 'node:crypto'
import {
  applyPatch,
  type CampaignState,
  isEqual,
  MAX_PAGE_BYTES,
  type StatePatch,
  healState,
  withoutNames,
} from '@tablecast/contracts'
import { type Kysely, type RawBuilder, sql } from 'kysely'
import { pushDeviceId } from '../push-devices.ts'
import type { Database } from '../schema.ts'
import type { StoreKind } from '../store-kind.ts'

/** `broken`: what it does not hold for, at most `MAX_NAMED` of them; empty when all is well. `looked`: at how many. */
export type Invariant = {
  name:
    | 'streams'
    | 'journals'
    | 'folds'
    | 'fogs'
    | 'pages'
    | 'fights'
    | 'sheets'
    | 'dice'
    | 'screens'
    | 'notices'
    | 'owners'
    | 'integrity'
  looked: number
  broken: string[]
}

const MAX_NAMED = 10
/** The number of campaigns, and of their newest changes, that are folded. */
const FOLDED_CAMPAIGNS = 20
const FOLDED_CHANGES = 200

/** In one consistent view of the database. */
export async function checkInvariants(database: Kysely<Database>, kind: StoreKind): Promise<Invariant[]> {
  return [
    await integrity(database, kind),
    await streams(database),
    await journals(database),
    await folds(database),
    await fogs(database),
    await pages(database),
    await fights(database),
    await sheets(database),
    await dice(database),
    await screens(database),
    await notices(database),
    await owners(database),
  ]
}

async function integrity(database: Kysely<Database>, kind: StoreKind): Promise<Invariant> {
  const named =
    kind === 'sqlite'
      ? await namesOf(database, sql`select quick_check as name from pragma_quick_check where quick_check <> 'ok'`)
      : await namesOf(
          database,
          sql`select indexrelid::regclass::text as name from pg_index
            join pg_class on pg_class.oid = indexrelid
            where not indisvalid and relnamespace = current_schema()::regnamespace`,
        )
  return { name: 'integrity', looked: 1, broken: named }
}

/** A stream holds every event above its floor, up to its head. */
async function streams(database: Kysely<Database>): Promise<Invariant> {
  const broken = await namesOf(
    database,
    sql`select streams.id as name from streams
      left join (
        select stream_id, count(*) as events, min(seq) as oldest, max(seq) as newest from stream_events group by stream_id
      ) as log on log.stream_id = streams.id
      where coalesce(log.events, 0) <> head - floor
        or (log.events > 0 and (log.oldest <> floor + 1 or log.newest <> head))`,
  )
  return { name: 'streams', looked: await countOf(database, 'streams'), broken }
}

/** A campaign's version is that of the newest change in its journal, which holds every change since the first. */
async function journals(database: Kysely<Database>): Promise<Invariant> {
  const broken = await namesOf(
    database,
    sql`select campaigns.id as name from campaigns
      left join (
        select campaign_id, count(*) as changes, max(version) as newest from campaign_journal group by campaign_id
      ) as journal on journal.campaign_id = campaigns.id
      where coalesce(journal.newest, 0) <> campaigns.version or coalesce(journal.changes, 0) <> campaigns.version`,
  )
  return { name: 'journals', looked: await countOf(database, 'campaigns'), broken }
}

/** The newest changes of a campaign, taken back and made again, give the state that is stored. */
async function folds(database: Kysely<Database>): Promise<Invariant> {
  const campaigns = await newestCampaigns(database)
  const broken: string[] = []
  for (const { id, state: stored } of campaigns) {
    const changes = await database
      .selectFrom('campaign_journal')
      .select(['patch', 'inverse'])
      .where('campaign_id', '=', id)
      .orderBy('version', 'desc')
      .limit(FOLDED_CHANGES)
      .execute()
    const before = changes.reduce((later, { inverse }) => patched(later, inverse), stored)
    const after = changes.toReversed().reduce((earlier, { patch }) => patched(earlier, patch), before)
    // The journal keeps no names of pictures.
    if (!isEqual(withoutNames(after), withoutNames(stored))) broken.push(id)
  }
  return { name: 'folds', looked: campaigns.length, broken: broken.slice(0, MAX_NAMED) }
}

/** Each map of a campaign has the fog that its state speaks of. Looks at the newest campaigns, as `folds` does. */
async function fogs(database: Kysely<Database>): Promise<Invariant> {
  const campaigns = await newestCampaigns(database)
  const broken: string[] = []
  let looked = 0
  for (const { id, state } of campaigns) {
    const { maps } = state
    if (!maps?.length) continue
    const rows = await database
      .selectFrom('map_fogs')
      .select(['map_id', 'version'])
      .where('campaign_id', '=', id)
      .execute()
    const versions = new Map(rows.map((row) => [row.map_id, row.version]))
    looked += maps.length
    if (maps.some((map) => versions.get(map.id) !== map.fog.version)) broken.push(id)
  }
  return { name: 'fogs', looked, broken: broken.slice(0, MAX_NAMED) }
}

/**
 * A sheet is as long as its row says, and each one that a state names is there. Looks for those of the newest campaigns, as `folds` does.
 */
async function sheets(database: Kysely<Database>): Promise<Invariant> {
  const cut = await namesOf(
    database,
    sql`select distinct campaign_id as name from sheets where octet_length(text) <> bytes`,
  )
  const campaigns = await newestCampaigns(database)
  const missing: string[] = []
  for (const { id, state } of campaigns) {
    const { characters, requests } = state
    const named = [...characters, ...(requests ?? [])].flatMap((one) =>
      one.sheet ? [`${one.id} ${one.sheet.hash}`] : [],
    )
    if (named.length === 0) continue
    const rows = await database
      .selectFrom('sheets')
      .select(['character_id', 'hash'])
      .where('campaign_id', '=', id)
      .execute()
    const stored = new Set(rows.map((row) => `${row.character_id} ${row.hash}`))
    if (named.some((one) => !stored.has(one))) missing.push(id)
  }
  const broken = [...new Set([...cut, ...missing])].slice(0, MAX_NAMED)
  return { name: 'sheets', looked: await countOf(database, 'sheets'), broken }
}

/** The campaigns that changed last, with their states. */
async function newestCampaigns(database: Kysely<Database>): Promise<{ id: string; state: CampaignState }[]> {
  const rows = await database
    .selectFrom('campaigns')
    .select(['id', 'state'])
    .orderBy('updated_at', 'desc')
    .limit(FOLDED_CAMPAIGNS)
    .execute()
  return rows.map(({ id, state }) => ({ id, state: healState(JSON.parse(state) as CampaignState) }))
}

const patched = (state: CampaignState, patch: string | null): CampaignState =>
  patch === null ? state : applyPatch(state, JSON.parse(patch) as StatePatch)

/** The pages of a campaign are there without a gap, each as long as it says and no longer than one may be. */
async function pages(database: Kysely<Database>): Promise<Invariant> {
  const broken = await namesOf(
    database,
    sql`select campaign_id as name from campaign_pages group by campaign_id
      having count(*) <> max(place) + 1 or min(place) <> 0
        or sum(case when octet_length(text) <> bytes or bytes > ${MAX_PAGE_BYTES} then 1 else 0 end) > 0`,
  )
  return { name: 'pages', looked: await countOf(database, 'campaign_pages'), broken }
}

/** A stat block and an encounter are as long as their rows say. */
async function fights(database: Kysely<Database>): Promise<Invariant> {
  const broken = await namesOf(
    database,
    sql`select id as name from stat_blocks where octet_length(text) <> bytes
      union select id as name from encounters where octet_length(text) <> bytes`,
  )
  const looked = (await countOf(database, 'stat_blocks')) + (await countOf(database, 'encounters'))
  return { name: 'fights', looked, broken }
}

/** The counters of a chain of dice are 0, 1, 2 … without a gap, each kind has one current chain, and the hash is that of the seed. */
async function dice(database: Kysely<Database>): Promise<Invariant> {
  const broken = await namesOf(
    database,
    sql`select dice_chains.id as name from dice_chains
      left join (
        select chain_id, count(*) as rolls, min(counter) as first, max(counter) as last from dice_rolls group by chain_id
      ) as log on log.chain_id = dice_chains.id
      where coalesce(log.rolls, 0) <> dice_chains.rolls
        or (log.rolls > 0 and (log.first <> 0 or log.last <> dice_chains.rolls - 1))
      union select min(dice_chains.id) as name from dice_chains
      join dice_seeds on dice_seeds.chain_id = dice_chains.id group by campaign_id, kind having count(*) > 1`,
  )
  const chains = await database
    .selectFrom('dice_chains')
    .leftJoin('dice_seeds', 'dice_seeds.chain_id', 'dice_chains.id')
    .select(['dice_chains.id', 'hash', 'dice_chains.seed as shown', 'dice_seeds.seed as kept'])
    .execute()
  const others = chains.flatMap(({ id, hash, shown, kept }) => {
    const seed = shown ?? kept
    return seed === null || createHash('sha256').update(seed, 'hex').digest('hex') === hash ? [] : [id]
  })
  return { name: 'dice', looked: chains.length, broken: [...new Set([...broken, ...others])].slice(0, MAX_NAMED) }
}

/** A link for a screen belongs to a room, and keeps the hash of its token alone. */
async function screens(database: Kysely<Database>): Promise<Invariant> {
  const broken = await namesOf(
    database,
    sql`select screen_links.id as name from screen_links
      left join rooms on rooms.id = screen_links.room_id
      where rooms.id is null or length(hash) <> 64 or kind not in ('tv', 'overlay')`,
  )
  return { name: 'screens', looked: await countOf(database, 'screen_links'), broken }
}

/** A device for notices has an https address, gets one kind of notice at least, and has the hash of its address as its id. */
async function notices(database: Kysely<Database>): Promise<Invariant> {
  const devices = await database
    .selectFrom('push_devices')
    .select(['id', 'endpoint', 'turn', 'opens'])
    .orderBy('id')
    .execute()
  const broken = devices.filter(
    ({ id, endpoint, turn, opens }) =>
      turn + opens === 0 || !endpoint.startsWith('https://') || pushDeviceId(endpoint) !== id,
  )
  return { name: 'notices', looked: devices.length, broken: broken.slice(0, MAX_NAMED).map(({ id }) => id) }
}

/** Somebody owns each room, or holds the link to. */
async function owners(database: Kysely<Database>): Promise<Invariant> {
  const broken = await namesOf(
    database,
    sql`select rooms.id as name from rooms
      where not exists (select 1 from members where members.room_id = rooms.id and members.role = 'owner')
        and not exists (select 1 from invites where invites.room_id = rooms.id and invites.role = 'owner')`,
  )
  return { name: 'owners', looked: await countOf(database, 'rooms'), broken }
}

async function namesOf(database: Kysely<Database>, query: RawBuilder<unknown>): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`${query} limit ${sql.lit(MAX_NAMED)}`.execute(database)
  return rows.map(({ name }) => name)
}

async function countOf(
  database: Kysely<Database>,
  table:
    | 'streams'
    | 'campaigns'
    | 'campaign_pages'
    | 'stat_blocks'
    | 'encounters'
    | 'sheets'
    | 'screen_links'
    | 'rooms',
): Promise<number> {
  const { rows } = await database
    .selectFrom(table)
    .select((all) => all.fn.countAll<number>().as('rows'))
    .executeTakeFirstOrThrow()
  return rows
}
