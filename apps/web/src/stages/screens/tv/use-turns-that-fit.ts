import { useCallback, useState } from 'react'

/** The lengths of `tv.css` in letters: the round with the count of further turns, the acting fighter, and a face with a name beside it. */
const ENDS_EM = 10
const ACTING_EM = 14
const TURN_EM = 7.5
const LEAST = 2

/** How many turns have room for a name beside each face, on a strip of this width in letters. Pure. */
export const turnsThatFit = (widthEm: number): number =>
  Math.max(LEAST, 1 + Math.floor((widthEm - ENDS_EM - ACTING_EM) / TURN_EM))

/** `strip`: the ref of the strip that is measured. */
export function useTurnsThatFit() {
  const [most, setMost] = useState(LEAST)
  const strip = useCallback((element: HTMLElement) => {
    const measured = new ResizeObserver(() => {
      setMost(turnsThatFit(element.clientWidth / Number.parseFloat(getComputedStyle(element).fontSize)))
    })
    measured.observe(element)
    return () => measured.disconnect()
  }, [])
  return { strip, most }
}
