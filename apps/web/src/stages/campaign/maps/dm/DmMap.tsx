import type { AreaShape, CampaignState, GameMap, MapGrid } from '@tablecast/contracts'
import { type Diagonals, type Point, snapped } from '@tablecast/maps/grid'
import { type DragEvent, useMemo, useRef, useState } from 'react'
import type { Where } from '../../pictures/operate-pictures.ts'
import { AreaLayer, type TableArea } from '../areas/AreaLayer.tsx'
import { GestureLayer } from '../gestures/GestureLayer.tsx'
import { useGestureStream } from '../gestures/seen-gestures.ts'
import { useHand } from '../gestures/use-hand.ts'
import { type TableToken, tokensOfDms } from '../tokens/table-tokens.ts'
import { TokenLayer } from '../tokens/TokenLayer.tsx'
import { useCarry } from '../tokens/use-carry.ts'
import { useCentreOnActing } from '../tokens/use-centre-on.ts'
import { AreaKinds } from '../tools/AreaKinds.tsx'
import {
  type AreaKind,
  areaTool,
  clampTo,
  type FogDraft as Draft,
  type FogShapeKind,
  fogTool,
  pingTool,
  rulerTool,
  whole,
} from '../tools/draft.ts'
import { FogDraft } from '../tools/FogDraft.tsx'
import { pointerTool } from '../tools/pointer-tool.ts'
import type { Tool } from '../tools/use-tool.ts'
import { useKeptChoice } from '../use-kept-choice.ts'
import { BlockCanvas } from '../view/BlockCanvas.tsx'
import { MapStage } from '../view/MapStage.tsx'
import type { MapView } from '../view/map-view.ts'
import { mapOfDms } from '../view/table-map.ts'
import { type NewToken, TOKEN_DRAG } from './new-token.ts'
import { DmMapButtons } from './DmMapButtons.tsx'
import { type DmTool, DmTools } from './DmTools.tsx'
import { FogOptions } from './FogOptions.tsx'
import { freePlaces } from './free-places.ts'
import { MapHeader, type PanelName } from './MapHeader.tsx'
import { MapPanel } from './panel-part.ts'
import { useActOnMaps } from './use-act-on-maps.ts'
import { useFog } from './use-fog.ts'
import { useWalls, WallLayer } from './WallLayer.tsx'

export type DmMapProps = { where: Where; state: CampaignState; map: GameMap; myId: string }

/** A map as a DM has it: whole, with the fog drawn over it, and the tools that change it. */
export function DmMap({ where, state, map, myId }: DmMapProps) {
  const { roomId, campaignId } = where
  const mapView = useRef<MapView | null>(null)
  const [toolName, setToolName] = useState<DmTool>('move')
  const [fogShape, setFogShape] = useState<FogShapeKind>('rectangle')
  const [brush, setBrush] = useState(1.5)
  const [draft, setDraft] = useState<Draft | null>(null)
  const [areaKind, setAreaKind] = useState<AreaKind>('circle')
  const [chosenId, setChosenId] = useState<string | null>(null)
  const [panel, setPanel] = useState<PanelName | null>(null)
  const [trial, setTrial] = useState<MapGrid | null>(null)
  const [words, say] = useState('')
  const [diagonals, setDiagonals] = useKeptChoice<Diagonals>('tablecast.map.diagonals', 'one', [
    'one',
    'one-and-two',
    'exact',
  ])
  const [centres, setCentres] = useKeptChoice('tablecast.map.centres', 'no', ['yes', 'no'])
  const [hand, setHand] = useKeptChoice('tablecast.map.hand', 'shown', ['shown', 'hidden'])
  const [leads, setLeads] = useState(false)
  const act = useActOnMaps(where)
  const fog = useFog(where, map)
  const walls = useWalls(where, map)
  const shows = hand === 'shown'
  const pointing = useHand(roomId, map.id, shows)
  useGestureStream(roomId, myId)

  const tableMap = useMemo(() => {
    const shown = mapOfDms(campaignId, map)
    return trial ? { ...shown, grid: trial } : shown
    // Only these change what is drawn: a change of the fog must not touch the tiles.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [campaignId, map.id, map.title, map.name, map.width, map.height, map.grid, map.isLocked, trial])
  const { grid } = tableMap
  const tokens = tokensOfDms(state, map.id)
  const areas = (state.areas ?? [])
    .filter(({ mapId }) => mapId === map.id)
    .map(({ id, shape, ownerId, visible }): TableArea => ({ id, shape, ownerId, isHidden: !visible }))
  const carry = useCarry({ map: tableMap, tokens, view: mapView, diagonals, act, send: pointing.send, say })
  useCentreOnActing(mapView, tokens, centres === 'yes')

  const reveals = toolName === 'reveal'
  const changeFog = (stroke: Draft | { kind: 'all' }) =>
    void act({ type: 'changeFog', mapId: map.id, stroke: roundedStroke(stroke), reveals })
  const placeArea = (shape: AreaShape) => void act({ type: 'placeArea', mapId: map.id, shape, visible: shows })
  const drawFog = fogTool({
    shape: fogShape,
    radius: Math.round((brush * grid.size) / 2),
    clamp: clampTo(map),
    draft,
    draw: setDraft,
    done: changeFog,
  })
  const tools: Record<DmTool, Tool | null> = {
    move: null,
    reveal: drawFog,
    hide: drawFog,
    ping: pingTool(pointing.ping),
    pointer: pointerTool(pointing.point, () => pointing.send({ kind: 'end' })),
    ruler: rulerTool({ grid, draw: pointing.measure }),
    area: areaTool({ grid, kind: areaKind, draw: pointing.holdArea, done: placeArea }),
  }

  const add = (added: readonly NewToken[], at?: Point) => {
    const middle = at ?? mapView.current?.look.at ?? { x: map.width / 2, y: map.height / 2 }
    const places = freePlaces(
      grid,
      middle,
      added.map(() => 1),
      tokens,
    )
    void act({
      type: 'addTokens',
      mapId: map.id,
      tokens: added.map((one, place) => ({
        ...one,
        ...(places[place] ?? whole(middle)),
        size: 1,
        visible: true,
        darkvision: 0,
      })),
    })
  }
  const dropped = (event: DragEvent) => {
    const characterId = event.dataTransfer?.getData(TOKEN_DRAG)
    const character = state.characters.find(({ id }) => id === characterId)
    const at = mapView.current?.placeOf(event)
    if (!character || !at) return
    event.preventDefault()
    // One that stands on the map already moves there.
    const token = tokens.find((one) => one.characterId === character.id)
    const place = snapped(grid, at, token?.size)
    if (token) void act({ type: 'moveToken', id: token.id, way: [whole(place)] })
    else add([{ characterId: character.id, name: character.name }], place)
  }
  const find = (token: TableToken) => {
    setChosenId(token.id)
    mapView.current?.lookAt({ at: token })
  }
  const choose = (id: string | null) => {
    setChosenId(id)
    if (id !== null) setPanel('tokens')
  }
  const moved = (view: MapView) => {
    if (leads) pointing.send({ kind: 'view', ...view.look })
  }
  const lead = (is: boolean) => {
    setLeads(is)
    const look = mapView.current?.look
    if (is && look) pointing.send({ kind: 'view', ...look })
  }

  return (
    <section aria-label={`Map: ${map.title}`} className="map-section relative flex min-h-0 min-w-0 grow flex-col">
      <MapHeader
        map={map}
        isShown={state.shownMap?.mapId === map.id}
        act={act}
        panel={panel}
        showPanel={(next) => {
          setPanel(next)
          setTrial(null)
        }}
      />
      <p role="status" aria-label="On the map" className="sr-only">
        {words}
      </p>
      <div
        className="flex min-h-0 grow"
        onDragOver={(event) => {
          if (event.dataTransfer?.types.includes(TOKEN_DRAG)) event.preventDefault()
        }}
        onDrop={dropped}
      >
        <MapStage
          map={tableMap}
          tool={tools[toolName]}
          onPing={pointing.ping}
          viewRef={mapView}
          onMoved={moved}
          controls={
            <>
              <DmTools
                chosen={toolName}
                choose={(next) => {
                  setDraft(null)
                  setToolName(next)
                }}
                isHandShown={shows}
                showHand={(is) => setHand(is ? 'shown' : 'hidden')}
              />
              {(toolName === 'reveal' || toolName === 'hide') && (
                <FogOptions
                  reveals={reveals}
                  shape={fogShape}
                  choose={(next) => {
                    setDraft(null)
                    setFogShape(next)
                  }}
                  brush={brush}
                  setBrush={setBrush}
                  draft={draft}
                  finish={() => {
                    if (draft) changeFog(draft)
                    setDraft(null)
                  }}
                  cancel={() => setDraft(null)}
                  all={() => changeFog({ kind: 'all' })}
                />
              )}
              {toolName === 'area' && (
                <div className="map-options">
                  <AreaKinds kind={areaKind} choose={setAreaKind} />
                </div>
              )}
              {toolName === 'ruler' && (
                <div className="map-options">
                  <DiagonalChoice value={diagonals} choose={setDiagonals} />
                </div>
              )}
              <DmMapButtons
                centres={centres === 'yes'}
                setCentres={(is) => setCentres(is ? 'yes' : 'no')}
                leads={leads}
                lead={lead}
              />
            </>
          }
        >
          {fog && <BlockCanvas fog={fog} darkness={0.55} label="fog" />}
          {walls && <WallLayer map={map} walls={walls} act={act} />}
          <AreaLayer areas={areas} />
          <TokenLayer {...{ tokens, carry, diagonals, chosenId }} onChoose={choose} />
          {draft && <FogDraft draft={draft} reveals={reveals} />}
          <GestureLayer diagonals={diagonals} own={pointing.own} />
        </MapStage>
        {panel && (
          <MapPanel
            {...{ panel, state, map, grid, trial, tokens, areas, chosenId, find, act }}
            tryGrid={setTrial}
            choose={setChosenId}
            add={(added) => add(added)}
          />
        )}
      </div>
    </section>
  )
}

/** The server takes whole pixels. */
function roundedStroke(stroke: Draft | { kind: 'all' }): Draft | { kind: 'all' } {
  switch (stroke.kind) {
    case 'rectangle':
      return { ...stroke, from: whole(stroke.from), to: whole(stroke.to) }
    case 'polygon':
      return { ...stroke, points: stroke.points.map(whole) }
    case 'brush':
      return { ...stroke, points: stroke.points.map(whole), radius: Math.min(2_000, Math.max(8, stroke.radius)) }
    case 'room':
      return { ...stroke, at: whole(stroke.at) }
    case 'all':
      return stroke
  }
}

const diagonalWords: readonly (readonly [Diagonals, string])[] = [
  ['one', 'Diagonals 5-5-5'],
  ['one-and-two', 'Diagonals 5-10-5'],
  ['exact', 'As the crow flies'],
]

function DiagonalChoice({ value, choose }: { value: Diagonals; choose: (value: Diagonals) => void }) {
  return (
    <select
      aria-label="How diagonals count"
      value={value}
      onChange={({ currentTarget }) => {
        const found = diagonalWords.find(([one]) => one === currentTarget.value)
        if (found) choose(found[0])
      }}
      className="bg-raised border-line min-h-11 rounded-lg border px-2 text-sm"
    >
      {diagonalWords.map(([one, label]) => (
        <option key={one} value={one}>
          {label}
        </option>
      ))}
    </select>
  )
}
