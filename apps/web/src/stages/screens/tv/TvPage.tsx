import { useEffect } from 'react'
import { AsWritten, Guard } from '../../../ui/guard.tsx'
import { useStayAwake } from '../../../device/stay-awake.ts'
import { useReloadAfterUpgrade } from '../../../ui/reload-after-upgrade.ts'
import { useScreenLink } from '../use-screen.ts'
import { Stage } from './Stage.tsx'
import { TurnStrip } from './TurnStrip.tsx'
import './tv.css'

/** The table on a television: nothing to press, and words that can be read across the room. */
export function TvPage() {
  const { campaign, screen, card, isLost } = useScreenLink()
  const show = screen?.show ?? 'auto'
  const isBlack = show === 'black' && !card?.isFinal
  useStayAwake()
  useReloadAfterUpgrade({ isUnattended: true })
  const title = campaign?.name ?? screen?.room ?? 'Screen'
  useEffect(() => {
    document.title = title
  }, [title])
  return (
    <main className="tv" data-show={isBlack ? 'black' : show} data-testid="tv">
      <h1 className="sr-only">{title}</h1>
      {!isBlack && card && (
        <div className="tv-card">
          <p className="tv-card-title" dir="auto">
            {card.title}
          </p>
          <p>{card.text}</p>
        </div>
      )}
      {!isBlack && !card && campaign && (
        <Guard of={campaign} instead={<AsWritten text={campaign.view.scene} />}>
          <TurnStrip view={campaign.view} />
          <Stage campaign={campaign} show={show} />
        </Guard>
      )}
      {isLost && !isBlack && (
        <p role="status" className="tv-lost">
          Connecting again…
        </p>
      )}
    </main>
  )
}
