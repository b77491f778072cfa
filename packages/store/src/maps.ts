import type { Kysely } from 'kysely'
import type { Database } from './schema.ts'

/**
 * The fog of a map. `bits`: one a block, see @tablecast/maps. `key`: a secret from which the names of the map's tiles are made, 256 bits in
 * hexadecimal. A new key makes all names new. `version` grows with each change.
 */
export type MapFogRow = { campaignId: string; mapId: string; version: number; key: string; bits: Uint8Array }

/** The blocks of a fog that a step of the journal changed, by exclusive or. `version`: of the campaign, after the step. */
export type MapStrokeRow = { campaignId: string; version: number; mapId: string; at: string; change: string }

export interface Maps {
  fog(campaignId: string, mapId: string): Promise<MapFogRow | null>
  /** All of a campaign, in the order of their maps' ids. */
  fogs(campaignId: string): Promise<MapFogRow[]>
  /** Writes all of it, new or known. */
  saveFog(row: MapFogRow): Promise<void>
  /** Gives a stored fog another key. */
  setKey(campaignId: string, mapId: string, key: string): Promise<void>
  /** Writes the row of the journal's step once. */
  addStroke(row: MapStrokeRow): Promise<void>
  /** Of one step. */
  strokes(campaignId: string, version: number): Promise<MapStrokeRow[]>
  /** Of one map, those of the steps after this version, in their order. */
  strokesAfter(campaignId: string, mapId: string, version: number): Promise<MapStrokeRow[]>
  /** Of one map since a time, the newest first. */
  recentStrokes(campaignId: string, mapId: string, since: string, limit: number): Promise<MapStrokeRow[]>
  /** The walls, doors, lights and grid that the file of a map brought, as JSON; null for a picture without. */
  walls(roomId: string, pictureId: string): Promise<string | null>
  saveWalls(roomId: string, pictureId: string, text: string): Promise<void>
}

export const maps = (database: Kysely<Database>): Maps => ({
  async fog(campaignId, mapId) {
    const row = await database
      .selectFrom('map_fogs')
      .selectAll()
      .where('campaign_id', '=', campaignId)
      .where('map_id', '=', mapId)
      .executeTakeFirst()
    return row ? toFog(row) : null
  },

  async fogs(campaignId) {
    const rows = await database
      .selectFrom('map_fogs')
      .selectAll()
      .where('campaign_id', '=', campaignId)
      .orderBy('map_id')
      .execute()
    return rows.map(toFog)
  },

  async saveFog({ campaignId, mapId, version, key, bits }) {
    const text = Buffer.from(bits).toString('base64')
    await database
      .insertInto('map_fogs')
      .values({ campaign_id: campaignId, map_id: mapId, version, key, bits: text })
      .onConflict((conflict) => conflict.columns(['campaign_id', 'map_id']).doUpdateSet({ version, key, bits: text }))
      .execute()
  },

  async setKey(campaignId, mapId, key) {
    await database
      .updateTable('map_fogs')
      .set({ key })
      .where('campaign_id', '=', campaignId)
      .where('map_id', '=', mapId)
      .execute()
  },

  async addStroke({ campaignId, version, mapId, at, change }) {
    await database
      .insertInto('map_strokes')
      .values({ campaign_id: campaignId, version, map_id: mapId, at, change })
      .execute()
  },

  async strokes(campaignId, version) {
    const rows = await database
      .selectFrom('map_strokes')
      .selectAll()
      .where('campaign_id', '=', campaignId)
      .where('version', '=', version)
      .orderBy('map_id')
      .execute()
    return rows.map(toStroke)
  },

  async strokesAfter(campaignId, mapId, version) {
    const rows = await database
      .selectFrom('map_strokes')
      .selectAll()
      .where('campaign_id', '=', campaignId)
      .where('map_id', '=', mapId)
      .where('version', '>', version)
      .orderBy('version')
      .execute()
    return rows.map(toStroke)
  },

  async recentStrokes(campaignId, mapId, since, limit) {
    const rows = await database
      .selectFrom('map_strokes')
      .selectAll()
      .where('campaign_id', '=', campaignId)
      .where('map_id', '=', mapId)
      .where('at', '>=', since)
      .orderBy('version', 'desc')
      .limit(limit)
      .execute()
    return rows.map(toStroke)
  },

  async walls(roomId, pictureId) {
    const row = await database
      .selectFrom('map_walls')
      .select('text')
      .where('room_id', '=', roomId)
      .where('picture_id', '=', pictureId)
      .executeTakeFirst()
    return row?.text ?? null
  },

  async saveWalls(roomId, pictureId, text) {
    await database
      .insertInto('map_walls')
      .values({ room_id: roomId, picture_id: pictureId, text })
      .onConflict((conflict) => conflict.columns(['room_id', 'picture_id']).doUpdateSet({ text }))
      .execute()
  },
})

const toFog = (row: Database['map_fogs']): MapFogRow => ({
  campaignId: row.campaign_id,
  mapId: row.map_id,
  version: row.version,
  key: row.key,
  bits: Uint8Array.from(Buffer.from(row.bits, 'base64')),
})

const toStroke = (row: Database['map_strokes']): MapStrokeRow => ({
  campaignId: row.campaign_id,
  version: row.version,
  mapId: row.map_id,
  at: row.at,
  change: row.change,
})
