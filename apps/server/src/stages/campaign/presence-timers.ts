export type Timers = {
  now(): number
  after(ms: number, work: () => void): () => void
}

export const realTimers: Timers = {
  now: () => Date.now(),
  after(ms, work) {
    const timer = setTimeout(work, ms)
    return () => clearTimeout(timer)
  },
}
