import { changed, hiddenFog, readChange } from '@tablecast/maps/fog'
import type { Diagonals } from '@tablecast/maps/grid'
import type { PlayerView } from '@tablecast/contracts'
import { BookOpen, Crosshair, Eye, Hand, List, LocateFixed, Radio, Ruler, Shapes } from 'lucide-react'
import { useMemo, useRef, useState } from 'react'
import { IconButton } from '../../../../ui/button.tsx'
import { Problem } from '../../../../ui/field.tsx'
import { AreaLayer } from '../areas/AreaLayer.tsx'
import { AreaList } from '../areas/AreaList.tsx'
import { GestureLayer } from '../gestures/GestureLayer.tsx'
import { useGestureStream } from '../gestures/seen-gestures.ts'
import { useHand } from '../gestures/use-hand.ts'
import { actOnMaps } from '../operate-maps.ts'
import type { Where } from '../../pictures/operate-pictures.ts'
import { type TableToken, tokensOfPlayers } from '../tokens/table-tokens.ts'
import { TokenLayer } from '../tokens/TokenLayer.tsx'
import { TokenList } from '../tokens/TokenList.tsx'
import { useCarry } from '../tokens/use-carry.ts'
import { useCentreOnActing } from '../tokens/use-centre-on.ts'
import { AreaKinds } from '../tools/AreaKinds.tsx'
import { type AreaKind, areaTool, pingTool, rulerTool } from '../tools/draft.ts'
import { ToolButton } from '../tools/ToolButton.tsx'
import type { Tool } from '../tools/use-tool.ts'
import { toggleStory, useStoryBeside } from '../story-beside.ts'
import { useKeptChoice } from '../use-kept-choice.ts'
import { BlockCanvas } from '../view/BlockCanvas.tsx'
import { MapButtons } from '../view/MapButtons.tsx'
import { MapStage } from '../view/MapStage.tsx'
import type { MapView } from '../view/map-view.ts'
import { mapOfPlayers, type TableMap } from '../view/table-map.ts'
import { useFollowedView } from './use-followed-view.ts'

export type PlayerMapProps = { where: Where; view: PlayerView; myId: string; isSpectator: boolean }

/** The map that the DM shows, as a player has it. */
export function PlayerMap({ where, view, myId, isSpectator }: PlayerMapProps) {
  const { campaignId } = where
  const { map: shown, tiles } = view
  const map = useMemo(() => mapOfPlayers(campaignId, { map: shown, tiles }), [campaignId, shown, tiles])
  return map && <Shown key={map.id} {...{ where, view, myId, isSpectator, map }} />
}

type ToolName = 'move' | 'ping' | 'ruler' | 'area'

function Shown({ where, view, myId, isSpectator, map }: PlayerMapProps & { map: TableMap }) {
  const mapView = useRef<MapView | null>(null)
  const [toolName, setToolName] = useState<ToolName>('move')
  const [areaKind, setAreaKind] = useState<AreaKind>('circle')
  const [chosenId, setChosenId] = useState<string | null>(null)
  const [isListOpen, setIsListOpen] = useState(false)
  const [words, say] = useState('')
  const [problem, setProblem] = useState<string | null>(null)
  const [diagonals] = useKeptChoice<Diagonals>('tablecast.map.diagonals', 'one', ['one', 'one-and-two', 'exact'])
  const [follows, setFollows] = useKeptChoice('tablecast.map.follows', 'yes', ['yes', 'no'])
  const [centres, setCentres] = useKeptChoice('tablecast.map.centres', 'no', ['yes', 'no'])
  const isStoryOpen = useStoryBeside(({ isOpen }) => isOpen)
  const { grid } = map
  const tokens = tokensOfPlayers(view, myId, map.isLocked)
  const areas = view.areas.map((area) => ({ ...area, isHidden: false }))
  const act = actOnMaps(where, setProblem)
  const actAgain: typeof act = (operation) => {
    setProblem(null)
    return act(operation)
  }
  const hand = useHand(where.roomId, map.id, true)
  const carry = useCarry({ map, tokens, view: mapView, diagonals, act: actAgain, send: hand.send, say })
  useGestureStream(where.roomId, myId)
  useFollowedView(mapView, map.id, follows === 'yes')
  useCentreOnActing(mapView, tokens, centres === 'yes')
  const sight = useMemo(() => {
    if (map.inSight === null) return null
    const nothing = hiddenFog(map)
    return changed(nothing, readChange(map.inSight, nothing))
    // oxlint-disable-next-line react/exhaustive-deps
  }, [map.inSight, map.width, map.height])

  const find = (token: TableToken) => {
    setChosenId(token.id)
    mapView.current?.lookAt({ at: token })
  }
  const own = tokens.find(({ isOwn }) => isOwn)
  const tools: Record<ToolName, Tool | null> = {
    move: null,
    ping: pingTool(hand.ping),
    ruler: rulerTool({ grid, draw: hand.measure }),
    area: areaTool({
      grid,
      kind: areaKind,
      draw: hand.holdArea,
      done: (shape) => void actAgain({ type: 'placeArea', mapId: map.id, shape }),
    }),
  }

  return (
    <section aria-label={`Map: ${map.title}`} className="map-section relative flex min-h-0 min-w-0 grow flex-col">
      <p role="status" aria-label="On the map" className="sr-only">
        {words}
      </p>
      <div className="flex min-h-0 grow">
        <MapStage
          map={map}
          tool={tools[toolName]}
          onPing={isSpectator ? null : hand.ping}
          viewRef={mapView}
          controls={
            <>
              <div className="map-title">
                <h2 dir="auto" className="truncate text-base">
                  {map.title}
                </h2>
              </div>
              {!isSpectator && (
                <div role="toolbar" aria-label="Tools of the map" className="map-tools">
                  <ToolButton label="Move the map and your token" icon={Hand} {...choiceOf('move')} />
                  <ToolButton label="Point at a place" icon={Radio} {...choiceOf('ping')} />
                  <ToolButton label="Measure" icon={Ruler} {...choiceOf('ruler')} />
                  <ToolButton label="Place an area" icon={Shapes} {...choiceOf('area')} />
                </div>
              )}
              {toolName === 'area' && (
                <div className="map-options">
                  <AreaKinds kind={areaKind} choose={setAreaKind} />
                </div>
              )}
              <MapButtons>
                <IconButton
                  look="plain"
                  label={isStoryOpen ? 'Give the map the room of the story' : 'Show the story beside the map'}
                  className="max-md:hidden"
                  onClick={toggleStory}
                >
                  <BookOpen size={18} />
                </IconButton>
                {own && (
                  <IconButton look="plain" label="Centre on me" onClick={() => find(own)}>
                    <LocateFixed size={18} />
                  </IconButton>
                )}
                <ToolButton
                  label="Follow the DM’s view"
                  icon={Eye}
                  isChosen={follows === 'yes'}
                  onChoose={() => setFollows(follows === 'yes' ? 'no' : 'yes')}
                />
                <ToolButton
                  label="Centre on whose turn it is"
                  icon={Crosshair}
                  isChosen={centres === 'yes'}
                  onChoose={() => setCentres(centres === 'yes' ? 'no' : 'yes')}
                />
                <IconButton
                  look={isListOpen ? 'primary' : 'plain'}
                  label="The map in words"
                  aria-expanded={isListOpen}
                  onClick={() => setIsListOpen(!isListOpen)}
                >
                  <List size={18} />
                </IconButton>
              </MapButtons>
              <div className="map-problem">
                <Problem text={problem} />
              </div>
            </>
          }
        >
          {sight && <BlockCanvas fog={sight} darkness={0.5} label="explored" />}
          <AreaLayer areas={areas} />
          <TokenLayer {...{ tokens, carry, diagonals, chosenId }} onChoose={setChosenId} />
          <GestureLayer diagonals={diagonals} own={hand.own} />
        </MapStage>
        {isListOpen && (
          <div className="map-list">
            <TokenList grid={grid} tokens={tokens} onFind={find} />
            <AreaList
              grid={grid}
              areas={areas}
              tokens={tokens}
              mayRemove={({ ownerId }) => ownerId === myId && !isSpectator}
              remove={({ id }) => void actAgain({ type: 'removeArea', id })}
            />
          </div>
        )}
      </div>
    </section>
  )

  function choiceOf(name: ToolName) {
    return { isChosen: toolName === name, onChoose: () => setToolName(toolName === name ? 'move' : name) }
  }
}
