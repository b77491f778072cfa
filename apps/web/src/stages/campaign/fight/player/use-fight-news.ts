import type { PlayerView } from '@tablecast/contracts'
import { useEffect, useRef, useState } from 'react'
import { fightNews } from './fight-news.ts'

/** The newest news of the player's own characters. */
export function useFightNews(view: PlayerView | null, myId: string): string {
  const before = useRef(view)
  const [text, setText] = useState('')
  useEffect(() => {
    const news = before.current && view ? fightNews(before.current, view, myId) : []
    before.current = view
    if (news.length > 0) setText(news.join(' '))
  }, [view, myId])
  return text
}
