// The head of a join page holds the room's name, so that a slow phone shows it with the page's first bytes.
import { setTimeout as pause } from 'node:timers/promises'
import type { InviteAttempts } from './invite-attempts.ts'
import type { Rooms } from './rooms.ts'

export type JoinHeadDeps = { rooms: Pick<Rooms, 'invitedTo'>; inviteAttempts: InviteAttempts }

const JOIN_PATH = /^\/join\/([\w-]{8,100})$/
/** A page without the name is better than a page that waits for the database. */
const LOOKUP_TIMEOUT_MS = 300

/** Answers with tags for the head of the page at this path; empty where there is nothing to add. A wrong code counts as an attempt. */
export const joinHead =
  ({ rooms, inviteAttempts }: JoinHeadDeps) =>
  async (path: string, address: string): Promise<string> => {
    const [, code] = JOIN_PATH.exec(path) ?? []
    if (code === undefined) return ''
    const name = inviteAttempts.run(address, () => rooms.invitedTo(code)).catch(() => null)
    const found = await Promise.race([name, pause(LOOKUP_TIMEOUT_MS, null, { ref: false })])
    return found === null ? '' : `<meta name="tablecast-room" content="${escaped(found)}" />`
  }

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (one) => entities[one] ?? '')
