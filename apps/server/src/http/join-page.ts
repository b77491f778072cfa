// The page of an invite holds the room's name, so that a slow phone shows it with the page's first bytes.
import { setTimeout as pause } from 'node:timers/promises'

export type JoinPageDeps = {
  /** The name of the room of this invite. Rejects for a wrong code, and for an address that tried too many. */
  invitedTo(code: string, address: string): Promise<string>
  /** `join.html` as the web app was built. */
  page(): Promise<string>
  /** False where a name is not enough to come in. The page comes without its form then. */
  admitsGuests: boolean
}

const JOIN_PATH = /^\/join\/([\w-]{8,100})$/
/** A page without the name is better than a page that waits for the database. */
const LOOKUP_TIMEOUT_MS = 300
const ROOM = '%ROOM%'
const FORM = /<main id="first"[\s\S]*<\/main>/

/** Answers with the page at this path; null where the ordinary page is right. A wrong code counts as an attempt. */
export const joinPage =
  ({ invitedTo, page, admitsGuests }: JoinPageDeps) =>
  async (path: string, address: string): Promise<string | null> => {
    const [, code] = JOIN_PATH.exec(path) ?? []
    if (code === undefined) return null
    const name = invitedTo(code, address).catch(() => null)
    const found = await Promise.race([name, pause(LOOKUP_TIMEOUT_MS, null, { ref: false })])
    if (found === null) return null
    const built = await page()
    return (admitsGuests ? built : built.replace(FORM, '')).replaceAll(ROOM, () => escaped(found))
  }

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (one) => entities[one] ?? '')
