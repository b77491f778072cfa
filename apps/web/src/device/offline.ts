// The script of the offline page (`offline.html`), which the service worker shows in place of a page. It loads the page again as soon as
// the server answers, so that no page outlives the server's version that it came from.
import { applyTheme } from '../ui/theme.ts'

applyTheme()

const DELAYS_MS = [1_000, 2_000, 5_000]
const ANSWER_TIMEOUT_MS = 10_000
/** Many pages wait for the same server, so they do not ask in the same moment. */
const SPREAD = 0.5

// The server answered, and then its page did not come: the line is poor.
const isBackAgain = performance
  .getEntriesByType('navigation')
  .some((entry) => 'type' in entry && entry.type === 'reload')
let tries = isBackAgain ? DELAYS_MS.length : 0
let timer: ReturnType<typeof setTimeout> | undefined

function waitForServer(): void {
  clearTimeout(timer)
  const delay = DELAYS_MS[Math.min(tries, DELAYS_MS.length - 1)] ?? 0
  tries += 1
  timer = setTimeout(() => void look(), delay * (1 - SPREAD * Math.random()))
}

async function look(): Promise<void> {
  // A page that nobody sees rests. It looks again when somebody returns to it.
  if (document.hidden) return
  try {
    const { ok } = await fetch('/health', { cache: 'no-store', signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) })
    if (ok) return location.reload()
  } catch {
    // The server can't be reached yet.
  }
  waitForServer()
}

addEventListener('online', () => void look())
document.addEventListener('visibilitychange', () => void look())
document.querySelector('button')?.addEventListener('click', () => location.reload())
waitForServer()
