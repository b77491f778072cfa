import { useEffect } from 'react'
import { useNotify } from '../../../../ui/toast.tsx'
import type { Where } from '../operate-pictures.ts'
import { type PicturePlace, takeArrivals, useDesk } from './desk.ts'
import { uploads } from './uploads.ts'

type Arrivals = {
  where: Where
  /** Gets text that was dropped or pasted outside of a field. */
  onText: (text: string) => void
}

/** Uploads the pictures that were dropped or pasted, also before this code had loaded. */
export function useArrivals({ where, onText }: Arrivals): void {
  const arrived = useDesk((desk) => desk.arrived)
  const notify = useNotify()
  const take = (files: readonly File[], place: PicturePlace) => {
    const pictures = files.filter(({ type }) => type === '' || type.startsWith('image/'))
    if (pictures.length < files.length)
      notify('Only pictures can be dropped here', 'A campaign or an adventure comes in by “Campaigns”, then “Import”.')
    // A character and the scene have one picture.
    const taken = place.kind === 'tray' ? pictures : pictures.slice(-1)
    if (taken.length > 0) uploads.add(taken, { where, place })
  }
  useEffect(() => {
    if (arrived.length === 0) return
    for (const arrival of takeArrivals())
      if ('text' in arrival) onText(arrival.text)
      else take(arrival.files, arrival.place)
  })
}
