import {
  AccountInput,
  type AuthConfig,
  GuestInput,
  type Me,
  RenameInput,
  type Renamed,
  RenewInput,
} from '@tablecast/contracts'
import type { Rooms } from '../rooms/rooms.ts'
import { SAMPLE_ROOM } from '../rooms/sample-room.ts'
import { type Procedures, router } from '../trpc.ts'
import type { Auth } from './auth.ts'

export type AuthRouterDeps = {
  auth: Auth
  rooms: Rooms
  plainAuthMode: 'open' | 'token' | 'off'
  signIn: Pick<AuthConfig, 'guests' | 'account'>
  maxPictureBytes: number
  maxMapBytes: number
  isOperator(userId: string): boolean
}

export function authRouter(
  { open, signedIn }: Procedures,
  { auth, rooms, plainAuthMode, signIn, maxPictureBytes, maxMapBytes, isOperator }: AuthRouterDeps,
) {
  return router({
    /** How to sign in. Has the sample room's invite codes only if its plain sockets are open to everyone anyway. */
    config: open.query(async ({ ctx }): Promise<AuthConfig> => {
      const codes = plainAuthMode === 'open' ? await rooms.invites.codes(SAMPLE_ROOM) : []
      const codeOf = (role: string) => codes.find((invite) => invite.role === role)?.code ?? null
      const [playerCode, dmCode] = [codeOf('player'), codeOf('dm')]
      const sample =
        playerCode && dmCode ? { roomId: SAMPLE_ROOM, ownerCode: codeOf('owner'), dmCode, playerCode } : null
      const operates = isOperator(ctx.session.identity?.userId ?? '')
      return { ...signIn, sample, operates, pictures: { maxBytes: maxPictureBytes, maxMapBytes } }
    }),
    guest: open.input(GuestInput).mutation(({ input }) => auth.signInGuest(input.name)),
    me: signedIn.query(({ ctx: { identity } }): Me => {
      const { userId, name, kind, expiresAt } = identity
      return { userId, name, kind, expiresAt: new Date(expiresAt).toISOString() }
    }),
    /** A browser calls this once, after it has signed in at the provider. */
    account: signedIn
      .input(AccountInput)
      .mutation(({ ctx, input }) =>
        auth.signInAccount(ctx.token ?? '', { name: input.name, guestToken: input.guestToken }),
      ),
    /** A new name, for the person and in each of their rooms. Entries that are written from now on have it. */
    rename: signedIn.input(RenameInput).mutation(async ({ ctx, input: { name } }): Promise<Renamed> => {
      const renamed = await auth.rename(ctx.identity, name)
      await rooms.members.renameEverywhere({ userId: renamed.userId, name })
      return renamed
    }),
    /** Gives this connection a newer token of the same user, so that its streams outlive the token that it was opened with. */
    renew: signedIn.input(RenewInput).mutation(async ({ ctx, input }): Promise<{ expiresAt: string }> => {
      const identity = await auth.identify(input.token)
      ctx.session.renew(identity)
      return { expiresAt: new Date(identity.expiresAt).toISOString() }
    }),
  })
}
