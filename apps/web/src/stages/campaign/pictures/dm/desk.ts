// The state of pictures that several parts of a DM's console share.
import { create } from 'zustand'
import type { Upload } from '../upload/upload-queue.ts'
import type { Where } from '../operate-pictures.ts'

/** Where a new picture belongs. */
export type PicturePlace = { kind: 'tray' } | { kind: 'scene' } | { kind: 'portrait'; characterId: string }
/** Pictures or text that a person dropped or pasted on the page. */
export type Arrival = { files: readonly File[]; place: PicturePlace } | { text: string }
export type PictureTarget = { where: Where; place: PicturePlace }

type Desk = {
  /** The place under a picture that is dragged. */
  over: PicturePlace | null
  /** They wait for the desk's code. */
  arrived: readonly Arrival[]
  uploads: readonly Upload<PictureTarget>[]
  /** The character whose portrait is in the dialog. */
  portraitOf: string | null
  /** The handout that is unfolded in the tray, and whether its title takes the focus: an upload takes it from nobody. */
  open: { id: string; takesFocus: boolean } | null
}

export const useDesk = create<Desk>(() => ({
  over: null,
  arrived: [],
  uploads: [],
  portraitOf: null,
  open: null,
}))

export const openPortrait = (characterId: string | null): void => useDesk.setState({ portraitOf: characterId })
export const unfoldHandout = (id: string | null, takesFocus = false): void =>
  useDesk.setState({ open: id === null ? null : { id, takesFocus } })

/** Answers what arrived, and forgets it. */
export function takeArrivals(): readonly Arrival[] {
  const { arrived } = useDesk.getState()
  useDesk.setState({ arrived: [] })
  return arrived
}
