// Sends inputs of each family to every kind of endpoint, and checks after each few that the server still serves others.
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { undeclaredError } from './declared-errors.ts'
import { openClients } from './clients/open-clients.ts'
import {
  type Answer,
  type EndpointKind,
  endpointKinds,
  type RawClient,
  type SentRequest,
  type Target,
} from './clients/raw-client.ts'
import {
  allFamilies,
  type Family,
  fieldsOf,
  hasPlaceFor,
  hostileInput,
  isTextFamily,
  isUnbounded,
  longestText,
} from './inputs.ts'
import { type Attacker, People, type Room } from './people.ts'
import { parsedFields } from './texts.ts'

/** The longest CPU time that one call may keep the server's thread. */
export const MAX_STALL_MS = 100
/** In characters. A page of history with the longest entries is half as long. */
const MAX_ANSWER_LENGTH = 2_000_000

export type AssaultOptions = {
  url: string
  port: number
  /** The room whose players and DMs attack; by default `own`. */
  room?: Room
  /** Inputs of each family at each kind of endpoint. A family of texts sends three times as many where a field takes long texts. */
  runs: number
  /** After this time no attack begins. Each family gets an equal share, so a busy machine sends less of each. */
  seconds: number
  /** The number of attacks that a busy machine sends all the same, however long that takes; by default 0. */
  leastAttacks?: number
  seed: number
  endpoints?: readonly EndpointKind[]
  families?: readonly Family[]
  /** Selects the targets; by default all. */
  isSelected?: (endpoint: EndpointKind, target: string) => boolean
  /** The longest CPU time of one call since the last call of this function. */
  stallMs(): Promise<number>
  /** Runs after each attack: the reason why a following page or client is not well, or null. */
  complaint?: () => Promise<string | null>
  /** Runs after each family at each kind of endpoint. */
  onFamilyDone?: (endpoint: EndpointKind, family: Family, found: HostileFinding | null) => void
}

export type HostileFinding = {
  endpoint: EndpointKind
  family: Family
  who: Attacker
  target: string
  text: string
  problem: string
}

/** `found` has at most one item for each family and kind of endpoint. `worstStallMs` is the maximum over all attacks. */
export type Outcome = { attacks: number; found: HostileFinding[]; worstStallMs: number }

type Attack = { target: Target; who: Attacker; sent: SentRequest }

export async function assault(options: AssaultOptions): Promise<Outcome> {
  const { url, port, endpoints = endpointKinds, families = allFamilies, isSelected = () => true } = options
  const people = await People.open(url, options.room ?? 'own')
  await people.prepare()
  const outcome: Outcome = { attacks: 0, found: [], worstStallMs: 0 }
  const clients = (await openClients(url, port, people.roomId)).filter(({ kind }) => endpoints.includes(kind))
  const deadline = performance.now() + options.seconds * 1_000
  const all = clients.length * families.length
  let left = all
  for (const client of clients) {
    await using _open = client
    for (const family of families) {
      const until = performance.now() + Math.max(0, deadline - performance.now()) / left
      left -= 1
      const targets = client.targets.filter(
        ({ name, schema, head }) =>
          isSelected(client.kind, name) && [schema, head].some((one) => one && hasPlaceFor(one, family)),
      )
      if (targets.length === 0) continue
      await people.restore()
      // Resets the measurement.
      await options.stallMs()
      const found = await attackWith({
        ...options,
        seed: options.seed + left,
        client,
        family,
        targets,
        people,
        outcome,
        until,
        atLeast: ((options.leastAttacks ?? 0) * (all - left)) / all,
      })
      if (found) outcome.found.push(found)
      options.onFamilyDone?.(client.kind, family, found)
    }
  }
  return outcome
}

type AttackOptions = AssaultOptions & {
  client: RawClient
  family: Family
  targets: readonly Target[]
  people: People
  outcome: Outcome
  /** On the clock of `performance`. */
  until: number
  /** The number of attacks, of all families so far, before `until` counts. */
  atLeast: number
}

/** The number of attacks that are sent before the server is checked. */
const BATCH_SIZE = 6

/** The first attack that does harm, or null. */
async function attackWith(options: AttackOptions): Promise<HostileFinding | null> {
  const { client, family, targets, outcome, seed, runs, until, atLeast } = options
  let found: HostileFinding | null = null
  const few = fc.array(attacks(options), { minLength: BATCH_SIZE, maxLength: BATCH_SIZE })
  const result = await fc.check(
    fc.asyncProperty(few, async (all) => {
      if (performance.now() > until && outcome.attacks >= atLeast) return
      outcome.attacks += all.length
      const harm = await harmOf(options, all)
      if (harm === null) return
      const { attack, problem } = await culpritOf(options, all, harm)
      found = {
        endpoint: client.kind,
        family,
        who: attack.who,
        target: attack.target.name,
        text: shortened(attack.sent),
        problem,
      }
      throw new Error(problem)
    }),
    {
      numRuns: Math.ceil((isTextFamily(family) && targets.some(isLong) ? runs * 3 : runs) / BATCH_SIZE),
      seed,
      // No shrinking: after the first harm the server may be slow, so smaller inputs would look harmful too.
      endOnFailure: true,
    },
  )
  if (result.failed) await recovered(options)
  return found
}

type Harm = { attack: Attack; problem: string }

/** Finds the harmful attack of several by sending each alone. */
async function culpritOf(options: AttackOptions, all: readonly Attack[], harm: Harm): Promise<Harm> {
  for (const attack of all) {
    await recovered(options)
    const again = await harmOf(options, [renewed(attack)])
    if (again !== null) return again
  }
  return { ...harm, problem: `${harm.problem} (not by one of them alone)` }
}

/** The time for the server to recover from a harmful attack. */
const RECOVERY_TIMEOUT_MS = 120_000
/** Targets that take a text of this length get more attacks of the families of texts. */
const LONG_TEXT = 1_000
const isLong = ({ schema }: Target) => schema !== null && (longestText(schema) ?? 0) >= LONG_TEXT

function weightOf({ schema, ...target }: Target, family: Family): number {
  if (!schema) return 1
  if (!isTextFamily(family)) return isUnbounded(schema, family) ? 8 : 1
  const pattern = parsedFields[family]
  if (pattern && fieldsOf(schema).some((name) => pattern.test(name))) return 24
  return isLong({ schema, ...target }) ? 4 : 1
}

function attacks({ family, targets, people }: AttackOptions): fc.Arbitrary<Attack> {
  const target = fc.oneof(...targets.map((one) => ({ weight: weightOf(one, family), arbitrary: fc.constant(one) })))
  // Members of a room can call most targets, so they attack more often.
  const who = fc.constantFrom<Attacker>('stranger', 'guest', 'guest', 'player', 'player', 'player', 'dm', 'dm', 'dm')
  return fc.tuple(target, who).chain(([chosen, by]) => {
    const inputOptions = { known: people.knownTo(by), largest: chosen.largest }
    const textOf = (schema: Target['schema'] | undefined) =>
      schema ? hostileInput(schema, family, inputOptions) : fc.constant('null')
    return fc
      .record({ text: textOf(chosen.schema), head: textOf(chosen.head) })
      .map((sent) => ({ target: chosen, who: by, sent }))
  })
}

/** The same attack with a new key. With the old key the server would only repeat its answer. */
const renewed = ({ sent, ...attack }: Attack): Attack => ({
  ...attack,
  sent: { ...sent, text: sent.text.replace(/"key":"[^"]*"/, `"key":"${crypto.randomUUID()}"`) },
})

/** The harm that these attacks did, or null if each was refused or carried out normally. */
async function harmOf(
  { client, people, stallMs, outcome, complaint }: AttackOptions,
  all: readonly Attack[],
): Promise<Harm | null> {
  let last: Attack | null = null
  for (const attack of all) {
    const { target, who, sent } = attack
    if (Buffer.byteLength(sent.text) > target.largest) continue
    last = attack
    const problem = await client
      .send(target, sent, people.tokenOf(who))
      .then((answer) => problemOf(answer) ?? undeclaredError(target.name, answer.text), String)
    if (problem !== null) return { attack, problem }
  }
  if (last === null) return null
  const stalled = await stallMs()
  outcome.worstStallMs = Math.max(outcome.worstStallMs, stalled)
  const problem =
    stalled > MAX_STALL_MS ? `kept the thread for ${Math.round(stalled)} ms` : ((await complaint?.()) ?? null)
  return problem === null ? null : { attack: last, problem }
}

function problemOf({ status, text: own, earlier = '' }: Answer): string | null {
  const text = own + earlier
  if (status !== null && status >= 500 && !isModelFailure(text)) return `status ${status}: ${text.slice(0, 200)}`
  if (text.includes('"code":"INTERNAL"')) return `an error of the server's own: ${text.slice(0, 300)}`
  if (/node_modules|\.ts:\d+:\d+/.test(text)) return 'the answer shows a path of the server'
  return text.length > MAX_ANSWER_LENGTH ? `an answer of ${text.length} characters` : null
}

/** A failure of the language model is not the server's failure. */
const isModelFailure = (text: string) => text.includes('"code":"NARRATOR_UNAVAILABLE"')

/** Waits until the server answers again, and resets the measurement. Throws after `RECOVERY_TIMEOUT_MS`. */
async function recovered({ stallMs, people }: AttackOptions): Promise<void> {
  const deadline = performance.now() + RECOVERY_TIMEOUT_MS
  for (;;)
    try {
      await people.restore()
      await stallMs()
      return
    } catch (error) {
      if (performance.now() > deadline) throw error
      await sleep(100)
    }
}

function shortened({ text, head }: SentRequest): string {
  const cut = (one: string) => (one.length > 600 ? `${one.slice(0, 600)} … (${one.length} characters)` : one)
  return head === 'null' ? cut(text) : `${cut(head)} ${cut(text)}`
}
