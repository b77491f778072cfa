// Context, procedure builders and the error formatter. Each builder declares which callers its procedures admit.
import {
  type ErrorCode,
  errorKinds,
  Id,
  IdempotencyKey,
  type Member,
  type Role,
  ScreenInput,
  TablecastError,
} from '@tablecast/contracts'
import { memberCaller, type Right, type RoomCaller } from '@tablecast/orchestrator'
import type { ScreenLinkRow } from '@tablecast/store'
import { initTRPC, TRPCError } from '@trpc/server'
import { z, ZodError } from 'zod'
import type { CallerSession } from './transport/caller-session.ts'
import type { Identity } from './transport/identity.ts'
import type { CallIds } from './transport/call-scope.ts'
import type { CallTelemetry } from './transport/call-telemetry.ts'
import type { ConnectionLimits } from './transport/connection-limits.ts'
import type { InputText } from './transport/json-text.ts'
import type { LongArray } from './transport/long-array.ts'
import { invalidInput, toWireError, type WireError } from './transport/wire-error.ts'

/**
 * `session` is the caller by the newest token. `token` is the one with which an account has opened the connection; null for a guest. `limits` are those of this
 * connection. `address` is the key for limits: the client's address or network. `ids` are those of the request or connection, for the log.
 * `inputText` is the text of a mutation's input as the client wrote it. `whenSilent` calls `changed` with true when the client seems to
 * be gone, and with false when it sends again; it returns a function that stops that.
 */
export type Context = {
  session: CallerSession
  token: string | null
  limits: ConnectionLimits
  address: string
  ids: CallIds
  /** The entries of a campaign that is imported over HTTP. They were cut out of the input, to be parsed a few at a time. */
  longEntries?: LongArray | null
  inputText?: InputText
  whenSilent(changed: (isSilent: boolean) => void): () => void
}

/** `player` is every member except spectators. `screen` is everybody with the token of a link for a screen of the room. */
export type Access = 'open' | 'screen' | 'signedIn' | 'operator' | 'member' | 'player' | 'dm' | 'owner'

const t = initTRPC
  .context<Context>()
  .meta<{ access: Access }>()
  .create({
    // With these a page notices within 10 s that its stream is dead.
    sse: { ping: { enabled: true, intervalMs: 3_000 }, client: { reconnectAfterInactivityMs: 10_000 } },
    isDev: false,
    errorFormatter({ shape, error }) {
      const { code, message, details } = wireErrorOf(error)
      return { ...shape, message, data: { ...shape.data, tablecast: { code, details } } }
    },
  })

export const { router, mergeRouters } = t

/** Turns an error of tRPC into the one that the client receives. */
export const wireErrorOf = (error: TRPCError): WireError =>
  error.cause instanceof ZodError ? invalidInput(error.cause.issues) : knownError(error)

/** tRPC's own refusals, such as an unknown procedure or invalid JSON, keep their code and message. */
function knownError(error: TRPCError): WireError {
  const known = toWireError(error.cause ?? error)
  if (known.code !== 'INTERNAL' || error.code === 'INTERNAL_SERVER_ERROR') return known
  return { code: error.code === 'NOT_FOUND' ? 'NOT_FOUND' : 'BAD_REQUEST', message: error.message, details: null }
}

/** Counts the call against its limits, and gives a refusal its tRPC code, which sets the HTTP status. */
const refusals = t.middleware(async ({ ctx, next, type }) => {
  const release = ctx.limits.call()
  // A subscription counts against a limit of its own for as long as it lasts.
  if (type === 'subscription') release()
  const result = await next().finally(release)
  if (result.ok || result.error.cause instanceof ZodError) return result
  if (!result.error.cause && result.error.code !== 'INTERNAL_SERVER_ERROR') return result
  const { code, message } = toWireError(result.error.cause ?? result.error)
  throw new TRPCError({ code: errorKinds[code].trpc, message, cause: result.error.cause })
})

const words: Record<Access, string> = {
  open: 'everyone',
  screen: 'a screen',
  signedIn: 'somebody who is signed in',
  operator: 'an operator',
  member: 'a member',
  player: 'a player or DM',
  dm: 'a DM',
  owner: 'the owner',
}

/** The membership at the start of the call. `access` is the room's `accessVersion` at that moment. */
export type Membership = Member & { roomId: string; access: number }

/**
 * A call by a member. A change checks `caller` again, under the room's lock. `confirm` reads the membership again, for changes that are
 * only in memory; it throws as the call does when the member has lost the right.
 */
type RoomCall = { member: Membership; caller: RoomCaller; confirm(): Promise<Membership> }

/** The collaborators of the builders. Membership is read for each call, so that a removal counts at once. */
export type ProcedureDeps = {
  memberships: RoomMemberships
  /** Throws SCREEN_LINK_INVALID. */
  screenLinks: { open(access: z.infer<typeof ScreenInput>): Promise<ScreenLinkRow> }
  /** Records each refused call. */
  audit: { refused(roomId: string, by: { userId: string; name: string }, what: string, code: string): void }
  isOperator(userId: string): boolean
  telemetry: Pick<CallTelemetry, 'call' | 'know'>
}

/** `get` and `allowed` throw NOT_A_MEMBER; `allowed` also NOT_THE_DM and others for a role without the right. */
interface RoomMemberships {
  get(roomId: string, userId: string): Promise<Membership>
  allowed(roomId: string, userId: string, right: Right): Promise<Membership>
  /** Whether a call of this user with this idempotency key was answered already. */
  hasAnswered(procedure: string, userId: string, key: string): Promise<boolean>
}

export function createProcedures({ memberships, screenLinks, audit, isOperator, telemetry }: ProcedureDeps) {
  const measured = t.middleware(({ ctx, next, path, type }) => {
    // The duration of a subscription is up to its client, so it is not measured.
    if (type === 'subscription') return next()
    const { identity } = ctx.session
    const ids = { ...ctx.ids, ...(identity && { userId: identity.userId }) }
    const codeOf = (result: Awaited<ReturnType<typeof next>>): ErrorCode | null =>
      result.ok ? null : wireErrorOf(result.error).code
    return telemetry.call({ type, name: path, ids }, () => next(), codeOf)
  })
  const base = t.procedure.use(measured).use(refusals)
  const open = base.meta({ access: 'open' })

  const signedIn = base.meta({ access: 'signedIn' }).use(({ ctx, next }) => {
    const { identity } = ctx.session
    if (!identity || ctx.session.isOver)
      throw new TablecastError('UNAUTHORIZED', 'Sign in first: send the token of auth.guest.')
    return next({ ctx: { identity } })
  })

  /** A screen is no member. It reads with the token of its link. */
  const screen = base
    .meta({ access: 'screen' })
    .input(ScreenInput)
    .use(async ({ input, next }) => {
      telemetry.know({ roomId: input.roomId })
      return next({ ctx: { link: await screenLinks.open(input) } })
    })

  const operator = signedIn.meta({ access: 'operator' }).use(({ ctx, next }) => {
    if (!isOperator(ctx.identity.userId))
      throw new TablecastError('FORBIDDEN', 'This is for operators. An operator adds your user id to OPERATORS.')
    return next()
  })

  /** The two checks of a caller's right: `confirm` for this call, and `caller` for a change under the room's lock. */
  const asking = (roomId: string, { userId, name }: Identity, path: string, access: Access, roles: readonly Role[]) => {
    telemetry.know({ roomId })
    const refused = (error: TablecastError) => audit.refused(roomId, { userId, name }, path, error.code)
    const right: Right = { roles, who: words[access], refused }
    return { caller: memberCaller(userId, right), confirm: () => memberships.allowed(roomId, userId, right) }
  }

  const inRoom = (access: Access, roles: readonly Role[]) =>
    signedIn
      .meta({ access })
      .input(z.object({ roomId: Id }))
      .use(async ({ ctx, input: { roomId }, next, path }) => {
        const { caller, confirm } = asking(roomId, ctx.identity, path, access, roles)
        return next({ ctx: { member: await confirm(), caller, confirm } satisfies RoomCall })
      })

  /** For a change that removes the caller's own right to it. A repeat with the same key is answered although the right is gone. */
  const givingUp = (access: Access, roles: readonly Role[]) =>
    signedIn
      .meta({ access })
      .input(z.object({ roomId: Id }))
      .use(async ({ ctx, input: { roomId }, next, path, getRawInput }) => {
        const { caller, confirm } = asking(roomId, ctx.identity, path, access, roles)
        const { data } = z.object({ key: IdempotencyKey }).safeParse(await getRawInput())
        const { userId } = ctx.identity
        const hasRight = await memberships.get(roomId, userId).then(
          ({ role }) => roles.includes(role),
          () => false,
        )
        // Look for an answer after the right: a call with the same key may have taken the right just now, together with its answer.
        const isRepeat = !hasRight && data && (await memberships.hasAnswered(path, userId, data.key))
        if (!hasRight && !isRepeat) await confirm()
        return next({ ctx: { caller } })
      })

  return {
    open,
    signedIn,
    screen,
    operator,
    roomMember: inRoom('member', ['owner', 'dm', 'player', 'spectator']),
    /** Every member except spectators. */
    roomPlayer: inRoom('player', ['owner', 'dm', 'player']),
    roomDm: inRoom('dm', ['owner', 'dm']),
    roomOwner: inRoom('owner', ['owner']),
    roomLeaver: givingUp('member', ['owner', 'dm', 'player', 'spectator']),
    roomGiver: givingUp('owner', ['owner']),
  }
}

export type Procedures = ReturnType<typeof createProcedures>
