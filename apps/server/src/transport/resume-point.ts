import { parsePosition } from '@tablecast/contracts'
import type { Channel } from '@tablecast/hub'

/** The seq after which the client resumes; null when it sent no position, or one of another epoch. */
export function resumePoint(channel: Channel, lastEventId: string | null | undefined): number | null {
  const position = parsePosition(lastEventId)
  return position?.epoch === channel.epoch ? position.seq : null
}
