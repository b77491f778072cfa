import { CloudFog, Hand, HandMetal, type LucideIcon, MousePointer2, Radio, Ruler, Shapes, Sun } from 'lucide-react'
import { ToolButton } from '../tools/ToolButton.tsx'

export type DmTool = 'move' | 'reveal' | 'hide' | 'ping' | 'pointer' | 'ruler' | 'area'

const tools: readonly (readonly [DmTool, string, LucideIcon])[] = [
  ['move', 'Move the map and tokens', Hand],
  ['reveal', 'Reveal', Sun],
  ['hide', 'Hide', CloudFog],
  ['ping', 'Point at a place', Radio],
  ['pointer', 'Show my pointer', MousePointer2],
  ['ruler', 'Measure', Ruler],
  ['area', 'Place an area', Shapes],
]

type Props = {
  chosen: DmTool
  choose: (tool: DmTool) => void
  isHandShown: boolean
  showHand: (is: boolean) => void
}

/** The tools at the left of the map. One is in hand. */
export function DmTools({ chosen, choose, isHandShown, showHand }: Props) {
  return (
    <div role="toolbar" aria-label="Tools of the map" className="map-tools">
      {tools.map(([tool, label, icon]) => (
        <ToolButton
          key={tool}
          label={label}
          icon={icon}
          isChosen={chosen === tool}
          onChoose={() => choose(chosen === tool ? 'move' : tool)}
        />
      ))}
      <ToolButton
        label="Players see my ruler, pointer and areas"
        icon={HandMetal}
        isChosen={isHandShown}
        onChoose={() => showHand(!isHandShown)}
      />
    </div>
  )
}
