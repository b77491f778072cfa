// Every procedure of the server. The list is static, so that clients have its types.
import { authRouter } from './auth/router.ts'
import { plainAuthMode, type Config, isOperator, signInOf } from './config.ts'
import type { Host } from './host.ts'
import type { Reports } from './ops/reports.ts'
import { opsRouter } from './ops/router.ts'
import { roomsRouter } from './rooms/router.ts'
import { arenaRouter } from './stages/arena/router.ts'
import { diceRouter } from './stages/campaign/dice/router.ts'
import { gesturesRouter } from './stages/campaign/maps/gestures.ts'
import { noticesRouter } from './stages/campaign/notices/router.ts'
import { narratorRouter } from './stages/campaign/narrator/router.ts'
import { presenceRouter } from './stages/campaign/presence-router.ts'
import { blocksRouter } from './stages/campaign/fights/blocks-router.ts'
import { mapsRouter } from './stages/campaign/maps/router.ts'
import { picturesRouter } from './stages/campaign/pictures/router.ts'
import { sheetsRouter } from './stages/campaign/sheets/router.ts'
import { encountersRouter } from './stages/campaign/fights/encounters-router.ts'
import { campaignRouter } from './stages/campaign/router.ts'
import { screensRouter } from './stages/campaign/screens/router.ts'
import { viewAsRouter } from './stages/campaign/view-as-router.ts'
import type { Stages } from './stages/index.ts'
import { marketRouter } from './stages/market/router.ts'
import { signalsRouter } from './stages/signals/router.ts'
import { topicsRouter } from './stages/topics/router.ts'
import { createProcedures, mergeRouters, type ProcedureDeps, router } from './trpc.ts'

export type RouterDeps = {
  config: Config
  host: Host
  stages: Omit<Stages, 'all' | typeof Symbol.asyncDispose>
  reports: Reports
  telemetry: ProcedureDeps['telemetry']
}

export function createRouter({ config, host, stages, reports, telemetry }: RouterDeps) {
  const { rooms, audit, auth } = host
  const operates = { isOperator: (userId: string) => isOperator(config, userId) }
  const procedures = createProcedures({
    memberships: rooms.memberships,
    screenLinks: rooms.screenLinks,
    audit,
    telemetry,
    ...operates,
  })
  return router({
    auth: authRouter(procedures, {
      auth,
      rooms,
      plainAuthMode: plainAuthMode(config),
      signIn: signInOf(config),
      maxPictureBytes: config.MEDIA_PICTURE_MAX_BYTES,
      maxMapBytes: config.MEDIA_MAP_MAX_BYTES,
      ...operates,
    }),
    rooms: roomsRouter(procedures, {
      rooms,
      audit,
      networkOrigins: host.networkOrigins,
      inviteAttempts: host.inviteAttempts,
    }),
    campaign: campaignRouter(procedures, stages.campaign),
    dice: diceRouter(procedures, stages.campaign),
    encounters: encountersRouter(procedures, stages.campaign),
    statBlocks: blocksRouter(procedures, stages.campaign),
    pictures: picturesRouter(procedures, stages.campaign),
    sheets: sheetsRouter(procedures, stages.campaign),
    maps: mergeRouters(mapsRouter(procedures, stages.campaign), gesturesRouter(procedures, stages.campaign)),
    screens: screensRouter(procedures, { ...stages.campaign, screenLinks: rooms.screenLinks }),
    viewAs: viewAsRouter(procedures, { ...stages.campaign, memberships: rooms.memberships }),
    narrator: narratorRouter(procedures, stages.campaign),
    presence: presenceRouter(procedures, stages.campaign),
    push: noticesRouter(procedures, stages.campaign),
    arena: arenaRouter(procedures, stages.arena),
    signals: signalsRouter(procedures, stages.signals),
    topics: topicsRouter(procedures, stages.topics),
    market: marketRouter(procedures, stages.market),
    ops: opsRouter(procedures, reports),
  })
}

export type AppRouter = ReturnType<typeof createRouter>
