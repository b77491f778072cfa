// The browser's offer to install the page. It comes once, soon after the page has loaded, so it is kept until a person looks for it.
import { create } from 'zustand'

/** Only Chromium has it, so TypeScript does not know it. */
type InstallOffer = Event & { prompt(): Promise<unknown> }

export const useInstall = create<{ offer: InstallOffer | null }>(() => ({ offer: null }))

export function watchInstall(): void {
  addEventListener('beforeinstallprompt', (event) => {
    // Without this a phone shows a bar of its own over the table.
    event.preventDefault()
    useInstall.setState({ offer: event as InstallOffer })
  })
  addEventListener('appinstalled', () => useInstall.setState({ offer: null }))
}

/** An offer is good for one question. After a refusal the browser makes another one when it sees fit. */
export async function install(): Promise<void> {
  const { offer } = useInstall.getState()
  useInstall.setState({ offer: null })
  await offer?.prompt()
}
