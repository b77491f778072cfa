import {
  ActivateCampaignInput,
  ArchiveCampaignInput,
  audienceOf,
  CampaignInput,
  type CampaignEvent,
  CreateCampaignInput,
  DeactivateCampaignInput,
  EditInput,
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
  UndoInput,
} from '@tablecast/contracts'
import { type Actor, readScenario } from '@tablecast/narrator'
import type { Narration, Orchestrator } from '@tablecast/orchestrator'
import { type Membership, type Procedures, router } from '../../trpc.ts'
import { resumePoint } from '../../transport/resume-point.ts'
import { streamChannel } from '../../transport/trpc-socket.ts'
import type { Streams } from '../../transport/streams.ts'
import type { CampaignLive } from './live.ts'
import { say } from './narrator/say.ts'

export type CampaignParts = {
  orchestrator: Orchestrator
  narration: Narration
  live: CampaignLive
  streams: Streams
  maxBufferedBytes: number
}

export const actorOf = ({ userId, name, role }: Pick<Membership, 'userId' | 'name' | 'role'>): Actor => ({
  id: userId,
  name,
  role: audienceOf(role) === 'dm' ? 'dm' : 'player',
})

export const tagOf = (roomId: string, userId: string): string => `${roomId}:${userId}`

export function campaignRouter({ roomMember, roomPlayer, roomDm }: Procedures, parts: CampaignParts) {
  const { orchestrator, live } = parts
  const by = (member: Membership) => ({ roomId: member.roomId, actor: actorOf(member) })

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
    export: roomDm.input(ExportCampaignInput).query(({ input }) => orchestrator.exportCampaign(input)),
    import: roomDm
      .input(ImportCampaignInput)
      .mutation(({ ctx, input }) => orchestrator.importCampaign({ ...input, ...by(ctx.member) })),
    /** A scenario in Markdown becomes a campaign that is not active. */
    importScenario: roomDm
      .input(ImportScenarioInput)
      .mutation(({ ctx, input: { key, markdown } }) =>
        orchestrator.createCampaign({ ...by(ctx.member), key, ...readScenario(markdown) }),
      ),
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
        audience: audienceOf(ctx.member.role),
        before: before ?? null,
        limit,
      }),
    ),

    /** The room's events for the caller's audience: what was missed since `lastEventId` or one snapshot, then live. */
    events: roomMember.input(EventsInput).subscription(async function* ({ ctx, input, signal }) {
      const release = ctx.limits.subscribe()
      try {
        const channel = await live.channel(input.roomId, audienceOf(ctx.member.role))
        yield* streamChannel<CampaignEvent>({
          channel,
          after: resumePoint(channel, input.lastEventId),
          isTracked: true,
          socket: ctx.socket,
          signal,
          streams: parts.streams,
          tag: tagOf(input.roomId, ctx.identity.userId),
          expiresAt: ctx.identity.expiresAt,
          maxBufferedBytes: parts.maxBufferedBytes,
        })
      } finally {
        release()
      }
    }),

    /** The same by asking again and again, where nothing else gets through. */
    since: roomMember.input(SinceInput).query(async ({ ctx, input }): Promise<SinceAnswer> => {
      const audience = audienceOf(ctx.member.role)
      const position = parsePosition(input.cursor)
      const answer = await orchestrator.eventsAfter(input.roomId, audience, position)
      const texts = answer.kind === 'events' ? answer.events : [answer]
      const seq = texts.at(-1)?.seq ?? position?.seq ?? 0
      return {
        cursor: formatPosition({ epoch: answer.epoch, seq }),
        events: texts.map(({ text }) => JSON.parse(text) as CampaignEvent),
      }
    }),
  })
}
