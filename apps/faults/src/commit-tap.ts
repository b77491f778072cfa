// Watches a server's connection to PostgreSQL (the frontend/backend protocol, https://www.postgresql.org/docs/current/protocol.html)
// for the commit of a change of a campaign. The server waits for each answer before it goes on, so a message is a piece by itself.
import type { Tap } from '@tablecast/testing'

/** A simple query: `Q`, four bytes of length, the text, a zero. */
const COMMIT = Buffer.from('commit\0')
/** Of CommandComplete: `C`, four bytes of length, the tag, a zero. */
const COMMITTED = Buffer.from('COMMIT\0')
const CHANGE = Buffer.from('insert into "campaign_journal"')
const NOTHING = Buffer.alloc(0)

export type CommitTapOptions = {
  /** True when the commit must not reach the database. */
  asked(): boolean
  /** True when the answer to a commit that was carried out must not reach the server. */
  answered(): boolean
}

export function commitTap({ asked, answered }: CommitTapOptions): Tap {
  let hasChanged = false
  return {
    up(piece) {
      if (piece.includes(CHANGE)) hasChanged = true
      return hasChanged && piece.includes(COMMIT) && asked() ? NOTHING : piece
    },
    down(piece) {
      if (!piece.includes(COMMITTED)) return piece
      const wasChange = hasChanged
      hasChanged = false
      return wasChange && answered() ? NOTHING : piece
    },
  }
}
