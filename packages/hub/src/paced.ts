/**
 * A schedule for channels that many events go through: at once after a rest, else once in `ms`, so that under load a socket
 * costs so many writes a second, whatever the number of events. Made for each channel by itself.
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
