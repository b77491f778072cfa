// Apart from the views: a page needs this at first sight, and the code and schemas of the views only in the DM's preview.
import type { Role } from './room.ts'

export type Audience = 'dm' | 'player'

/** Owner and co-DMs are the DM audience. All other roles, also later ones, are the player audience. */
export const audienceOf = (role: Role): Audience => (role === 'owner' || role === 'dm' ? 'dm' : 'player')
