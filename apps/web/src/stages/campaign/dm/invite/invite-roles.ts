/** The roles that an invite link can give, with the words on the buttons. */
export const inviteRoles = [
  ['player', 'Players'],
  ['dm', 'Co-DMs'],
  ['spectator', 'Spectators'],
] as const

export type InviteRole = (typeof inviteRoles)[number][0]
