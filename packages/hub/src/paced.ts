/**
 * A schedule for a channel with many events: it flushes at once after a rest, else once in `ms`. Under load a socket then costs a fixed
 * number of writes a second, whatever the number of events. Make one for each channel.
 */
export function paced(ms: number, now: () => number = () => performance.now()): (flush: () => void) => void {
  let next = -Infinity
  return (flush) => {
    const run = () => {
      next = now() + ms
      flush()
    }
    const wait = next - now()
    if (wait > 0) setTimeout(run, wait)
    else setImmediate(run)
  }
}
