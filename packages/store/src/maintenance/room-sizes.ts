import { ROOM_STREAMS, roomOfStream } from '@tablecast/contracts'
import { type Kysely, sql } from 'kysely'
import type { Database } from '../schema.ts'

/** `bytes`: of state, journal, story, pages, encounters, sheets, stat blocks and events, as text. */
export type RoomSize = {
  id: string
  name: string
  owners: string[]
  members: number
  campaigns: number
  entries: number
  events: number
  bytes: number
}

/** Every room, the largest first. Reads all that there is: an operator's question, not a page's. */
export async function roomSizes(database: Kysely<Database>): Promise<RoomSize[]> {
  const { rows: rooms } = await sql<{ id: string; name: string; members: number }>`
    select id, name, (select count(*) from members where room_id = rooms.id) as members from rooms`.execute(database)
  const sizes = new Map(
    rooms.map((room): [string, RoomSize] => [
      room.id,
      { ...room, owners: [], campaigns: 0, entries: 0, events: 0, bytes: 0 },
    ]),
  )
  const owners = await database.selectFrom('members').select(['room_id', 'name']).where('role', '=', 'owner').execute()
  for (const { room_id: id, name } of owners) sizes.get(id)?.owners.push(name)
  const { rows: campaigns } = await sql<{ room: string; entries: number; bytes: number }>`
    select room_id as room, coalesce(story.entries, 0) as entries,
      octet_length(state) + coalesce(story.bytes, 0) + coalesce(journal.bytes, 0) + coalesce(page.bytes, 0)
        + coalesce(encounter.bytes, 0) + coalesce(sheet.bytes, 0) as bytes
    from campaigns
    left join (
      select campaign_id, count(*) as entries, sum(octet_length(entry)) as bytes from narrative_entries group by campaign_id
    ) as story on story.campaign_id = campaigns.id
    left join (
      select campaign_id, sum(coalesce(octet_length(patch), 0) + coalesce(octet_length(inverse), 0)) as bytes
      from campaign_journal group by campaign_id
    ) as journal on journal.campaign_id = campaigns.id
    left join (select campaign_id, sum(bytes) as bytes from campaign_pages group by campaign_id) as page
      on page.campaign_id = campaigns.id
    left join (select campaign_id, sum(bytes) as bytes from encounters group by campaign_id) as encounter
      on encounter.campaign_id = campaigns.id
    left join (select campaign_id, sum(bytes) as bytes from sheets group by campaign_id) as sheet
      on sheet.campaign_id = campaigns.id`.execute(database)
  for (const { room, entries, bytes } of campaigns) {
    const size = sizes.get(room)
    if (!size) continue
    size.campaigns += 1
    size.entries += entries
    size.bytes += bytes
  }
  const { rows: blocks } = await sql<{ room: string; bytes: number }>`
    select room_id as room, sum(bytes) as bytes from stat_blocks group by room_id`.execute(database)
  for (const { room, bytes } of blocks) {
    const size = sizes.get(room)
    if (size) size.bytes += bytes
  }
  const { rows: streams } = await sql<{ id: string; events: number; bytes: number }>`
    select stream_id as id, count(*) as events, sum(octet_length(text)) as bytes from stream_events
    where stream_id like ${`${ROOM_STREAMS}%`} group by stream_id`.execute(database)
  for (const { id, events, bytes } of streams) {
    const size = sizes.get(roomOfStream(id) ?? '')
    if (!size) continue
    size.events += events
    size.bytes += bytes
  }
  return [...sizes.values()].toSorted((a, b) => b.bytes - a.bytes || (a.id < b.id ? -1 : 1))
}
