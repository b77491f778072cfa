const MAX_POLL_INTERVAL_MS = 10

/** Waits until the condition holds, at most for the test's own timeout. It checks often at first, because most conditions hold soon. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let waitMs = 1; !(await holds()); waitMs = Math.min(waitMs * 2, MAX_POLL_INTERVAL_MS))
    await new Promise((resolve) => setTimeout(resolve, waitMs))
}
