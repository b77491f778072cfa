import type { Role } from '@tablecast/contracts'

export const roleWords: Record<Role, string> = {
  owner: 'owner',
  dm: 'co-DM',
  player: 'player',
  spectator: 'spectator',
}
