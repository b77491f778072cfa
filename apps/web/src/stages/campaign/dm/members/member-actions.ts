import type { Role } from '@tablecast/contracts'
import { api, newKey } from '../../../../api.ts'
import type { Act } from '../use-act.ts'
import { roleWords } from './role-words.ts'

/** The actions that a DM confirms first. */
export type AskedAction = 'ban' | 'handOver'

/** The calls behind the menu of a member, with what the DM reads when one has worked. */
export function memberActions(roomId: string, { userId, name }: { userId: string; name: string }, act: Act) {
  const call = () => ({ roomId, key: newKey(), userId })
  return {
    setRole: (role: Exclude<Role, 'owner'>) =>
      act(() => api.rooms.setRole.mutate({ ...call(), role }), `${name} is ${roleWords[role]} now`),
    kick: () => act(() => api.rooms.kick.mutate(call()), `${name} was removed`),
    ban: () => act(() => api.rooms.ban.mutate(call()), `${name} is banned`),
    handOver: () => act(() => api.rooms.handOver.mutate(call()), `${name} owns the table now`),
  }
}
