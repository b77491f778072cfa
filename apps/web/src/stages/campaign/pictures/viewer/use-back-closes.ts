import { useEffect, useRef } from 'react'

/** The back gesture of a phone, and the browser's back button, close what is open and leave nobody's page. */
export function useBackCloses(close: () => void): void {
  const newest = useRef(close)
  useEffect(() => {
    newest.current = close
  })
  useEffect(() => {
    history.pushState({ [MARK]: true }, '')
    let isBack = false
    const wentBack = () => {
      isBack = true
      newest.current()
    }
    addEventListener('popstate', wentBack)
    return () => {
      removeEventListener('popstate', wentBack)
      // Closed by other means: the entry goes, unless a link has led to another page by now.
      if (!isBack && isMarked(history.state)) history.back()
    }
  }, [])
}

const MARK = 'tablecast.open'
const isMarked = (state: unknown): boolean => typeof state === 'object' && state !== null && MARK in state
