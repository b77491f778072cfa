import type { Presence } from '@tablecast/contracts'

/** The colour of a person's dot. While this page is not live it can not know, so no dot is green. */
export function presenceDot({ status }: Pick<Presence, 'status'>, isLive: boolean): string {
  if (!isLive) return 'bg-soft'
  return status === 'away' ? 'bg-warn' : 'bg-good'
}
