const MAX_POLL_INTERVAL_MS = 50
/** Less than a test may take, so that a test that waits in vain fails with the condition and not with its time. */
const GIVE_UP_AFTER_MS = 150_000

/**
 * Waits until the condition holds; rejects with the condition's code when it never does. It checks often at first, because most
 * conditions hold soon. A long wait checks less often: it ends a tenth too late at most, and leaves the processor to what it waits for.
 */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const from = performance.now()
  while (!(await holds())) {
    if (performance.now() - from > GIVE_UP_AFTER_MS) throw new Error(`this never held: ${holds.toString()}`)
    const waitMs = Math.min(Math.max((performance.now() - from) / 10, 1), MAX_POLL_INTERVAL_MS)
    await new Promise((resolve) => setTimeout(resolve, waitMs))
  }
}
