// Everything that somebody may send, at every door, while it is watched what it does to everybody else.
import { setTimeout as rest } from 'node:timers/promises'
import fc from 'fast-check'
import { undeclaredError } from './declared-errors.ts'
import { type Answer, type Door, doorNames, type DoorName, openDoors, type Sent, type Target } from './doors.ts'
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
import { meantFor } from './texts.ts'

/** One call of the process that serves does not keep it for longer, in milliseconds of its own work. */
export const MAX_STALL_MS = 100
/** Of an answer. A page of history with the longest of entries is half as long. */
const MAX_ANSWER = 2_000_000

export type AssaultOptions = {
  url: string
  port: number
  /** Whose players and DMs attack; one of their own by default. */
  room?: Room
  /** Of each family, at each door; of one that is about texts, three times as many where there are long ones. */
  runs: number
  /** When they are over nothing new is begun, and each family had its share of them: a busy machine gets through less. */
  seconds: number
  seed: number
  doors?: readonly DoorName[]
  families?: readonly Family[]
  /** Only these calls; all by default. */
  isMeant?: (door: DoorName, target: string) => boolean
  /** The longest that one call kept the thread since this was asked last. */
  stallMs(): Promise<number>
  /** Looked at after each attack of a page or client that follows: why it is not well, or null. */
  complaint?: () => Promise<string | null>
  /** Told of each family at each door when it is through. */
  through?: (door: DoorName, family: Family, found: Found | null) => void
}

export type Found = { door: DoorName; family: Family; who: Attacker; target: string; text: string; problem: string }

/** `found`: at most one for each family and door. `worstStallMs`: over all of it. */
export type Outcome = { attacks: number; found: Found[]; worstStallMs: number }

type Attack = { target: Target; who: Attacker; sent: Sent }

export async function assault(options: AssaultOptions): Promise<Outcome> {
  const { url, port, doors: wanted = doorNames, families = allFamilies, isMeant = () => true } = options
  const people = await People.sit(url, options.room ?? 'own')
  await people.prepare()
  const outcome: Outcome = { attacks: 0, found: [], worstStallMs: 0 }
  const opened = (await openDoors(url, port)).filter(({ name }) => wanted.includes(name))
  const deadline = performance.now() + options.seconds * 1_000
  let left = opened.length * families.length
  for (const door of opened) {
    await using _open = door
    for (const family of families) {
      const until = performance.now() + Math.max(0, deadline - performance.now()) / left
      left -= 1
      const targets = door.targets.filter(
        ({ name, schema, head }) =>
          isMeant(door.name, name) && [schema, head].some((one) => one && hasPlaceFor(one, family)),
      )
      if (targets.length === 0) continue
      await people.comeBack()
      // Of what was done until now.
      await options.stallMs()
      const found = await attackWith({
        ...options,
        seed: options.seed + left,
        door,
        family,
        targets,
        people,
        outcome,
        until,
      })
      if (found) outcome.found.push(found)
      options.through?.(door.name, family, found)
    }
  }
  return outcome
}

type AttackOptions = AssaultOptions & {
  door: Door
  family: Family
  targets: readonly Target[]
  people: People
  outcome: Outcome
  /** On the clock of `performance`. */
  until: number
}

/** So many are sent one after the other before it is looked at what they did. */
const TOGETHER = 6

/** The first attack that does harm, or null. */
async function attackWith(options: AttackOptions): Promise<Found | null> {
  const { door, family, targets, outcome, seed, runs, until } = options
  let found: Found | null = null
  const few = fc.array(attacks(options), { minLength: TOGETHER, maxLength: TOGETHER })
  const result = await fc.check(
    fc.asyncProperty(few, async (all) => {
      if (performance.now() > until) return
      outcome.attacks += all.length
      const harm = await harmOf(options, all)
      if (harm === null) return
      const { attack, problem } = await culpritOf(options, all, harm)
      found = {
        door: door.name,
        family,
        who: attack.who,
        target: attack.target.name,
        text: shortened(attack.sent),
        problem,
      }
      throw new Error(problem)
    }),
    {
      numRuns: Math.ceil((isTextFamily(family) && targets.some(isLong) ? runs * 3 : runs) / TOGETHER),
      seed,
      // Who was harmed once is harmed again: nothing is gained by looking for a smaller one.
      endOnFailure: true,
    },
  )
  if (result.failed) await isWell(options)
  return found
}

type Harm = { attack: Attack; problem: string }

/** Which of several did it: tried again, each alone. */
async function culpritOf(options: AttackOptions, all: readonly Attack[], harm: Harm): Promise<Harm> {
  for (const attack of all) {
    await isWell(options)
    const again = await harmOf(options, [renewed(attack)])
    if (again !== null) return again
  }
  return { ...harm, problem: `${harm.problem} (not by one of them alone)` }
}

/** After an attack that did harm. */
const RECOVERY_MS = 120_000
/** What takes a text of some length is what a family of texts is for. */
const LONG_TEXT = 1_000
const isLong = ({ schema }: Target) => schema !== null && (longestText(schema) ?? 0) >= LONG_TEXT

function weightOf({ schema, ...target }: Target, family: Family): number {
  if (!schema) return 1
  if (!isTextFamily(family)) return isUnbounded(schema, family) ? 8 : 1
  const pattern = meantFor[family]
  if (pattern && fieldsOf(schema).some((name) => pattern.test(name))) return 24
  return isLong({ schema, ...target }) ? 4 : 1
}

function attacks({ family, targets, people }: AttackOptions): fc.Arbitrary<Attack> {
  const target = fc.oneof(...targets.map((one) => ({ weight: weightOf(one, family), arbitrary: fc.constant(one) })))
  // Most can be done by those who sit at a table.
  const who = fc.constantFrom<Attacker>('stranger', 'guest', 'guest', 'player', 'player', 'player', 'dm', 'dm', 'dm')
  return fc.tuple(target, who).chain(([asked, by]) => {
    const given = { known: people.knownTo(by), largest: asked.largest }
    const textOf = (schema: Target['schema'] | undefined) =>
      schema ? hostileInput(schema, family, given) : fc.constant('null')
    return fc
      .record({ text: textOf(asked.schema), head: textOf(asked.head) })
      .map((sent) => ({ target: asked, who: by, sent }))
  })
}

/** With a key of its own: under the one from before nothing would be done again. */
const renewed = ({ sent, ...attack }: Attack): Attack => ({
  ...attack,
  sent: { ...sent, text: sent.text.replace(/"key":"[^"]*"/, `"key":"${crypto.randomUUID()}"`) },
})

/** What these did that they must not; null when all were refused or carried out as anything else. */
async function harmOf(
  { door, people, stallMs, outcome, complaint }: AttackOptions,
  all: readonly Attack[],
): Promise<Harm | null> {
  let last: Attack | null = null
  for (const attack of all) {
    const { target, who, sent } = attack
    if (Buffer.byteLength(sent.text) > target.largest) continue
    last = attack
    const problem = await door
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

function problemOf({ status, text }: Answer): string | null {
  if (status !== null && status >= 500 && !isOfTheModel(text)) return `status ${status}: ${text.slice(0, 200)}`
  if (text.includes('"code":"INTERNAL"')) return `an error of the server's own: ${text.slice(0, 300)}`
  if (/node_modules|\.ts:\d+:\d+/.test(text)) return 'the answer tells of the inside'
  return text.length > MAX_ANSWER ? `an answer of ${text.length} characters` : null
}

/** A language model that does not answer is not the server's. */
const isOfTheModel = (text: string) => text.includes('"code":"NARRATOR_UNAVAILABLE"')

/** A server that stands still is waited for, and what happened until now does not count any more. Throws when it does not recover. */
async function isWell({ stallMs, people }: AttackOptions): Promise<void> {
  const deadline = performance.now() + RECOVERY_MS
  for (;;)
    try {
      await people.comeBack()
      await stallMs()
      return
    } catch (error) {
      if (performance.now() > deadline) throw error
      await rest(100)
    }
}

function shortened({ text, head }: Sent): string {
  const cut = (one: string) => (one.length > 600 ? `${one.slice(0, 600)} … (${one.length} characters)` : one)
  return head === 'null' ? cut(text) : `${cut(head)} ${cut(text)}`
}
