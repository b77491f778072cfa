// The rules that hold after any fault. Everything acknowledged is in the log once. Every client received the log of its
// audience, in order and once, with snapshots in place of missed events. Pure.
import type { Audience, CampaignEvent } from '@tablecast/contracts'

export type LogEvent = { seq: number; text: string }
export type LogStream = { epoch: string; head: number; floor: number; events: readonly LogEvent[] }
export type Log = Record<Audience, LogStream>

/** The acknowledgement of a DM's change. `mark`: words in it that are nowhere else; null for a change without words. */
export type Acknowledged = { key: string; seq: number; mark: string | null }

/** One thing that a client received. A field that a kind of client can't know is absent, and is not compared. */
export type ReceivedEvent = {
  kind: 'event' | 'snapshot'
  epoch?: string
  seq: number
  /** The event as it came, in JSON. */
  text?: string
  /** Of the view, after it was applied. */
  hash?: string
  /** Of an event the new entries; of a snapshot all that it brought. */
  entryIds?: readonly string[]
}

export type FollowerRecord = {
  name: string
  audience: Audience
  heard: ReceivedEvent[]
  /** How often it connected. */
  connections: number
  /** Secrets that it received, and other faults that it noticed by itself. */
  complaints: string[]
}

export type Verdict = {
  acknowledged: number
  lost: number
  repeated: number
  outOfOrder: number
  snapshots: number
  reconnects: number
  delivered: number
  /** In words, the first few of each kind. */
  problems: string[]
}

const MAX_PROBLEMS = 20

export function judge({
  acknowledged,
  log,
  followers,
}: {
  acknowledged: readonly Acknowledged[]
  log: Log
  followers: readonly FollowerRecord[]
}): Verdict {
  const verdict: Verdict = {
    acknowledged: acknowledged.length,
    lost: 0,
    repeated: 0,
    outOfOrder: 0,
    snapshots: 0,
    reconnects: 0,
    delivered: 0,
    problems: [],
  }
  const report = (problem: string) => {
    if (verdict.problems.length < MAX_PROBLEMS) verdict.problems.push(problem)
  }
  for (const audience of ['dm', 'player'] as const) checkStream(log[audience], audience, report)
  checkAcknowledged(acknowledged, log.dm, verdict, report)
  const states = { dm: statesOf(log.dm), player: statesOf(log.player) }
  for (const follower of followers) {
    checkFollower(follower, log[follower.audience], states[follower.audience], verdict, report)
    for (const complaint of follower.complaints) report(`${follower.name}: ${complaint}`)
  }
  return verdict
}

export const isClean = ({ lost, repeated, outOfOrder, problems }: Verdict): boolean =>
  lost + repeated + outOfOrder + problems.length === 0

type Report = (problem: string) => void

function checkStream({ head, floor, events }: LogStream, audience: Audience, report: Report): void {
  if (floor !== 0) report(`the ${audience} log was pruned up to ${floor}: too long a run to be judged`)
  if (events.length !== head || events.some(({ seq }, index) => seq !== index + 1))
    report(`the ${audience} log has ${events.length} events and its head is ${head}`)
}

/** Each is there once, at the acknowledged place, and the log holds nothing that no client received. */
function checkAcknowledged(
  acknowledged: readonly Acknowledged[],
  log: LogStream,
  verdict: Verdict,
  report: Report,
): void {
  const places = new Map<number, string>()
  const marks = countMarks(log)
  for (const { key, seq, mark } of acknowledged) {
    const other = places.get(seq)
    const event = log.events[seq - 1]
    if (!event) {
      verdict.lost += 1
      report(`${key} was acknowledged as ${seq}, which the log does not have`)
    } else if (other !== undefined) {
      verdict.lost += 1
      report(`${key} and ${other} were both acknowledged as ${seq}`)
    } else if (mark !== null && !event.text.includes(mark)) {
      verdict.lost += 1
      report(`${key} was acknowledged as ${seq}, where the log has something else`)
    }
    places.set(seq, key)
    const times = mark === null ? 1 : (marks.get(mark) ?? 0)
    if (times > 1) {
      verdict.repeated += times - 1
      report(`${key} stands in the log ${times} times`)
    }
  }
  for (const { seq, text } of log.events) {
    const { type } = JSON.parse(text) as CampaignEvent
    if (type !== 'campaign_updated' || places.has(seq)) continue
    verdict.repeated += 1
    report(`the log has ${seq}, which no client received`)
  }
}

/** Marks are `<letters and digits>` in angle brackets, so that one is not the beginning of another. */
function countMarks({ events }: LogStream): Map<string, number> {
  const marks = new Map<string, number>()
  for (const { text } of events)
    for (const [mark] of text.matchAll(/<[\w-]+>/g)) marks.set(mark, (marks.get(mark) ?? 0) + 1)
  return marks
}

type State = { hash: string; entryIds: readonly string[]; lastEntryId: string | null }

/** By seq: the hash of the view after it, its own entries, and the newest entry by then. */
function statesOf({ events }: LogStream): (State | undefined)[] {
  const states: (State | undefined)[] = [undefined]
  let lastEntryId: string | null = null
  let hash = ''
  for (const { text } of events) {
    const event = JSON.parse(text) as CampaignEvent
    const entryIds =
      event.type === 'campaign_updated'
        ? event.entries.map(({ id }) => id)
        : event.type === 'campaign_deactivated'
          ? []
          : event.snapshot.entries.map(({ id }) => id)
    if (event.type === 'campaign_updated') ({ hash } = event)
    else if (event.type !== 'campaign_deactivated') ({ hash } = event.snapshot)
    lastEntryId = entryIds.at(-1) ?? lastEntryId
    states.push({ hash, entryIds, lastEntryId })
  }
  return states
}

function checkFollower(
  { name, heard, connections }: FollowerRecord,
  log: LogStream,
  states: readonly (State | undefined)[],
  verdict: Verdict,
  report: Report,
): void {
  let at: number | null = null
  const seen = new Set<number>()
  verdict.reconnects += Math.max(0, connections - 1)
  for (const one of heard) {
    const { kind, seq, epoch } = one
    if (epoch !== undefined && epoch !== log.epoch) report(`${name} got the epoch ${epoch}, which does not exist`)
    const difference = differenceOf(one, log.events[seq - 1], states[seq])
    if (difference) report(`${name} at ${seq}: ${difference}`)
    if (kind === 'snapshot') {
      if (at !== null) verdict.snapshots += 1
      if (at !== null && seq < at) {
        verdict.outOfOrder += 1
        report(`${name} had ${at} and was given a snapshot of ${seq}`)
      }
      at = seq
      continue
    }
    verdict.delivered += 1
    if (at === null) {
      verdict.outOfOrder += 1
      report(`${name} received ${seq} before it had a snapshot`)
      at = seq
    } else if (seq <= at) {
      if (seen.has(seq)) verdict.repeated += 1
      else verdict.outOfOrder += 1
      report(`${name} had ${at} and received ${seq}`)
    } else {
      if (seq > at + 1) {
        verdict.lost += seq - at - 1
        report(`${name} had ${at} and received ${seq} next`)
      }
      at = seq
    }
    seen.add(seq)
  }
  if ((at ?? 0) >= log.head) return
  verdict.lost += log.head - (at ?? 0)
  report(`${name} ended at ${at ?? 'nothing'}, and the log at ${log.head}`)
}

function differenceOf(
  { kind, text, hash, entryIds }: ReceivedEvent,
  event: LogEvent | undefined,
  state: State | undefined,
) {
  if (!event || !state) return 'the log has no such event'
  if (hash !== undefined && hash !== state.hash) return `its view is ${hash}, and the log's ${state.hash}`
  if (kind === 'snapshot') {
    const last = entryIds?.at(-1)
    return last !== undefined && last !== state.lastEntryId ? 'the newest entry of its snapshot is another' : null
  }
  if (text !== undefined && JSON.stringify(JSON.parse(event.text)) !== text) return 'it is not what the log has'
  if (entryIds !== undefined && entryIds.join() !== state.entryIds.join()) return 'its entries are not those of the log'
  return null
}
