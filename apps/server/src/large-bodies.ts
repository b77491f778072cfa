// The procedures that accept more over HTTP than MAX_BODY_BYTES. The room is named in the body, so the check before the
// body can only ask whether the caller has the role in any room.
import type { RoomListItem } from '@tablecast/contracts'
import { audienceOf, TablecastError } from '@tablecast/contracts'
import type { Auth } from './auth/auth.ts'
import type { LargeBody } from './http/bodies.ts'

/** 500,000 characters of up to four bytes, and the JSON around them. */
const SCENARIO_BYTES = 2 * 1_048_576
/** A whole state in one patch: 100 characters, 200 beats, 50 threats and conditions, each with the longest allowed texts. */
const EDIT_BYTES = 1_048_576

/** A hundred stat blocks of 64 kB. */
const BLOCKS_BYTES = 7 * 1_048_576
/** 4,000,000 characters of another program's file, with the escapes of JSON. */
const CREATURES_BYTES = 8 * 1_048_576

/** 1,500,000 characters of a character of another program, with the escapes of JSON. */
const CHARACTER_BYTES = 3 * 1_048_576

/** The procedures for players. All others are for DMs. */
const forPlayers: ReadonlySet<string> = new Set(['sheets.read'])

export const largeBodyBytes = (config: { MAX_IMPORT_BYTES: number }): ReadonlyMap<string, number> =>
  new Map([
    ['campaign.import', config.MAX_IMPORT_BYTES],
    ['campaign.previewImport', config.MAX_IMPORT_BYTES],
    ['campaign.importScenario', SCENARIO_BYTES],
    ['campaign.previewScenario', SCENARIO_BYTES],
    ['campaign.edit', EDIT_BYTES],
    ['statBlocks.put', BLOCKS_BYTES],
    ['statBlocks.import', CREATURES_BYTES],
    ['statBlocks.previewImport', CREATURES_BYTES],
    ['sheets.read', CHARACTER_BYTES],
  ])

export type LargeBodyDeps = {
  auth: Pick<Auth, 'identify'>
  rooms: { list(userId: string): Promise<RoomListItem[]> }
}

/** The larger limit of a procedure for the caller with this token; null where a small body is enough. */
export const largeBodyOf =
  ({ auth, rooms }: LargeBodyDeps, bytes: ReadonlyMap<string, number>) =>
  (procedure: string, token: string | null): LargeBody | null => {
    const maxBytes = bytes.get(procedure)
    if (maxBytes === undefined) return null
    return {
      maxBytes,
      async admit() {
        if (token === null) throw new TablecastError('UNAUTHORIZED', 'Sign in first: send the token of auth.guest.')
        const { userId } = await auth.identify(token)
        const isForPlayers = forPlayers.has(procedure)
        const has = ({ role }: RoomListItem) => audienceOf(role) === 'dm' || (isForPlayers && role === 'player')
        if (!(await rooms.list(userId)).some(has))
          throw new TablecastError(
            'NOT_THE_DM',
            `Only a ${isForPlayers ? 'player or DM' : 'DM'} may send so much. Send less.`,
          )
      },
    }
  }
