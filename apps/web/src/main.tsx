import { options } from 'preact'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './App.tsx'
import { watchInstall } from './device/install.ts'
import { screenAt } from './stages/screens/screen-at.ts'
import './styles.css'
import { applyTheme } from './ui/theme.ts'

// Effects run right after the page has changed, not one frame later: a key that a person presses at once must find its listener.
options.requestAnimationFrame = queueMicrotask

applyTheme()
const screen = screenAt(location.pathname)
// An overlay is transparent from the first moment on, also while it loads and when its own code is missing.
if (screen === 'overlay') document.documentElement.dataset['screen'] = screen
watchInstall()

const root = document.querySelector('#root')
if (!root) throw new Error('the page has no #root')
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)

/**
 * Words can be read in the system's fonts, and a page works without a service worker. Both come when the page has had its time on the line:
 * as long again as it took to load.
 */
const loadRest = () => {
  void import('./fonts.ts').catch(() => {})
  // Screens have no service worker.
  if (!screen)
    void import('./device/register-worker.ts').then(
      ({ registerWorker }) => registerWorker(),
      () => {},
    )
}
addEventListener('load', () => setTimeout(loadRest, performance.now()))
