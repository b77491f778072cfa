const LONGEST_WAIT_MS = 10

/** Waits until it holds; fails by the test's own time-out. Looks often at first: most of what tests wait for comes at once. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let waitMs = 1; !(await holds()); waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS))
    await new Promise((resolve) => setTimeout(resolve, waitMs))
}
