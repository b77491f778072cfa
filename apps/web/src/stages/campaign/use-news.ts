// News outside the page itself: the tab's title and badge, the sound, and announcements for screen readers.
import { DM_TURN, type NarrativeEntry, type PlayerCharacter, type PlayerView } from '@tablecast/contracts'
import { useEffect, useRef, useState } from 'react'
import { type Live, useLive } from '../../live/live-store.ts'
import { storage } from '../../storage.ts'

export type TurnCue = 'your_turn' | 'on_deck' | null

/** Whether it is this player's turn now or next. */
export function turnCue(view: PlayerView | null, myId: string): TurnCue {
  if (!view || view.turn.current === null) return null
  const { order, current } = view.turn
  const mine = new Set(view.characters.filter(({ ownerId }) => ownerId === myId).map(({ id }) => id))
  if (current !== DM_TURN && mine.has(current)) return 'your_turn'
  if (current === DM_TURN) return null
  const at = order.indexOf(current)
  const out = new Set(view.characters.filter(hasNoTurn).map(({ id }) => id))
  const next = [...order.slice(at + 1), ...order.slice(0, at)].find((id) => !out.has(id))
  return next !== undefined && mine.has(next) ? 'on_deck' : null
}

const hasNoTurn = ({ downed }: PlayerCharacter): boolean => downed?.state === 'defeated' || downed?.state === 'dead'

/** Title and badge while the tab is hidden, or while it is this player's turn. */
export function useTabNews(name: string, cue: TurnCue): void {
  const newest = useLive((state) => newestHeard(state)?.id)
  const [unseen, setUnseen] = useState(0)
  const seen = useRef(newest)
  useEffect(() => {
    if (seen.current !== undefined && newest !== seen.current && document.hidden) setUnseen((count) => count + 1)
    seen.current = newest
  }, [newest])
  useEffect(() => {
    const look = () => {
      if (!document.hidden) setUnseen(0)
    }
    document.addEventListener('visibilitychange', look)
    return () => document.removeEventListener('visibilitychange', look)
  }, [])
  useEffect(() => {
    const words = { your_turn: 'Your turn! · ', on_deck: 'On deck · ' }
    document.title = `${unseen > 0 ? `(${unseen}) ` : ''}${cue ? words[cue] : ''}${name} · Tablecast`
    const icon = document.querySelector<HTMLLinkElement>('link[rel=icon]')
    if (icon) icon.href = unseen > 0 || cue === 'your_turn' ? '/favicon-news.svg' : '/favicon.svg'
  }, [unseen, cue, name])
}

const SOUND_KEY = 'tablecast.sound'

/** A short chime when this player's turn begins. */
export function useTurnSound(cue: TurnCue) {
  const [isOn, setIsOn] = useState(() => storage.read(SOUND_KEY) === 'on')
  const before = useRef(cue)
  useEffect(() => {
    if (isOn && cue === 'your_turn' && before.current !== 'your_turn') chime()
    before.current = cue
  }, [cue, isOn])
  const choose = (on: boolean) => {
    storage.write(SOUND_KEY, on ? 'on' : 'off')
    setIsOn(on)
    if (on) chime()
  }
  return { isOn, choose }
}

function chime(): void {
  const audio = new AudioContext()
  for (const [place, frequency] of [660, 880].entries()) {
    const tone = audio.createOscillator()
    const volume = audio.createGain()
    const at = audio.currentTime + place * 0.14
    tone.frequency.value = frequency
    volume.gain.setValueAtTime(0.15, at)
    volume.gain.exponentialRampToValueAtTime(0.001, at + 0.5)
    tone.connect(volume).connect(audio.destination)
    tone.start(at)
    tone.stop(at + 0.5)
  }
  setTimeout(() => void audio.close(), 1_500)
}

/** The newest entry of the story or of the whispers. */
function newestHeard({ room, whispers }: Live): NarrativeEntry | undefined {
  const told = room?.campaign?.entries.at(-1)
  const whispered = whispers?.campaignId === room?.campaign?.id ? whispers?.entries.at(-1) : undefined
  return whispered && whispered.at > (told?.at ?? '') ? whispered : told
}

/** A change of the fight writes several lines at once. */
const MAX_LINES_AT_ONCE = 6

/** The text for screen readers: the entries that arrived last, and that it is this player's turn. */
export function useAnnouncement(cue: TurnCue): string {
  const newest = useLive(newestHeard)
  const heard = useRef(newest && { id: newest.id, text: newest.text })
  const [ids, setIds] = useState<readonly string[]>([])
  useEffect(() => {
    if (!newest || (newest.id === heard.current?.id && newest.text === heard.current.text)) return
    if (heard.current !== undefined) setIds([...linesBetween(heard.current.id, newest.id), newest.id])
    heard.current = { id: newest.id, text: newest.text }
  }, [newest])
  // Read from the entries, so that words which were taken back or edited are gone here too.
  const told = useLive(({ room, whispers }) =>
    [...(room?.campaign?.entries.slice(-2 * MAX_LINES_AT_ONCE) ?? []), ...(whispers?.entries.slice(-1) ?? [])]
      .filter(({ id, withdrawn }) => ids.includes(id) && !withdrawn)
      .map(inWords)
      .join(' '),
  )
  return cue === 'your_turn' ? `${told} It is your turn.` : told
}

/** The lines of commands and of the fight that came between two entries. */
function linesBetween(before: string, newest: string): string[] {
  const entries = useLive.getState().room?.campaign?.entries ?? []
  const from = entries.findIndex(({ id }) => id === before)
  const to = entries.findIndex(({ id }) => id === newest)
  if (from < 0 || to < 0) return []
  const lines = entries.slice(from + 1, to).filter(({ kind }) => kind === 'system')
  return lines.slice(-MAX_LINES_AT_ONCE).map(({ id }) => id)
}

function inWords({ kind, author, text, rolls }: NarrativeEntry): string {
  const by =
    kind === 'whisper' ? `Whispered by ${author.name}: ` : kind === 'player' || kind === 'roll' ? author.name : ''
  const rolled = rolls.map(({ total }) => ` rolls ${total}`).join()
  return `${by} ${text.replaceAll(/[*_#`]/g, '')}${rolled}`
}
