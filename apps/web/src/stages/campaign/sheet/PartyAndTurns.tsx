import type { PlayerView } from '@tablecast/contracts'
import { AsWritten, Guard } from '../../../ui/guard.tsx'
import type { OwnCampaign } from './OwnCharacter.tsx'
import { Party } from './Party.tsx'
import { TurnOrder } from './TurnOrder.tsx'

type Props = { view: PlayerView; myId: string | null; own?: OwnCampaign; mayBring?: boolean }

export function PartyAndTurns({ view, myId, own, mayBring = false }: Props) {
  const names = view.characters.map(({ name }) => name)
  return (
    <>
      <Guard of={view} instead={<AsWritten text={`Round ${view.turn.round}`} />}>
        <TurnOrder view={view} myId={myId} />
      </Guard>
      <Guard of={view} instead={<AsWritten text={names.join('\n')} />}>
        <Party view={view} myId={myId} own={own} mayBring={mayBring} />
      </Guard>
    </>
  )
}
