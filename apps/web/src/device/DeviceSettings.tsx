import { Download } from 'lucide-react'
import { Button } from '../ui/button.tsx'
import { install, useInstall } from './install.ts'

/** The part of the panel “More” on a phone that is about the device. Other screens have the browser's own button for it. */
export function DeviceSettings() {
  const isOffered = useInstall(({ offer }) => offer !== null)
  if (!isSecureContext)
    return (
      <p className="text-soft px-3 py-2 text-sm md:hidden">
        Installing and notices need https. This page came over plain http.
      </p>
    )
  if (isInSafari())
    return <p className="text-soft px-3 py-2 text-sm md:hidden">To install: Share, then “Add to Home Screen”.</p>
  if (!isOffered) return null
  return (
    <Button className="md:hidden" data-command="This page" onClick={() => void install()}>
      <Download size={19} aria-hidden="true" /> Install Tablecast
    </Button>
  )
}

/** Safari on a phone makes no offer. It alone says whether the page is installed; an installed one needs no hint. */
const isInSafari = (): boolean => 'standalone' in navigator && navigator.standalone === false
