import { Cast, Crosshair } from 'lucide-react'
import { ToolButton } from '../tools/ToolButton.tsx'
import { MapButtons } from '../view/MapButtons.tsx'

type Props = {
  centres: boolean
  setCentres: (is: boolean) => void
  leads: boolean
  lead: (is: boolean) => void
}

export const DmMapButtons = ({ centres, setCentres, leads, lead }: Props) => (
  <MapButtons>
    <ToolButton label="Show players the part that I see" icon={Cast} isChosen={leads} onChoose={() => lead(!leads)} />
    <ToolButton
      label="Centre on whose turn it is"
      icon={Crosshair}
      isChosen={centres}
      onChoose={() => setCentres(!centres)}
    />
  </MapButtons>
)
