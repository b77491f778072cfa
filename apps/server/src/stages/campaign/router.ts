import {
  ActivateCampaignInput,
  ArchiveCampaignInput,
  audienceOf,
  type AuditKind,
  CampaignInput,
  type CampaignEvent,
  CreateCampaignInput,
  DeactivateCampaignInput,
  DeleteCampaignInput,
  DeleteEntryInput,
  DuplicateCampaignInput,
  EditEntryInput,
  EditInput,
  EditOwnCharacterInput,
  EventsInput,
  ExportCampaignInput,
  formatPosition,
  HistoryInput,
  type ImportAnswer,
  ImportCampaignInput,
  type ImportReport,
  ImportScenarioInput,
  OperateInput,
  PageInput,
  PagesInput,
  parsePosition,
  PreviewImportInput,
  PreviewScenarioInput,
  RenameCampaignInput,
  RestoreCampaignInput,
  SayInput,
  SinceInput,
  type SinceAnswer,
  type StatePatch,
  UndoInput,
  type WhisperEvent,
  WhisperEventsInput,
  WhisperInput,
  type WhisperSinceAnswer,
  WhisperSinceInput,
} from '@tablecast/contracts'
import type { Listener, NarratorTurns, Orchestrator } from '@tablecast/orchestrator'
import { roomRequest } from '../../rooms/change-request.ts'
import { type Membership, type Procedures, router } from '../../trpc.ts'
import type { Audit, Audited } from '../../rooms/audit.ts'
import type { LibraryTelemetry } from './library-telemetry.ts'
import type { CampaignLive } from './live.ts'
import { say } from './narrator/say.ts'
import type { RoomStreams } from '../../rooms/room-streams.ts'
import type { ScenarioReader } from './scenario-reader.ts'

export type CampaignRouterDeps = {
  orchestrator: Orchestrator
  narration: NarratorTurns
  live: CampaignLive
  audit: Audit
  roomStreams: RoomStreams
  scenarios: ScenarioReader
  telemetry: Pick<LibraryTelemetry, 'imported' | 'campaign'>
}

export function campaignRouter({ roomMember, roomPlayer, roomDm }: Procedures, deps: CampaignRouterDeps) {
  const { orchestrator, live, audit, roomStreams, scenarios, telemetry } = deps

  /** Checks the membership after the read, so that a member who was removed meanwhile gets no later event. */
  const read = async (member: Membership, listener: Listener, cursor: string | null | undefined) => {
    const position = parsePosition(cursor)
    const answer = await orchestrator.eventsAfter(member.roomId, listener, position)
    await roomStreams.assertStillMember(member)
    const found = answer.kind === 'events' ? answer.events : [answer]
    const seq = found.at(-1)?.seq ?? position?.seq ?? 0
    return { cursor: formatPosition({ epoch: answer.epoch, seq }), texts: found.map(({ text }) => text) }
  }

  const about = ({ roomId, userId, name }: Membership, kind: AuditKind, what: string): Audited => ({
    roomId,
    kind,
    by: { userId, name },
    detail: { what },
  })

  return router({
    list: roomDm.query(({ ctx }) => orchestrator.library.list(ctx.member.roomId)),
    get: roomDm.input(CampaignInput).query(({ input }) => orchestrator.library.get(input.roomId, input.campaignId)),
    create: roomDm
      .input(CreateCampaignInput)
      .mutation(({ ctx, input }) => orchestrator.library.create(roomRequest(ctx, input))),
    rename: roomDm
      .input(RenameCampaignInput)
      .mutation(({ ctx, input }) => orchestrator.library.rename(roomRequest(ctx, input))),
    archive: roomDm
      .input(ArchiveCampaignInput)
      .mutation(({ ctx, input }) => orchestrator.library.archive(roomRequest(ctx, input))),
    duplicate: roomDm.input(DuplicateCampaignInput).mutation(async ({ ctx, input }) => {
      const copy = await orchestrator.library.duplicate(roomRequest(ctx, input))
      telemetry.campaign('duplicated')
      return copy
    }),
    /** Hides a campaign. It can be restored for 30 days. */
    delete: roomDm.input(DeleteCampaignInput).mutation(async ({ ctx, input }) => {
      const deleted = await orchestrator.library.delete(roomRequest(ctx, input), (tables, { name }) =>
        audit.note(tables, about(ctx.member, 'campaign_deleted', name)),
      )
      telemetry.campaign('deleted')
      return deleted
    }),
    restore: roomDm.input(RestoreCampaignInput).mutation(async ({ ctx, input }) => {
      const restored = await orchestrator.library.restore(roomRequest(ctx, input), (tables, { name }) =>
        audit.note(tables, about(ctx.member, 'campaign_restored', name)),
      )
      telemetry.campaign('restored')
      return restored
    }),
    export: roomDm.input(ExportCampaignInput).query(async ({ ctx: { member }, input }) => {
      const document = await orchestrator.library.export(input)
      await audit.write(about(member, 'exported', document.fileName))
      return document
    }),
    /** The report that an import of this JSON document would return. Stores nothing. */
    previewImport: roomDm
      .input(PreviewImportInput)
      .query(({ ctx, input }): Promise<ImportReport> =>
        orchestrator.library.previewImport({ ...input, longEntries: ctx.longEntries ?? null }),
      ),
    import: roomDm
      .input(ImportCampaignInput)
      .use(async ({ getRawInput, next }) =>
        next({ ctx: { file: PreviewImportInput.parse(await getRawInput()).document } }),
      )
      .mutation(async ({ ctx, input }): Promise<ImportAnswer> => {
        const { longEntries = null, file } = ctx
        const request = roomRequest(ctx, input)
        // The idempotency hash must also cover the entries that were cut out of the input.
        const whole = longEntries ? { ...request, input: [request.input, longEntries.digest] } : request
        const answer = await orchestrator.library.importCampaign({ ...whole, file, longEntries })
        telemetry.imported('json', answer.report.counts)
        return answer
      }),
    /** The report that an import of this scenario would return. Stores nothing. */
    previewScenario: roomDm.input(PreviewScenarioInput).query(async ({ ctx, input }): Promise<ImportReport> => {
      const { pages, report } = await scenarios.read(input.markdown, ctx.member.userId)
      orchestrator.library.mustFitPages(pages)
      return report
    }),
    /** Makes a campaign from a scenario in Markdown. Does not activate it. */
    importScenario: roomDm.input(ImportScenarioInput).mutation(async ({ ctx, input }): Promise<ImportAnswer> => {
      const answer = await orchestrator.library.importScenario(roomRequest(ctx, input), () =>
        scenarios.read(input.markdown, ctx.member.userId),
      )
      telemetry.imported('markdown', answer.report.counts)
      return answer
    }),
    /** The list of a campaign's pages, without their texts. */
    pages: roomDm
      .input(PagesInput)
      .query(({ input }) => orchestrator.library.listPages(input.roomId, input.campaignId)),
    page: roomDm
      .input(PageInput)
      .query(({ input }) => orchestrator.library.readPage(input.roomId, input.campaignId, input.pageId)),
    activate: roomDm
      .input(ActivateCampaignInput)
      .mutation(({ ctx, input }) => orchestrator.activateCampaign(roomRequest(ctx, input))),
    deactivate: roomDm
      .input(DeactivateCampaignInput)
      .mutation(({ ctx, input }) => orchestrator.deactivateCampaign(roomRequest(ctx, input))),
    say: roomPlayer
      .input(SayInput)
      .mutation(({ ctx, input }) => say(deps, roomRequest(ctx, input), audienceOf(ctx.member.role))),
    edit: roomDm
      .input(EditInput)
      .mutation(({ ctx, input }) =>
        orchestrator.editCampaign({ ...roomRequest(ctx, input), patch: input.patch as StatePatch }),
      ),
    /** One operation of a fight. Players carry out some of them, with their own characters. */
    operate: roomPlayer
      .input(OperateInput)
      .mutation(({ ctx, input }) => orchestrator.fights.operate(roomRequest(ctx, input))),
    undo: roomDm.input(UndoInput).mutation(({ ctx, input }) => orchestrator.undo(roomRequest(ctx, input))),
    redo: roomDm.input(UndoInput).mutation(({ ctx, input }) => orchestrator.redo(roomRequest(ctx, input))),

    history: roomMember.input(HistoryInput).query(({ ctx, input: { roomId, campaignId, before, limit } }) =>
      orchestrator.history({
        roomId,
        campaignId,
        listener: audienceOf(ctx.member.role),
        before: before ?? null,
        limit,
      }),
    ),

    /** The room's events for the caller's audience: those after `lastEventId`, or one snapshot, then live. */
    events: roomMember.input(EventsInput).subscription(({ ctx, input, signal }) =>
      roomStreams.stream<CampaignEvent>(ctx, signal, (stream) => {
        stream.hold(roomStreams.follow(input.roomId))
        return live.source(input, audienceOf(ctx.member.role))
      }),
    ),

    /** The same for clients that poll, because their network lets no stream through. */
    since: roomMember.input(SinceInput).query(async ({ ctx, input }): Promise<SinceAnswer> => {
      const answer = await read(ctx.member, audienceOf(ctx.member.role), input.cursor)
      return { cursor: answer.cursor, events: answer.texts.map((text) => JSON.parse(text) as CampaignEvent) }
    }),

    /** Sends text or a roll between one member and the DMs. Throws NO_ACTIVE_CAMPAIGN, NOT_FOUND, UNKNOWN_COMMAND. */
    whisper: roomPlayer
      .input(WhisperInput)
      .mutation(({ ctx, input }) => orchestrator.whisper({ ...roomRequest(ctx, input), to: input.to ?? null })),

    /** The caller's whispers: those after `lastEventId`, or one snapshot, then live. DMs get whispers with `events`. */
    whispers: roomMember
      .input(WhisperEventsInput)
      .subscription(({ ctx, input, signal }) =>
        roomStreams.stream<WhisperEvent>(ctx, signal, () => live.source(input, { memberId: ctx.member.userId })),
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

    /** An entry's author or a DM gives it other words. Players lose the earlier ones everywhere. */
    editEntry: roomPlayer
      .input(EditEntryInput)
      .mutation(({ ctx, input }) => orchestrator.editEntry(roomRequest(ctx, input))),
    /** An entry's author or a DM deletes it, and a DM puts it back. */
    deleteEntry: roomPlayer
      .input(DeleteEntryInput)
      .mutation(({ ctx, input }) => orchestrator.deleteEntry(roomRequest(ctx, input))),

    /** A player changes the fields that a player may change, of their own character. Throws CONFLICT with the current character. */
    editOwnCharacter: roomPlayer
      .input(EditOwnCharacterInput)
      .mutation(({ ctx, input }) => orchestrator.editOwnCharacter(roomRequest(ctx, input))),
  })
}
