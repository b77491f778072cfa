// The reads of members' own streams: their whispers, and their own view of the campaign. A crowd that joins asks for thousands of
// snapshots, nearly all empty. So the reads that wait at the same time share one transaction and its few statements.
import {
  emptyMemberView,
  formatPosition,
  memberView,
  type Position,
  roomStream,
  SNAPSHOT_ENTRIES,
  stateHash,
} from '@tablecast/contracts'
import { Batched, type CampaignRow, type Repositories, type RoomRow, type Store } from '@tablecast/store'
import { encodeWhisper } from './events.ts'
import { isInLog, PAGE, type StreamAnswer } from './reading.ts'

/** `position`: the last event that the member has. */
type MemberRead = { roomId: string; memberId: string; position: Position | null }

export class MemberStreams {
  readonly #batched: Batched<MemberRead, StreamAnswer>

  /** `now`: the time that stands in the snapshots. */
  constructor(store: Store, now: () => string) {
    this.#batched = new Batched({
      run: (work) => store.read(work),
      idOf: idOf,
      answer: async (tables, reads) => {
        const answers = new Map<string, StreamAnswer>()
        for (const [roomId, inRoom] of Map.groupBy(reads, (read) => read.roomId)) {
          const room = await tables.rooms.get(roomId)
          for (const [id, answer] of await readRoom(tables, { room, reads: inRoom, at: now() })) answers.set(id, answer)
        }
        return answers
      },
    })
  }

  /** The events after the position, or one snapshot, as `readStream`. The stream must exist. */
  async read(read: MemberRead): Promise<StreamAnswer> {
    const answer = await this.#batched.get(read)
    if (!answer) throw new Error(`stream ${streamOf(read)} was not read`)
    return answer
  }
}

const streamOf = ({ roomId, memberId }: MemberRead): string => roomStream(roomId, { memberId })

const idOf = (read: MemberRead): string =>
  read.position ? `${streamOf(read)} ${formatPosition(read.position)}` : streamOf(read)

type RoomReads = { room: RoomRow | null; reads: readonly MemberRead[]; at: string }

async function readRoom(tables: Repositories, { room, reads, at }: RoomReads): Promise<Map<string, StreamAnswer>> {
  const access = room?.access ?? 0
  const answers = new Map<string, StreamAnswer>()
  const streams = await tables.streams.openAll(reads.map(streamOf))
  const snapshots: MemberRead[] = []
  for (const read of reads) {
    const stream = streams.get(streamOf(read))
    if (!stream || !isInLog(read.position, stream)) {
      snapshots.push(read)
      continue
    }
    const { seq } = read.position
    const events = seq === stream.head ? [] : await tables.streams.since(stream.id, seq, PAGE)
    answers.set(idOf(read), { kind: 'events', epoch: stream.epoch, access, floor: stream.floor, events })
  }
  if (snapshots.length === 0) return answers
  const campaign = room?.activeCampaignId ? await tables.campaigns.get(room.activeCampaignId) : null
  const memberIds = [...new Set(snapshots.map(({ memberId }) => memberId))]
  const pages = campaign && (await whispers(tables, campaign, memberIds))
  const players = campaign && (await playersAmong(tables, campaign.roomId, memberIds))
  for (const read of snapshots) {
    const stream = streams.get(streamOf(read))
    if (!stream) continue
    const page = pages?.get(read.memberId) ?? { entries: [], more: false }
    // The state names players alone. This holds also where an older version has changed the room since.
    const view = campaign && players?.has(read.memberId) ? memberView(campaign.state, read.memberId) : emptyMemberView
    const body = { type: 'whispers_active' as const, campaign_id: campaign?.id ?? null, ...page }
    const text = encodeWhisper(stream.head, at, { ...body, view, hash: stateHash(view) })
    const { epoch, floor, head } = stream
    answers.set(idOf(read), { kind: 'snapshot', epoch, access, floor, seq: head, text })
  }
  return answers
}

async function whispers({ entries }: Repositories, { id }: CampaignRow, memberIds: readonly string[]) {
  const pages = new Map<string, Awaited<ReturnType<typeof entries.page>>>()
  for (const memberId of await entries.membersWithWhispers(id, memberIds))
    pages.set(memberId, await entries.page(id, { memberId }, { limit: SNAPSHOT_ENTRIES }))
  return pages
}

async function playersAmong({ rooms }: Repositories, roomId: string, memberIds: readonly string[]) {
  const members = await rooms.memberships(roomId, memberIds)
  return new Set(members.flatMap(({ userId, role }) => (role === 'player' ? [userId] : [])))
}
