import { opsRouter, type OpsRouterParts } from './ops/router.ts'
import type { Telemetry } from './ops/telemetry.ts'
import { type AuthParts, authRouter } from './auth/router.ts'
import { marketRouter, type MarketRouterParts } from './stages/market/router.ts'
import { signalsRouter, type SignalsRouterParts } from './stages/signals/router.ts'
import { topicsRouter, type TopicsRouterParts } from './stages/topics/router.ts'
import { type ArenaParts, arenaRouter } from './stages/arena/router.ts'
import { type NarratorParts, narratorRouter } from './stages/campaign/narrator/router.ts'
import { type PresenceParts, presenceRouter } from './stages/campaign/presence-router.ts'
import { roomsRouter, type RoomsRouterParts } from './rooms/router.ts'
import { type CampaignParts, campaignRouter } from './stages/campaign/router.ts'
import { createProcedures, router } from './trpc.ts'

export function createRouter(
  parts: AuthParts &
    RoomsRouterParts &
    CampaignParts &
    PresenceParts &
    NarratorParts &
    ArenaParts &
    SignalsRouterParts &
    TopicsRouterParts &
    MarketRouterParts &
    OpsRouterParts & { isOperator(userId: string): boolean; telemetry: Telemetry },
) {
  const procedures = createProcedures(parts)
  return router({
    auth: authRouter(procedures, parts),
    rooms: roomsRouter(procedures, parts),
    campaign: campaignRouter(procedures, parts),
    narrator: narratorRouter(procedures, parts),
    presence: presenceRouter(procedures, parts),
    arena: arenaRouter(procedures, parts),
    signals: signalsRouter(procedures, parts),
    topics: topicsRouter(procedures, parts),
    market: marketRouter(procedures, parts),
    ops: opsRouter(procedures, parts),
  })
}

export type AppRouter = ReturnType<typeof createRouter>
