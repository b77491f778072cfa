import type { AuditEvent, AuditKind } from '@tablecast/contracts'
import { roleWords } from './role-words.ts'

/** Why a call was refused. The trail keeps the code. */
const reasons: Partial<Record<string, string>> = {
  ROOM_LOCKED: 'the table is locked',
  ROOM_FULL: 'the table is full',
  BANNED: 'they are banned',
  INVITE_NOT_FOUND: 'the link is not valid any more',
  NOT_A_MEMBER: 'they are not at this table',
  NOT_THE_DM: 'only a DM may do that',
}

const reasonOf = (code: string | undefined): string => reasons[code ?? ''] ?? 'they may not do that'

type Sentence = (who: string, detail: AuditEvent['detail']) => string

const sentences: Record<AuditKind, Sentence> = {
  signed_in: (who) => `${who} signed in`,
  upgraded: (who, { name }) => `${who} got an account (was the guest ${name})`,
  renamed: (who, { name }) => `${who} took this name (was ${name})`,
  joined: (who, { role }) => `${who} came in as ${role ? roleWords[role] : 'member'}`,
  left: (who) => `${who} left`,
  refused: (who, { what, code }) =>
    `${who} was ${what === 'rooms.join' ? 'turned away' : 'refused'}: ${reasonOf(code)}`,
  kicked: (who, { name }) => `${who} removed ${name}`,
  banned: (who, { name }) => `${who} banned ${name}`,
  unbanned: (who, { name }) => `${who} let ${name} back in`,
  role_changed: (who, { name, role }) => `${who} made ${name} ${role ? roleWords[role] : ''}`,
  handed_over: (who, { name }) => `${who} handed the table over to ${name}`,
  locked: (who) => `${who} locked the table`,
  unlocked: (who) => `${who} unlocked the table`,
  invite_rotated: (who, { role }) => `${who} made a new link for ${role ? roleWords[role] : ''}s`,
  invite_revoked: (who, { role }) => `${who} took back the link for ${role ? roleWords[role] : ''}s`,
  screen_link_created: (who, { what }) => `${who} made a link for the screen ${what}`,
  screen_link_revoked: (who, { what }) => `${who} took back the link for the screen ${what}`,
  exported: (who, { what }) => `${who} exported ${what}`,
  campaign_deleted: (who, { what }) => `${who} deleted the campaign ${what}`,
  campaign_restored: (who, { what }) => `${who} restored the campaign ${what}`,
}

/** During an upgrade a newer server may send kinds that this page does not know. */
const sentenceOf = (kind: string): Sentence => {
  const known: Partial<Record<string, Sentence>> = sentences
  return known[kind] ?? ((who) => `${who}: ${kind.replaceAll('_', ' ')}`)
}

export const auditWords = ({ kind, actorName, detail }: AuditEvent): string =>
  `${sentenceOf(kind)(actorName, detail)}${detail.times ? ` (${detail.times} times)` : ''}.`
