import type { Diagonals, Point } from '@tablecast/maps/grid'
import { type KeyboardEvent, type PointerEvent, type RefObject, useRef, useState } from 'react'
import type { SendGesture } from '../gestures/send-gestures.ts'
import type { ActOnMaps } from '../operate-maps.ts'
import type { MapView } from '../view/map-view.ts'
import type { TableMap } from '../view/table-map.ts'
import { nearestToken } from './nearest-token.ts'
import type { TableToken } from './table-tokens.ts'
import { lengthInWords, tokenInWords } from './token-words.ts'
import { wayByKey, wayTo, withoutCorner } from './way.ts'

/** `way` begins where the token stands. */
type Held = { id: string; way: readonly Point[] }
/** A token that was dropped, until the state of the server shows it there. */
type Dropped = { id: string; from: Point; at: Point }

type Deps = {
  map: TableMap | null
  tokens: readonly TableToken[]
  view: RefObject<MapView | null>
  diagonals: Diagonals
  act: ActOnMaps
  send: SendGesture
  /** Screen readers hear it. */
  say: (words: string) => void
}

/** A shorter movement of the pointer is a click. */
const CLICK_PIXELS = 4

export type Carry = ReturnType<typeof useCarry>

/** Moves tokens by pointer, finger or keys. Others see the token while it is held; only the drop changes the map. */
export function useCarry({ map, tokens, view, diagonals, act, send, say }: Deps) {
  const [held, setHeld] = useState<Held | null>(null)
  /** The same at once: several events of the pointer may come before the page is drawn again. */
  const inHand = useRef<Held | null>(null)
  const [dropped, setDropped] = useState<Dropped | null>(null)
  const pressed = useRef<{ token: TableToken; x: number; y: number; grip: Point } | null>(null)

  const placeOf = (token: TableToken): Point =>
    dropped?.id === token.id && dropped.from.x === token.x && dropped.from.y === token.y
      ? dropped.at
      : { x: token.x, y: token.y }

  const hold = (token: TableToken, way: readonly Point[]) => {
    inHand.current = { id: token.id, way }
    setHeld(inHand.current)
    const at = way.at(-1)
    if (at) send({ kind: 'drag', tokenId: token.id, at })
  }
  const release = () => {
    inHand.current = null
    setHeld(null)
    send({ kind: 'end' })
  }
  const drop = async (token: TableToken, way: readonly Point[]) => {
    release()
    const at = way.at(-1)
    if (!map || !at || way.length < 2) return
    setDropped({ id: token.id, from: { x: token.x, y: token.y }, at })
    const answer = await act({ type: 'moveToken', id: token.id, way: way.slice(1) })
    if (!answer) setDropped(null)
    say(
      answer
        ? `Moved: ${tokenInWords(map.grid, { ...token, ...at }, tokens)}`
        : `${token.name} stays at ${tokenInWords(map.grid, token, tokens)}`,
    )
  }

  const keyed = (event: KeyboardEvent, token: TableToken, choose: (id: string) => void) => {
    if (!map) return
    const carried = inHand.current?.id === token.id ? inHand.current : null
    const way = carried?.way ?? [placeOf(token)]
    const next = token.mayMove ? wayByKey(map.grid, way, event.key, token.size) : null
    if (next) {
      event.preventDefault()
      const at = next.at(-1)
      hold(token, next)
      if (!at) return
      view.current?.showPlace(at)
      say(`${tokenInWords(map.grid, { ...token, ...at }, tokens)}. ${lengthInWords(map.grid, next, diagonals)}`)
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault()
      if (carried) void drop(token, carried.way)
      else choose(token.id)
    } else if (event.key === 'Escape' && carried) {
      event.preventDefault()
      event.stopPropagation()
      release()
      say(`Cancelled. ${tokenInWords(map.grid, token, tokens)}`)
    }
  }

  const down = (event: PointerEvent<HTMLElement>) => {
    const at = view.current?.placeOf(event)
    const meant =
      at &&
      nearestToken(
        tokens.map((token) => ({ token, at: placeOf(token), size: token.size })),
        at,
      )
    if (event.button !== 0 || !meant) return
    event.stopPropagation()
    const grip = { x: meant.at.x - at.x, y: meant.at.y - at.y }
    pressed.current = { token: meant.token, x: event.clientX, y: event.clientY, grip }
    event.currentTarget.setPointerCapture(event.pointerId)
  }
  const moved = (event: PointerEvent<HTMLElement>) => {
    const press = pressed.current
    const at = view.current?.placeOf(event)
    if (!press || !at || !map || !press.token.mayMove) return
    const carried = inHand.current
    if (!carried && Math.hypot(event.clientX - press.x, event.clientY - press.y) < CLICK_PIXELS) return
    const { token, grip } = press
    const to = { x: at.x + grip.x, y: at.y + grip.y }
    const before = carried?.id === token.id ? carried.way : [placeOf(token)]
    const way = withoutCorner(map.grid, wayTo(map.grid, before, to, token.size))
    const [last, was] = [way.at(-1), before.at(-1)]
    if (!carried || last?.x !== was?.x || last?.y !== was?.y) hold(token, way)
  }
  const up = (choose: (id: string) => void) => {
    const press = pressed.current
    pressed.current = null
    if (!press) return
    const carried = inHand.current
    if (carried?.id === press.token.id) void drop(press.token, carried.way)
    else choose(press.token.id)
  }
  const lost = () => {
    pressed.current = null
    if (inHand.current) release()
  }

  const handlersOf = (token: TableToken, choose: (id: string) => void) => ({
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => keyed(event, token, choose),
    onBlur: () => {
      if (inHand.current?.id === token.id && !pressed.current) release()
    },
    onPointerDown: down,
    onPointerMove: moved,
    onPointerUp: () => up(choose),
    onPointerCancel: lost,
    // Else the map would move with the token.
    onMouseDown: stop,
    onTouchStart: stop,
  })

  return { held, placeOf, handlersOf }
}

const stop = (event: { stopPropagation(): void }): void => event.stopPropagation()
