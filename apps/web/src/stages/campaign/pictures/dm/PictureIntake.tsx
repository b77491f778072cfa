import { useLayoutEffect } from 'react'
import { isTyping } from '../../../../keys/is-typing.ts'
import { type Arrival, type PicturePlace, useDesk } from './desk.ts'
import { placeAt } from './place-at.ts'

/**
 * Takes what is dropped or pasted anywhere on the page, from the moment the console is drawn. The desk handles it once
 * its code has loaded: without a listener, the browser would leave the page and open the file.
 */
export function PictureIntake() {
  // A layout effect: the listeners are there before anybody sees the page and can drop a file on it.
  useLayoutEffect(() => {
    const stop = new AbortController()
    const { signal } = stop
    addEventListener('dragenter', dragged, { signal })
    addEventListener('dragover', dragged, { signal })
    addEventListener('dragleave', left, { signal })
    addEventListener('drop', dropped, { signal })
    addEventListener('paste', pasted, { signal })
    return () => {
      stop.abort()
      useDesk.setState({ over: null, arrived: [] })
    }
  }, [])
  return null
}

function dragged(event: DragEvent): void {
  if (!hasFiles(event)) return
  event.preventDefault()
  if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy'
  const place = placeAt(elementOf(event))
  useDesk.setState(({ over }) => (over && isSame(over, place) ? {} : { over: place }))
}

function left(event: DragEvent): void {
  // Leaving one element enters another, unless it leaves the page.
  if (event.relatedTarget === null) useDesk.setState({ over: null })
}

function dropped(event: DragEvent): void {
  useDesk.setState({ over: null })
  if (!event.dataTransfer || !hasFiles(event)) return
  event.preventDefault()
  arrive({ files: [...event.dataTransfer.files], place: placeAt(elementOf(event)) })
}

function pasted(event: ClipboardEvent): void {
  const { clipboardData } = event
  const text = clipboardData?.getData('text/plain') ?? ''
  // Office programs add a picture of the words that they copy.
  const isWriting = isTyping({ target: event.target, isComposing: false })
  if (!clipboardData || (isWriting && text !== '')) return
  const files = [...clipboardData.files]
  if (files.length > 0) {
    event.preventDefault()
    arrive({ files, place: placeAt(document.activeElement) })
  } else if (!isWriting && text.trim() !== '') arrive({ text })
}

const arrive = (arrival: Arrival): void => useDesk.setState(({ arrived }) => ({ arrived: [...arrived, arrival] }))
const hasFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes('Files') ?? false
const elementOf = ({ target }: Event): Element | null => (target instanceof Element ? target : null)
const isSame = (one: PicturePlace, other: PicturePlace): boolean => JSON.stringify(one) === JSON.stringify(other)
