import { apiAs, newKey } from '../../api.ts'
import { anySubscription, deviceIdOf } from './this-device.ts'

const TIMEOUT_MS = 2_000

/**
 * Removes this device, for a person who signs out. `token`: of that person. It never rejects, and ends soon: without the server, the push
 * service refuses notices to this device, and the server removes it with the next one.
 */
export async function endNotices(token: string | undefined): Promise<void> {
  const { push } = apiAs(token)
  try {
    const subscription = await anySubscription()
    if (!subscription) return
    const deviceId = await deviceIdOf(subscription)
    const signal = AbortSignal.timeout(TIMEOUT_MS)
    await Promise.allSettled([
      push.unsubscribe.mutate({ key: newKey(), deviceId }, { signal }),
      subscription.unsubscribe(),
    ])
  } catch {
    // A browser that keeps nothing has no subscription either.
  }
}
