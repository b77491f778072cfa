// Identities, and the audit entries about them.
import { z } from 'zod'
import { DisplayName, type Role } from './room.ts'

export const GuestInput = z.object({ name: DisplayName })
/** Safe to repeat, so it takes no idempotency key. */
export const RenameInput = z.object({ name: DisplayName })
const Token = z.string().min(1).max(8_192)
/** A newer access token for the connection that is open: its streams go on. */
export const RenewInput = z.object({ token: Token })
/** `guestToken`: the guest of this browser, whose rooms and characters move to the account. */
export const AccountInput = z.object({ name: DisplayName, guestToken: Token.nullish() })

/**
 * How one signs in here. `account`: null without Auth0. `guests`: whether a name is enough. `operates`: whether the caller, once signed
 * in, may watch the nodes. `pictures`: the largest files of a picture and of a map that may be sent; an older server does not
 * say them.
 */
export type AuthConfig = {
  operates: boolean
  guests: boolean
  account: { domain: string; clientId: string; audience: string } | null
  sample: { roomId: string; ownerCode: string | null; dmCode: string; playerCode: string } | null
  pictures?: { maxBytes: number; maxMapBytes?: number }
}
/** `expiresAt`: when the token that was sent does. */
export type Me = { userId: string; name: string; kind: 'guest' | 'account'; expiresAt: string }

/** `token`: a guest's new token, which holds the new name; null for an account. `expiresAt`: the end of the token. */
export type Renamed = { userId: string; name: string; token: string | null; expiresAt: string }

export const TICKET_SECONDS = 30
export const TicketCreated = z.object({ ticket: z.string(), expires_in: z.int() })

const auditKinds = [
  'signed_in',
  'upgraded',
  'renamed',
  'joined',
  'left',
  'refused',
  'kicked',
  'banned',
  'unbanned',
  'role_changed',
  'handed_over',
  'locked',
  'unlocked',
  'invite_rotated',
  'invite_revoked',
  'screen_link_created',
  'screen_link_revoked',
  'exported',
  'campaign_deleted',
  'campaign_restored',
] as const
export type AuditKind = (typeof auditKinds)[number]

/**
 * Something that touched the access of a room. `detail` names the member, the role, or the refused request.
 * It holds no invite code, no token and no network address.
 */
export type AuditEvent = {
  id: string
  at: string
  kind: AuditKind
  actorId: string
  actorName: string
  detail: {
    userId?: string
    name?: string
    role?: Role
    /** The procedure or socket that was refused, and its code. */
    what?: string
    code?: string
    /** How often since the event before of its kind. */
    times?: number
  }
}
export type AuditPage = { events: AuditEvent[]; more: boolean }
