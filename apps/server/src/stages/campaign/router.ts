import {
  ActivateCampaignInput,
  ArchiveCampaignInput,
  audienceOf,
  CampaignInput,
  type CampaignEvent,
  CreateCampaignInput,
  DeactivateCampaignInput,
  EditInput,
  EditOwnCharacterInput,
  EventsInput,
  ExportCampaignInput,
  formatPosition,
  HistoryInput,
  ImportCampaignInput,
  ImportScenarioInput,
  parsePosition,
  RenameCampaignInput,
  SayInput,
  SinceInput,
  type SinceAnswer,
  type StatePatch,
  TablecastError,
  UndoInput,
  type WhisperEvent,
  WhisperEventsInput,
  WhisperInput,
  type WhisperSinceAnswer,
  WhisperSinceInput,
} from '@tablecast/contracts'
import type { Actor } from '@tablecast/narrator'
import type { Listener, Narration, Orchestrator } from '@tablecast/orchestrator'
import { type Membership, type Procedures, router } from '../../trpc.ts'
import type { Audit } from '../../ops/audit.ts'
import { resumePoint } from '../../transport/resume-point.ts'
import type { CampaignLive } from './live.ts'
import { say } from './narrator/say.ts'
import type { RoomStreams } from './room-streams.ts'
import type { Rooms } from './rooms.ts'
import type { ScenarioReader } from './scenario-reader.ts'

export type CampaignParts = {
  orchestrator: Orchestrator
  narration: Narration
  live: CampaignLive
  rooms: Rooms
  audit: Audit
  roomStreams: RoomStreams
  scenarios: ScenarioReader
}

const noSuchMember = () => {
  throw new TablecastError('NOT_FOUND', 'there is no such member in this room')
}

export const actorOf = ({ userId, name, role }: Pick<Membership, 'userId' | 'name' | 'role'>): Actor => ({
  id: userId,
  name,
  role: audienceOf(role) === 'dm' ? 'dm' : 'player',
})

export function campaignRouter({ roomMember, roomPlayer, roomDm }: Procedures, parts: CampaignParts) {
  const { orchestrator, live, rooms, audit, roomStreams, scenarios } = parts
  const by = (member: Membership) => ({ roomId: member.roomId, actor: actorOf(member) })

  /** Asked again after the reading: who was removed meanwhile is told nothing that came later. */
  const read = async (member: Membership, listener: Listener, cursor: string | null | undefined) => {
    const position = parsePosition(cursor)
    const answer = await orchestrator.eventsAfter(member.roomId, listener, position)
    await roomStreams.mayListen(member)
    const found = answer.kind === 'events' ? answer.events : [answer]
    const seq = found.at(-1)?.seq ?? position?.seq ?? 0
    return { cursor: formatPosition({ epoch: answer.epoch, seq }), texts: found.map(({ text }) => text) }
  }

  const from = async (
    { roomId, lastEventId }: { roomId: string; lastEventId?: string | null | undefined },
    listener: Listener,
  ) => {
    const channel = await live.channel(roomId, listener)
    return { channel, after: resumePoint(channel, lastEventId), lastEventId, isTracked: true }
  }

  return router({
    list: roomDm.query(async ({ ctx }) => ({ campaigns: await orchestrator.listCampaigns(ctx.member.roomId) })),
    get: roomDm.input(CampaignInput).query(({ input }) => orchestrator.getCampaign(input.roomId, input.campaignId)),
    create: roomDm
      .input(CreateCampaignInput)
      .mutation(({ ctx, input: { key, name } }) => orchestrator.createCampaign({ ...by(ctx.member), key, name })),
    rename: roomDm
      .input(RenameCampaignInput)
      .mutation(({ ctx, input }) => orchestrator.renameCampaign({ ...input, ...by(ctx.member) })),
    archive: roomDm
      .input(ArchiveCampaignInput)
      .mutation(({ ctx, input }) => orchestrator.archiveCampaign({ ...input, ...by(ctx.member) })),
    export: roomDm.input(ExportCampaignInput).query(async ({ ctx: { member }, input }) => {
      const document = await orchestrator.exportCampaign(input)
      const detail = { what: document.fileName }
      await audit.write({
        roomId: member.roomId,
        kind: 'exported',
        by: { userId: member.userId, name: member.name },
        detail,
      })
      return document
    }),
    import: roomDm
      .input(ImportCampaignInput)
      .mutation(({ ctx, input }) => orchestrator.importCampaign({ ...input, ...by(ctx.member) })),
    /** A scenario in Markdown becomes a campaign that is not active. */
    importScenario: roomDm
      .input(ImportScenarioInput)
      .mutation(async ({ ctx: { member }, input: { key, markdown } }) => {
        const scenario = await scenarios.read(member.userId, markdown)
        return orchestrator.createCampaign({ ...by(member), key, ...scenario })
      }),
    activate: roomDm
      .input(ActivateCampaignInput)
      .mutation(({ ctx, input }) => orchestrator.activateCampaign({ ...input, ...by(ctx.member) })),
    deactivate: roomDm
      .input(DeactivateCampaignInput)
      .mutation(({ ctx, input }) => orchestrator.deactivateCampaign({ ...input, ...by(ctx.member) })),
    say: roomPlayer
      .input(SayInput)
      .mutation(({ ctx, input: { key, message } }) => say(parts, { ...by(ctx.member), key, message })),
    edit: roomDm
      .input(EditInput)
      .mutation(({ ctx, input }) =>
        orchestrator.editCampaign({ ...input, patch: input.patch as StatePatch, ...by(ctx.member) }),
      ),
    undo: roomDm.input(UndoInput).mutation(({ ctx, input }) => orchestrator.undo({ ...input, ...by(ctx.member) })),
    redo: roomDm.input(UndoInput).mutation(({ ctx, input }) => orchestrator.redo({ ...input, ...by(ctx.member) })),

    history: roomMember.input(HistoryInput).query(({ ctx, input: { roomId, campaignId, before, limit } }) =>
      orchestrator.history({
        roomId,
        campaignId,
        listener: audienceOf(ctx.member.role),
        before: before ?? null,
        limit,
      }),
    ),

    /** The room's events for the caller's audience: what was missed since `lastEventId` or one snapshot, then live. */
    events: roomMember.input(EventsInput).subscription(({ ctx, input, signal }) =>
      roomStreams.stream<CampaignEvent>(ctx, signal, (stream) => {
        stream.hold(roomStreams.follow(input.roomId))
        return from(input, audienceOf(ctx.member.role))
      }),
    ),

    /** The same by asking again and again, where nothing else gets through. */
    since: roomMember.input(SinceInput).query(async ({ ctx, input }): Promise<SinceAnswer> => {
      const answer = await read(ctx.member, audienceOf(ctx.member.role), input.cursor)
      return { cursor: answer.cursor, events: answer.texts.map((text) => JSON.parse(text) as CampaignEvent) }
    }),

    /** Words or dice between one member and the DMs. Throws NO_ACTIVE_CAMPAIGN, NOT_FOUND, UNKNOWN_COMMAND. */
    whisper: roomPlayer.input(WhisperInput).mutation(async ({ ctx, input: { roomId, key, message, to } }) => {
      const { member } = ctx
      const isDm = audienceOf(member.role) === 'dm'
      if (isDm !== Boolean(to))
        throw new TablecastError('BAD_REQUEST', isDm ? 'to: say whom' : 'to: players whisper to the DMs')
      const other = to ? await rooms.membership(roomId, to).catch(noSuchMember) : member
      if (isDm && audienceOf(other.role) === 'dm')
        throw new TablecastError('BAD_REQUEST', 'to: they are a DM themselves')
      return orchestrator.whisper({ ...by(member), key, message, member: { id: other.userId, name: other.name } })
    }),

    /** The caller's whispers: what was missed since `lastEventId` or one snapshot, then live. DMs have them among their events. */
    whispers: roomMember
      .input(WhisperEventsInput)
      .subscription(({ ctx, input, signal }) =>
        roomStreams.stream<WhisperEvent>(ctx, signal, () => from(input, { memberId: ctx.member.userId })),
      ),
    whispersSince: roomMember.input(WhisperSinceInput).query(async ({ ctx, input }): Promise<WhisperSinceAnswer> => {
      const answer = await read(ctx.member, { memberId: ctx.member.userId }, input.cursor)
      return { cursor: answer.cursor, events: answer.texts.map((text) => JSON.parse(text) as WhisperEvent) }
    }),
    whisperHistory: roomMember.input(HistoryInput).query(({ ctx, input: { roomId, campaignId, before, limit } }) =>
      orchestrator.history({
        roomId,
        campaignId,
        listener: { memberId: ctx.member.userId },
        before: before ?? null,
        limit,
      }),
    ),

    /** A player changes what is theirs of a character that is bound to them. Throws CONFLICT with the character as it is. */
    editOwnCharacter: roomPlayer
      .input(EditOwnCharacterInput)
      .mutation(({ ctx, input }) => orchestrator.editOwnCharacter({ ...input, ...by(ctx.member) })),
  })
}
