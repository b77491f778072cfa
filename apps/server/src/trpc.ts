// Context, procedure builders and the error formatter. Every procedure is made by a builder that names who may call it.
import {
  type ErrorCode,
  errorKinds,
  Id,
  IdempotencyKey,
  type Member,
  type Role,
  TablecastError,
} from '@tablecast/contracts'
import { memberCaller, type Right, type RoomCaller } from '@tablecast/orchestrator'
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
 * `session`: who is at the other end, by the newest token; `token`: the one that the connection came with. `limits`: those
 * of this connection. `address`: for limits, of the client or its network. `ids`: of the request or connection, for the log.
 * `inputText`: of a mutation that came over a wire, for what must pass as it was written.
 * `whenSilent`: calls back when the client seems to be gone, and when it is heard again. Returns what ends that.
 */
export type Context = {
  session: CallerSession
  token: string | null
  limits: ConnectionLimits
  address: string
  ids: CallIds
  /** Of a campaign that is imported over HTTP: what was cut out of the input, to be parsed a few at a time. */
  longEntries?: LongArray | null
  inputText?: InputText
  whenSilent(changed: (isSilent: boolean) => void): () => void
}

/** `player`: a member who is no spectator. */
export type Access = 'open' | 'signedIn' | 'operator' | 'member' | 'player' | 'dm' | 'owner'

const t = initTRPC
  .context<Context>()
  .meta<{ access: Access }>()
  .create({
    // A page notices within 10 s that a stream leads nowhere.
    sse: { ping: { enabled: true, intervalMs: 3_000 }, client: { reconnectAfterInactivityMs: 10_000 } },
    isDev: false,
    errorFormatter({ shape, error }) {
      const { code, message, details } = wireErrorOf(error)
      return { ...shape, message, data: { ...shape.data, tablecast: { code, details } } }
    },
  })

export const { router } = t

/** What a client is told of an error of tRPC's. */
export const wireErrorOf = (error: TRPCError): WireError =>
  error.cause instanceof ZodError ? invalidInput(error.cause.issues) : knownError(error)

/** tRPC's own refusals (an unknown procedure, a body that is no JSON) keep their code and message. */
function knownError(error: TRPCError): WireError {
  const known = toWireError(error.cause ?? error)
  if (known.code !== 'INTERNAL' || error.code === 'INTERNAL_SERVER_ERROR') return known
  return { code: error.code === 'NOT_FOUND' ? 'NOT_FOUND' : 'BAD_REQUEST', message: error.message, details: null }
}

/** Gives a refusal its tRPC code, and so its HTTP status. */
const refusals = t.middleware(async ({ ctx, next, type }) => {
  const release = ctx.limits.call()
  // A subscription has its own share for as long as it lasts.
  if (type === 'subscription') release()
  const result = await next().finally(release)
  if (result.ok || result.error.cause instanceof ZodError) return result
  if (!result.error.cause && result.error.code !== 'INTERNAL_SERVER_ERROR') return result
  const { code, message } = toWireError(result.error.cause ?? result.error)
  throw new TRPCError({ code: errorKinds[code].trpc, message, cause: result.error.cause })
})

const words: Record<Access, string> = {
  open: 'everyone',
  signedIn: 'who is signed in',
  operator: 'an operator',
  member: 'a member',
  player: 'a player or DM',
  dm: 'a DM',
  owner: 'the owner',
}

/** As it was when the call came in. `access`: the room's count of changes of who may hear what, at that moment. */
export type Membership = Member & { roomId: string; access: number }

/**
 * A call by a member. `caller`: asked again when something is changed. `confirm`: who they are now, for what is kept in memory alone;
 * throws like the call itself when they may no more.
 */
type RoomCall = { member: Membership; caller: RoomCaller; confirm(): Promise<Membership> }

/** The builders, by who may call. Membership is read anew for each call: being removed counts at once. */
export type ProcedureDeps = {
  rooms: RoomMembers
  /** Calls that were turned down. */
  audit: { refused(roomId: string, by: { userId: string; name: string }, what: string, code: string): void }
  isOperator(userId: string): boolean
  telemetry: Pick<CallTelemetry, 'call' | 'know'>
}

/** `membership` and `allowed` throw NOT_A_MEMBER; `allowed` also NOT_THE_DM and others for a role without the right. */
interface RoomMembers {
  membership(roomId: string, userId: string): Promise<Membership>
  allowed(roomId: string, userId: string, right: Right): Promise<Membership>
  /** Whether this key of the user's has its answer already. */
  hasAnswered(procedure: string, userId: string, key: string): Promise<boolean>
}

export function createProcedures({ rooms, audit, isOperator, telemetry }: ProcedureDeps) {
  const measured = t.middleware(({ ctx, next, path, type }) => {
    // It lasts as long as its client likes.
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
      throw new TablecastError('UNAUTHORIZED', 'sign in first: send the token of auth.guest')
    return next({ ctx: { identity } })
  })

  const operator = signedIn.meta({ access: 'operator' }).use(({ ctx, next }) => {
    if (!isOperator(ctx.identity.userId))
      throw new TablecastError('FORBIDDEN', 'this is for operators: the user ids of OPERATORS')
    return next()
  })

  /** The caller, and what turns them down here or, when something is changed, under the room's lock. */
  const asking = (roomId: string, { userId, name }: Identity, path: string, access: Access, roles: readonly Role[]) => {
    telemetry.know({ roomId })
    const refused = (error: TablecastError) => audit.refused(roomId, { userId, name }, path, error.code)
    const right: Right = { roles, who: words[access], refused }
    return { caller: memberCaller(userId, right), confirm: () => rooms.allowed(roomId, userId, right) }
  }

  const inRoom = (access: Access, roles: readonly Role[]) =>
    signedIn
      .meta({ access })
      .input(z.object({ roomId: Id }))
      .use(async ({ ctx, input: { roomId }, next, path }) => {
        const { caller, confirm } = asking(roomId, ctx.identity, path, access, roles)
        return next({ ctx: { member: await confirm(), caller, confirm } satisfies RoomCall })
      })

  /** For a change that takes the caller's own right to it: a repeat comes from somebody who has it no more, and is answered. */
  const givingUp = (access: Access, roles: readonly Role[]) =>
    signedIn
      .meta({ access })
      .input(z.object({ roomId: Id }))
      .use(async ({ ctx, input: { roomId }, next, path, getRawInput }) => {
        const { caller, confirm } = asking(roomId, ctx.identity, path, access, roles)
        const { data } = z.object({ key: IdempotencyKey }).safeParse(await getRawInput())
        if (!data || !(await rooms.hasAnswered(path, ctx.identity.userId, data.key))) await confirm()
        return next({ ctx: { caller } })
      })

  return {
    open,
    signedIn,
    operator,
    roomMember: inRoom('member', ['owner', 'dm', 'player', 'spectator']),
    /** Who may speak: everyone but spectators. */
    roomPlayer: inRoom('player', ['owner', 'dm', 'player']),
    roomDm: inRoom('dm', ['owner', 'dm']),
    roomOwner: inRoom('owner', ['owner']),
    roomLeaver: givingUp('member', ['owner', 'dm', 'player', 'spectator']),
    roomGiver: givingUp('owner', ['owner']),
  }
}

export type Procedures = ReturnType<typeof createProcedures>
