import { type PushConfig, RenewPushInput, SubscribePushInput, UnsubscribePushInput } from '@tablecast/contracts'
import { toKeyedInput } from '../../../rooms/change-request.ts'
import { type Procedures, router } from '../../../trpc.ts'
import type { OpenedNotices } from './index.ts'

/** Notices on the devices of the caller. */
export function noticesRouter({ signedIn, open }: Procedures, { notices }: { notices: OpenedNotices }) {
  return router({
    config: signedIn.query((): PushConfig => ({
      key: notices.publicKey,
      reached: notices.telemetry.reached,
    })),
    devices: signedIn.query(({ ctx }) => notices.devices.list(ctx.identity.userId)),
    subscribe: signedIn
      .input(SubscribePushInput)
      .mutation(({ ctx, input }) => notices.devices.subscribe(ctx.identity.userId, input, toKeyedInput(input))),
    unsubscribe: signedIn
      .input(UnsubscribePushInput)
      .mutation(({ ctx, input }) =>
        notices.devices.unsubscribe(ctx.identity.userId, input.deviceId, toKeyedInput(input)),
      ),
    /** A service worker has no session: it shows that it is the same device. */
    renew: open.input(RenewPushInput).mutation(async ({ input }) => {
      await notices.devices.renew(input.old, input.subscription)
      return { ok: true as const }
    }),
  })
}
