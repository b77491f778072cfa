import { useEffect, useRef, useState } from 'react'
import { isTyping } from '../../../../keys/is-typing.ts'
import { useNotify } from '../../../../ui/toast.tsx'
import type { Where } from '../operate-pictures.ts'
import type { PicturePlace } from './desk.ts'
import { placeAt } from './place-at.ts'
import { uploads } from './uploads.ts'

type Intake = {
  where: Where
  /** Gets text that was dropped or pasted outside of a field. */
  onText: (text: string) => void
}

/** Takes pictures and text that are dropped or pasted anywhere on the page. Answers the place under a picture that is dragged. */
export function usePictureIntake({ where, onText }: Intake): PicturePlace | null {
  const [over, setOver] = useState<PicturePlace | null>(null)
  const notify = useNotify()
  const take = (files: readonly File[], place: PicturePlace) => {
    const pictures = files.filter(({ type }) => type === '' || type.startsWith('image/'))
    if (pictures.length < files.length)
      notify('Only pictures can be dropped here', 'A campaign or an adventure comes in by “Campaigns”, then “Import”.')
    // A character and the scene have one picture.
    const taken = place.kind === 'tray' ? pictures : pictures.slice(-1)
    if (taken.length > 0) uploads.add(taken, { where, place })
  }
  const newest = useRef({ take, onText })
  useEffect(() => {
    newest.current = { take, onText }
  })
  useEffect(() => {
    const stop = new AbortController()
    const { signal } = stop
    const dragged = (event: DragEvent) => {
      if (!hasFiles(event)) return
      event.preventDefault()
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy'
      const place = placeAt(elementOf(event))
      setOver((before) => (before && isSame(before, place) ? before : place))
    }
    const left = (event: DragEvent) => {
      // Leaving one element enters another, unless it leaves the page.
      if (event.relatedTarget === null) setOver(null)
    }
    const dropped = (event: DragEvent) => {
      setOver(null)
      if (!event.dataTransfer || !hasFiles(event)) return
      event.preventDefault()
      newest.current.take([...event.dataTransfer.files], placeAt(elementOf(event)))
    }
    const pasted = (event: ClipboardEvent) => {
      const { clipboardData } = event
      const text = clipboardData?.getData('text/plain') ?? ''
      // Office programs add a picture of the words that they copy.
      const isWriting = isTyping({ target: event.target, isComposing: false })
      if (!clipboardData || (isWriting && text !== '')) return
      const files = [...clipboardData.files]
      if (files.length > 0) {
        event.preventDefault()
        newest.current.take(files, placeAt(document.activeElement))
      } else if (!isWriting && text.trim() !== '') newest.current.onText(text)
    }
    addEventListener('dragenter', dragged, { signal })
    addEventListener('dragover', dragged, { signal })
    addEventListener('dragleave', left, { signal })
    addEventListener('drop', dropped, { signal })
    addEventListener('paste', pasted, { signal })
    return () => stop.abort()
  }, [])
  return over
}

const hasFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes('Files') ?? false
const elementOf = ({ target }: Event): Element | null => (target instanceof Element ? target : null)
const isSame = (one: PicturePlace, other: PicturePlace): boolean => JSON.stringify(one) === JSON.stringify(other)
