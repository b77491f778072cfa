const MAX_POLL_INTERVAL_MS = 50

/**
 * Waits until the condition holds, at most for the test's own timeout. It checks often at first, because most conditions hold soon. A
 * long wait checks less often: it ends a tenth too late at most, and leaves the processor to what it waits for.
 */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const from = performance.now()
  while (!(await holds())) {
    const waitMs = Math.min(Math.max((performance.now() - from) / 10, 1), MAX_POLL_INTERVAL_MS)
    await new Promise((resolve) => setTimeout(resolve, waitMs))
  }
}
