import type { GameMap } from '@tablecast/contracts'
import { BookOpen, Eye, EyeOff, Settings2, Users, X } from 'lucide-react'
import { Button, IconButton } from '../../../../ui/button.tsx'
import type { ActOnMaps } from '../operate-maps.ts'
import { toggleStory, useStoryBeside } from '../story-beside.ts'
import { openMap } from './map-desk.ts'

export type PanelName = 'tokens' | 'settings'

type Props = {
  map: GameMap
  isShown: boolean
  act: ActOnMaps
  panel: PanelName | null
  showPanel: (panel: PanelName | null) => void
}

/** The name of the map, whether players see it, and the panels beside it. */
export function MapHeader({ map, isShown, act, panel, showPanel }: Props) {
  const isStoryOpen = useStoryBeside(({ isOpen }) => isOpen)
  const press = (one: PanelName) => showPanel(panel === one ? null : one)
  return (
    <div className="border-line no-scrollbar flex shrink-0 items-center gap-1 overflow-x-auto border-b px-2">
      <h2 dir="auto" className="min-w-24 grow truncate text-base">
        {map.title}
      </h2>
      <Button
        look={isShown ? 'plain' : 'primary'}
        aria-label={isShown ? 'Close it for players' : 'Show it to players'}
        className="!px-3 text-sm whitespace-nowrap"
        data-command="Map"
        onClick={() => void act({ type: 'showMap', id: isShown ? null : map.id })}
      >
        {isShown ? <EyeOff size={16} aria-hidden="true" /> : <Eye size={16} aria-hidden="true" />}
        {isShown ? 'Close' : 'Show'}
      </Button>
      <IconButton
        label="Tokens and areas"
        aria-expanded={panel === 'tokens'}
        look={panel === 'tokens' ? 'primary' : 'quiet'}
        data-command="Map"
        onClick={() => press('tokens')}
      >
        <Users size={18} />
      </IconButton>
      <IconButton
        label="Grid and sight of the map"
        aria-expanded={panel === 'settings'}
        look={panel === 'settings' ? 'primary' : 'quiet'}
        data-command="Map"
        onClick={() => press('settings')}
      >
        <Settings2 size={18} />
      </IconButton>
      <IconButton
        label="The story beside the map"
        aria-expanded={isStoryOpen}
        look={isStoryOpen ? 'primary' : 'quiet'}
        data-command="Map"
        onClick={toggleStory}
      >
        <BookOpen size={18} />
      </IconButton>
      <IconButton label="Put the map away" data-command="Map" onClick={() => openMap(null)}>
        <X size={18} />
      </IconButton>
    </div>
  )
}
