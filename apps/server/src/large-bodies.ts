// The procedures that take more over HTTP than MAX_BODY_BYTES. Each is for DMs, and only a DM of some room gets to send so much: which room it
// is about stands in the body.
import type { RoomListItem } from '@tablecast/contracts'
import { audienceOf, TablecastError } from '@tablecast/contracts'
import type { Auth } from './auth/auth.ts'
import type { LargeBody } from './http/bodies.ts'

/** 500,000 characters of up to four bytes, and what stands around them. */
const SCENARIO_BYTES = 2 * 1_048_576
/** A whole state in one patch: 100 characters, 200 beats, 50 threats and conditions, each with the longest of texts. */
const EDIT_BYTES = 1_048_576

export const largeBodyBytes = (config: { MAX_IMPORT_BYTES: number }): ReadonlyMap<string, number> =>
  new Map([
    ['campaign.import', config.MAX_IMPORT_BYTES],
    ['campaign.previewImport', config.MAX_IMPORT_BYTES],
    ['campaign.importScenario', SCENARIO_BYTES],
    ['campaign.previewScenario', SCENARIO_BYTES],
    ['campaign.edit', EDIT_BYTES],
  ])

export type LargeBodyParts = {
  auth: Pick<Auth, 'identify'>
  rooms: { list(userId: string): Promise<RoomListItem[]> }
}

/** What the body of a call may be, as far as its head says who calls; null where a small one is enough for everybody. */
export const largeBodyOf =
  ({ auth, rooms }: LargeBodyParts, bytes: ReadonlyMap<string, number>) =>
  (procedure: string, token: string | null): LargeBody | null => {
    const maxBytes = bytes.get(procedure)
    if (maxBytes === undefined) return null
    return {
      maxBytes,
      async admit() {
        if (token === null) throw new TablecastError('UNAUTHORIZED', 'sign in first: send the token of auth.guest')
        const { userId } = await auth.identify(token)
        const isDm = (await rooms.list(userId)).some(({ role }) => audienceOf(role) === 'dm')
        if (!isDm) throw new TablecastError('NOT_THE_DM', 'only a DM may send so much')
      },
    }
  }
