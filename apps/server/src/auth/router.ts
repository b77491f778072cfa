import { GuestInput } from '@tablecast/contracts'
import { SAMPLE_ROOM } from '../stages/campaign/sample-room.ts'
import type { Rooms } from '../stages/campaign/rooms.ts'
import { type Procedures, router } from '../trpc.ts'
import type { GuestAuth } from './guest.ts'

export type AuthParts = { auth: GuestAuth; rooms: Rooms; compatAuth: 'open' | 'token' | 'off' }

export function authRouter({ open }: Procedures, { auth, rooms, compatAuth }: AuthParts) {
  return router({
    /** How to sign in. The sample room's codes only where its plain sockets are open to everyone anyway. */
    config: open.query(async () => {
      const codes = compatAuth === 'open' ? await rooms.inviteCodes(SAMPLE_ROOM) : []
      const codeOf = (wanted: string) => codes.find(({ role }) => role === wanted)?.code ?? null
      const [playerCode, dmCode] = [codeOf('player'), codeOf('dm')]
      const sample =
        playerCode && dmCode ? { roomId: SAMPLE_ROOM, ownerCode: codeOf('owner'), dmCode, playerCode } : null
      return { mode: 'guest' as const, sample }
    }),
    guest: open.input(GuestInput).mutation(({ input }) => auth.signIn(input.name)),
  })
}
