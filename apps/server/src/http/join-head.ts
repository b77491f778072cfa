// The head of a join page holds the room's name, so that a slow phone shows it with the page's first bytes.
import { setTimeout as pause } from 'node:timers/promises'

/** The name of the room of this invite. Rejects for a wrong code, and for an address that tried too many. */
type InvitedTo = (code: string, address: string) => Promise<string>

const JOIN_PATH = /^\/join\/([\w-]{8,100})$/
/** A page without the name is better than a page that waits for the database. */
const LOOKUP_TIMEOUT_MS = 300

/** Answers with tags for the head of the page at this path; empty where there is nothing to add. A wrong code counts as an attempt. */
export const joinHead =
  (invitedTo: InvitedTo) =>
  async (path: string, address: string): Promise<string> => {
    const [, code] = JOIN_PATH.exec(path) ?? []
    if (code === undefined) return ''
    const name = invitedTo(code, address).catch(() => null)
    const found = await Promise.race([name, pause(LOOKUP_TIMEOUT_MS, null, { ref: false })])
    return found === null ? '' : `<meta name="tablecast-room" content="${escaped(found)}" />`
  }

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (one) => entities[one] ?? '')
