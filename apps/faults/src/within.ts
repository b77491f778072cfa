import { setTimeout as pause } from 'node:timers/promises'
import { until } from '@tablecast/testing'

/** As `until`, but gives up after `ms`. */
export async function within(
  ms: number,
  what: string | (() => string),
  holds: () => boolean | Promise<boolean>,
): Promise<void> {
  const end = performance.now() + ms
  await until(async () => {
    if (await holds()) return true
    if (performance.now() > end)
      throw new Error(`in ${ms / 1_000} s it did not happen: ${typeof what === 'string' ? what : what()}`)
    await pause(10)
    return false
  })
}
