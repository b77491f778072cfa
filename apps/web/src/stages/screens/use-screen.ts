import { useEffect, useState } from 'react'
import { useParams } from 'wouter'
import { useLive } from '../../live/live-store.ts'
import { ScreenConnection, useScreen } from './screen-connection.ts'

/** The words on a screen that shows no table; null while it shows one. `isFinal`: a person must open another link. */
type Card = { title: string; text: string; isFinal: boolean } | null

/** The token stands behind the `#` of the address, which browsers send to no server. */
const tokenInAddress = (): string => location.hash.slice(1)

/** The connection of this screen, for as long as the page is shown. */
export function useScreenLink() {
  const { roomId = '' } = useParams()
  const [token, setToken] = useState(tokenInAddress)
  useEffect(() => {
    const changed = () => setToken(tokenInAddress())
    addEventListener('hashchange', changed)
    return () => removeEventListener('hashchange', changed)
  }, [])
  useEffect(() => {
    if (token === '') return
    const opened = new ScreenConnection(roomId, token)
    return () => opened.close()
  }, [roomId, token])
  const link = useLive((state) => state.link)
  const room = useLive((state) => state.room)
  const screen = useScreen((state) => state.screen)
  const campaign = room?.audience === 'player' ? room.campaign : null
  return { campaign, screen, link, card: cardFor(), isLost: isLost() }

  function cardFor(): Card {
    if (token === '')
      return { title: 'This address has no link', text: 'Open the whole link that the DM has made.', isFinal: true }
    if (link.kind === 'ended')
      return {
        title: 'This link is not valid any more',
        text: 'The DM makes a new one under “Screens”.',
        isFinal: true,
      }
    if (room && !campaign) return { title: screen?.room ?? '', text: 'The table is resting.', isFinal: false }
    return room ? null : { title: 'Tablecast', text: 'Opening the table…', isFinal: false }
  }

  function isLost(): boolean {
    return room !== null && link.kind !== 'live' && link.kind !== 'ended'
  }
}
