import { parsePosition } from '@tablecast/contracts'
import type { Channel } from '@tablecast/hub'

/** The seq after which a client goes on; null when its position means nothing to this channel. */
export function resumePoint(channel: Channel, lastEventId: string | null | undefined): number | null {
  const position = parsePosition(lastEventId)
  return position?.epoch === channel.epoch ? position.seq : null
}
