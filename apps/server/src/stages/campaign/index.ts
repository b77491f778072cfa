// The campaign stage: a DM drives a campaign, and the players of the room follow live.
import type { DiceChain, MapOperationType, PictureOperationType, SheetOperationType } from '@tablecast/contracts'
import { createScribe } from '@tablecast/narrator'
import { NarratorTurns, Orchestrator } from '@tablecast/orchestrator'
import type { WebSocket } from 'ws'
import { type Config, narratorModel } from '../../config.ts'
import type { Host } from '../../host.ts'
import type { Audit } from '../../rooms/audit.ts'
import type { RoomAccess } from '../../rooms/room-access.ts'
import type { RoomStreams } from '../../rooms/room-streams.ts'
import type { Stage } from '../../stage.ts'
import type { UpgradeHandler } from '../../transport/upgrade.ts'
import { Archives } from './archives/archives.ts'
import { archivesHttp } from './archives/http.ts'
import { FightTelemetry } from './fights/fight-telemetry.ts'
import { LibraryTelemetry } from './library-telemetry.ts'
import { CampaignLive } from './live.ts'
import { MapGestures } from './maps/map-gestures.ts'
import { type OpenedMapTiles, openMapTiles } from './map-tiles/index.ts'
import { metricsOf } from './metrics.ts'
import { modelProbe } from './model-probe.ts'
import { type NoticesOptions, openNotices, type OpenedNotices } from './notices/index.ts'
import { moveMemberships } from './move-memberships.ts'
import { NarratingLive } from './narrator/narrating-live.ts'
import { OperationCounter } from './operation-counter.ts'
import { type CampaignPictures, openPictures } from './pictures/index.ts'
import { PlainFeeds } from './plain-feed.ts'
import { NodeLife } from '../../cluster/node-life.ts'
import { PresenceLink } from './presence-link.ts'
import { realTimers } from './presence-timers.ts'
import { PresenceBoard } from './presence.ts'
import { startPruning } from './pruning.ts'
import { ensureSampleRoom } from './sample-room.ts'
import { openCreatureReader } from './creatures/creature-reader.ts'
import { openScenarioReader, type ScenarioReader } from './scenario-reader.ts'
import { OpenScreens } from './screens/open-screens.ts'
import { ScreenShows } from './screens/screen-shows.ts'
import { type CampaignSocketDeps, serveDmSocket, servePlayerSocket } from './socket.ts'
import { findSocketCaller, type SocketCaller } from './socket-caller.ts'

export type CampaignStage = Stage & {
  orchestrator: Orchestrator
  narration: NarratorTurns
  narrating: NarratingLive
  live: CampaignLive
  presence: PresenceBoard
  gestures: MapGestures
  scenarios: ScenarioReader
  telemetry: LibraryTelemetry
  audit: Audit
  access: RoomAccess
  roomStreams: RoomStreams
  pictures: CampaignPictures
  mapTiles: OpenedMapTiles
  screenShows: ScreenShows
  openScreens: OpenScreens
  notices: OpenedNotices
}

/** Parts that a test may pass in. */
export type CampaignOptions = { notices?: NoticesOptions }

export async function openCampaign(host: Host, config: Config, options: CampaignOptions = {}): Promise<CampaignStage> {
  const { store, nodes, others, audit, access, rooms, roomStreams, plainEndpoints, observe, log, failed } = host
  await using opened = new AsyncDisposableStack()
  const fightTelemetry = new FightTelemetry()
  const pictureOperations = new OperationCounter<PictureOperationType>()
  const mapOperations = new OperationCounter<MapOperationType>()
  const sheetOperations = new OperationCounter<SheetOperationType>()
  const diceRolls = new OperationCounter<DiceChain['kind']>()
  const creatures = opened.use(
    openCreatureReader({
      seconds: config.CREATURE_SECONDS,
      readEnded: (outcome) => fightTelemetry.creaturesRead(outcome),
      failed,
    }),
  )
  const notices = opened.use(await openNotices(host, config, options.notices))
  const orchestrator = new Orchestrator({
    store,
    narrator: createScribe(),
    broadcaster: {
      broadcast: (event) => nodes.broadcast(event),
      recheck: (streamIds) => nodes.recheck(streamIds),
    },
    maxPagesBytes: config.MAX_CAMPAIGN_PAGES_BYTES,
    fightLimits: {
      maxBlocks: config.MAX_STAT_BLOCKS_PER_ROOM,
      maxEncounters: config.MAX_ENCOUNTERS_PER_CAMPAIGN,
      full: (what) => fightTelemetry.full(what),
    },
    readCreatures: ({ text, files, zip }, userId) => creatures.read({ text, files, zip }, userId),
    loadCreatures: async () => (await import('@tablecast/bestiary/built-in')).readBuiltIn(),
    operated: (type) => fightTelemetry.operated(type),
    rolled: (kind) => diceRolls.operated(kind),
    operatedPictures: (type) => pictureOperations.operated(type),
    operatedMaps: (type) => mapOperations.operated(type),
    operatedSheets: (type) => sheetOperations.operated(type),
    noticed: (notice) => notices.tell(notice),
  })
  rooms.onRolesChanged((change, version, roles) => orchestrator.pictures.rolesChanged(change, version, roles))
  const narrating = opened.use(new NarratingLive({ others, observe }))
  const narration = opened.use(await openNarratorTurns({ store, orchestrator, narrating, failed }, config))
  narrating.watch(narration)
  const live = new CampaignLive(nodes.hub, orchestrator, access)
  const feeds = new PlainFeeds(live, orchestrator, observe)
  const life = opened.use(new NodeLife({ others, timers: realTimers }))
  const presence = new PresenceBoard(live, opened.use(new PresenceLink(others, life)), observe)
  opened.defer(() => presence.close())
  const gestures = opened.use(new MapGestures({ store, others, observe }))
  access.onRemoved((roomId, userId) => presence.remove(roomId, userId))
  host.auth.onMerged((guest, user) => moveMemberships({ rooms, orchestrator, access }, guest, user))
  const telemetry = new LibraryTelemetry(log)
  const scenarios = opened.use(
    openScenarioReader({
      seconds: config.SCENARIO_SECONDS,
      readEnded: (outcome) => telemetry.scenarioRead(outcome),
      failed,
    }),
  )
  const pictures = opened.use(await openPictures(host, config))
  const { media, uploads, limits, folder } = pictures
  const mapTiles = opened.use(openMapTiles({ store, log, media, telemetry: pictures.telemetry, folder }, config))
  await ensureSampleRoom(store, pictures.media, orchestrator)
  opened.use(
    startPruning(
      store,
      pictures.media,
      { auditDays: config.AUDIT_KEEP_DAYS },
      {
        pruned: (removed) => telemetry.campaign('removed', removed),
        failed: (error) => log.error({ err: error }, 'pruning failed'),
      },
    ),
  )
  const archives = new Archives(
    { store, orchestrator, memberships: rooms.memberships, media, uploads, limits, audit, telemetry },
    {
      maxCampaignBytes: config.MAX_IMPORT_BYTES,
      maxPictureBytes: config.MEDIA_PICTURE_MAX_BYTES,
      maxBytes: config.MEDIA_ROOM_MAX_BYTES,
      folder,
    },
  )
  const screenShows = new ScreenShows({ store, nodes, access })
  const openScreens = new OpenScreens()
  const model = narratorModel(config)
  const deps: CampaignSocketDeps = {
    ...plainEndpoints.serving,
    orchestrator,
    narration,
    feeds,
    presence,
    access,
    roomStreams,
  }
  const socket = (
    audience: 'dm' | 'player',
    serve: (socketDeps: CampaignSocketDeps, client: WebSocket, found: SocketCaller) => Promise<void>,
  ): UpgradeHandler =>
    plainEndpoints.socketFor(
      async (request, url) => {
        const identity = await plainEndpoints.socketCallerOf(request, url)
        const caller = await findSocketCaller({ rooms, audit }, { identity, url }, audience)
        return { identity, caller, roomId: caller.roomId }
      },
      (client, found) => serve(deps, client, found),
    )
  const owned = opened.move()
  return {
    orchestrator,
    narration,
    narrating,
    live,
    presence,
    gestures,
    scenarios,
    telemetry,
    audit,
    access,
    roomStreams,
    pictures,
    mapTiles,
    screenShows,
    openScreens,
    notices,
    channels: () => feeds.channels,
    companions: () => [...presence.channels, ...narrating.channels, ...gestures.channels],
    status: () => ({ lastAt: nodes.lastAt }),
    metrics: metricsOf(
      () => telemetry,
      () => fightTelemetry,
      () => pictures,
      () => pictureOperations,
      () => mapOperations,
      () => sheetOperations,
      () => diceRolls,
      () => mapTiles,
      () => openScreens,
      () => notices,
    ),
    probes: [...(model ? [modelProbe(model, config.LLM_API_KEY)] : []), ...notices.probes],
    rest: [],
    pageRest: [
      (app) => pictures.rest(app),
      (app) => mapTiles.rest(app),
      (app) => archivesHttp(app, { auth: host.auth, archives }),
    ],
    sockets: [
      { path: '/ws/campaign/player', access: 'member', handler: socket('player', servePlayerSocket) },
      { path: '/ws/campaign/dm', access: 'dm', handler: socket('dm', serveDmSocket) },
    ],
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

type NarratorTurnsDeps = Pick<Host, 'store' | 'failed'> & { orchestrator: Orchestrator; narrating: NarratingLive }

async function openNarratorTurns(
  { store, orchestrator, narrating, failed }: NarratorTurnsDeps,
  config: Config,
): Promise<NarratorTurns> {
  return new NarratorTurns({
    store,
    orchestrator,
    model: await openModel(config),
    defaultMode: config.NARRATOR,
    tokensPerDay: config.LLM_TOKENS_PER_DAY,
    isAlone: store.kind === 'sqlite',
    broadcaster: narrating,
    failed,
  })
}

/** Null where no model is configured; its client is not loaded then. */
async function openModel(config: Config): Promise<ConstructorParameters<typeof NarratorTurns>[0]['model']> {
  const described = narratorModel(config)
  if (!described) return null
  const { LanguageModel, ModelNarrator } = await import('@tablecast/narrator/model')
  const model = new LanguageModel({
    ...described,
    apiKey: config.LLM_API_KEY,
    timeoutMs: config.LLM_TIMEOUT_MS,
    maxReplyTokens: config.LLM_REPLY_TOKENS,
    reasoning: config.LLM_REASONING,
  })
  const windowTokens = config.LLM_CONTEXT_TOKENS
  return { model, windowTokens, narrator: new ModelNarrator({ model, windowTokens }) }
}
