import { flushSync } from 'react-dom'
import type { TabName } from './console-tabs.ts'

/** Shows the tab and uses a field of it, which has the focus by then. The tab is drawn at once, or as soon as its code has loaded. */
export const inTab =
  (show: (tab: TabName) => void, tab: TabName, field: string, use: (element: HTMLElement) => void) => (): void => {
    flushSync(() => show(tab))
    const reach = () => {
      const element = document.querySelector<HTMLElement>(`[data-tab=${tab}] ${field}`)
      element?.focus()
      if (element) use(element)
      return element !== null
    }
    if (reach()) return
    const panel = document.querySelector(`[data-tab=${tab}]`)
    const observer = new MutationObserver(() => {
      if (reach() || !panel?.isConnected) observer.disconnect()
    })
    if (panel) observer.observe(panel, { childList: true, subtree: true })
  }
