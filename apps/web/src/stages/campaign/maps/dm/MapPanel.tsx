import { type CampaignState, type GameMap, type MapGrid, mapShown, type Token } from '@tablecast/contracts'
import type { TableArea } from '../areas/AreaLayer.tsx'
import { AreaList } from '../areas/AreaList.tsx'
import { whoSeesArea } from '../../dm/who-sees/seen-by.ts'
import { WhoSees } from '../../dm/who-sees/WhoSees.tsx'
import type { ActOnMaps } from '../operate-maps.ts'
import type { TableToken } from '../tokens/table-tokens.ts'
import { TokenList } from '../tokens/TokenList.tsx'
import { AddTokens } from './AddTokens.tsx'
import { DamageInside } from './DamageInside.tsx'
import type { PanelName } from './MapHeader.tsx'
import { MapSettings } from './MapSettings.tsx'
import type { NewToken } from './new-token.ts'
import { TokenEditor } from './TokenEditor.tsx'

export type MapPanelProps = {
  panel: PanelName
  state: CampaignState
  map: GameMap
  /** The grid that is drawn: the one on trial, if there is one. */
  grid: MapGrid
  trial: MapGrid | null
  tryGrid: (grid: MapGrid | null) => void
  tokens: readonly TableToken[]
  areas: readonly TableArea[]
  chosenId: string | null
  choose: (id: string | null) => void
  find: (token: TableToken) => void
  add: (tokens: readonly NewToken[]) => void
  act: ActOnMaps
}

/** Beside a DM's map: its tokens and areas in words, or its settings. */
export function MapPanel(props: MapPanelProps) {
  const { panel, map, trial, tryGrid, act } = props
  return (
    <div className="map-list" data-testid="map-panel">
      {panel === 'settings' ? (
        <MapSettings key={map.id} map={map} trial={trial} tryGrid={tryGrid} act={act} />
      ) : (
        <Tokens {...props} />
      )}
    </div>
  )
}

function Tokens({ state, map, grid, tokens, areas, chosenId, choose, find, add, act }: MapPanelProps) {
  const chosen = state.tokens?.find(({ id, mapId }) => id === chosenId && mapId === map.id)
  const isMapShown = mapShown(state)?.id === map.id
  return (
    <>
      {chosen && (
        <TokenEditor
          key={chosen.id}
          token={chosen}
          name={tokens.find(({ id }) => id === chosen.id)?.name ?? chosen.name}
          unit={grid.unit}
          seen={{ isMapShown, isCharacterSeen: isCharacterSeen(state, chosen) }}
          act={act}
          done={() => choose(null)}
        />
      )}
      <TokenList grid={grid} tokens={tokens} onFind={find} />
      <AreaList
        grid={grid}
        areas={areas}
        tokens={tokens}
        mayRemove={() => true}
        remove={({ id }) => void act({ type: 'removeArea', id })}
        aside={isMapShown ? eyeOnShownMap : eyeOnClosedMap}
      >
        {(_area, inside) => <DamageInside state={state} inside={inside} />}
      </AreaList>
      <h3 className="text-soft mt-3 mb-1 text-xs font-semibold tracking-widest uppercase">Add</h3>
      <AddTokens state={state} placed={new Set(tokens.map(({ characterId }) => characterId))} add={add} />
    </>
  )
}

const eyeOf =
  (isMapShown: boolean) =>
  ({ isHidden }: TableArea, words: string) => {
    const { seenBy, because } = whoSeesArea({ visible: !isHidden }, isMapShown)
    return <WhoSees of={words} seenBy={seenBy} note={because} />
  }
const eyeOnShownMap = eyeOf(true)
const eyeOnClosedMap = eyeOf(false)

/** A token without a character is a thing, which has nothing else that could be hidden. */
const isCharacterSeen = ({ characters }: CampaignState, { characterId }: Token): boolean =>
  characters.find(({ id }) => id === characterId)?.visible ?? true
