// The state of pictures that several parts of a DM's console share.
import { create } from 'zustand'
import type { Upload } from '../upload/upload-queue.ts'
import type { Where } from '../operate-pictures.ts'

/** Where a new picture belongs. */
export type PicturePlace = { kind: 'tray' } | { kind: 'scene' } | { kind: 'portrait'; characterId: string }
export type PictureTarget = { where: Where; place: PicturePlace }

type Desk = {
  uploads: readonly Upload<PictureTarget>[]
  /** The character whose portrait is in the dialog. */
  portraitOf: string | null
  /** The handout that is unfolded in the tray, and whether its title takes the focus: an upload takes it from nobody. */
  open: { id: string; takesFocus: boolean } | null
}

export const useDesk = create<Desk>(() => ({ uploads: [], portraitOf: null, open: null }))

export const openPortrait = (characterId: string | null): void => useDesk.setState({ portraitOf: characterId })
export const unfoldHandout = (id: string | null, takesFocus = false): void =>
  useDesk.setState({ open: id === null ? null : { id, takesFocus } })
