// The tabs of this browser tell each other which account signed out.
import type { AccountOptions } from './account-keeper.ts'

const NAME = 'tablecast.signed-out'

/** In a browser without channels each tab finds out when it renews its token. */
export const tabs: AccountOptions['tabs'] = {
  tell(userId) {
    const channel = openChannel()
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has none: it is within one origin
    channel?.postMessage(userId)
    channel?.close()
  },
  watch(signedOut) {
    const channel = openChannel()
    channel?.addEventListener('message', ({ data }) => {
      if (typeof data === 'string') signedOut(data)
    })
    return () => channel?.close()
  },
}

function openChannel(): BroadcastChannel | null {
  try {
    return new BroadcastChannel(NAME)
  } catch {
    return null
  }
}
