import { options } from 'preact'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './App.tsx'
import './styles.css'
import { applyTheme } from './ui/theme.ts'

// Effects run right after the page has changed, not one frame later: a key that a person presses at once must find its listener.
options.requestAnimationFrame = queueMicrotask

applyTheme()

const root = document.querySelector('#root')
if (!root) throw new Error('the page has no #root')
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)

/** Words can be read in the system's fonts. Ours come when the page has had its time on the line: as long again as it took to load. */
const loadFonts = () => void import('./fonts.ts').catch(() => {})
addEventListener('load', () => setTimeout(loadFonts, performance.now()))
