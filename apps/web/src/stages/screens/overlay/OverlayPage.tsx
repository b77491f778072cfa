import type { NarrativeEntry, PlayerCharacter, PlayerView } from '@tablecast/contracts'
import { useEffect, useState } from 'react'
import { useReloadAfterUpgrade } from '../../../ui/reload-after-upgrade.ts'
import { lastRoll, storyOf, turnsFromNow } from '../tv/shown.ts'
import { useScreenLink } from '../use-screen.ts'
import { plainWords } from './plain-words.ts'
import { readOverlayOptions } from './overlay-options.ts'
import './overlay.css'

/** Parts of the table over the picture of a stream. Where nothing stands, the page is transparent. */
export function OverlayPage() {
  const { campaign, card, screen } = useScreenLink()
  const [options] = useState(() => readOverlayOptions(location.search))
  useReloadAfterUpgrade({ isUnattended: true })
  useEffect(() => {
    document.title = 'Overlay'
  }, [])
  const { shows, side, size } = options
  const isBlack = screen?.show === 'black'
  return (
    <main
      className="overlay"
      data-testid="overlay"
      data-side={side}
      style={{ fontSize: `calc(max(2.2vh, 1rem) * ${size / 100})` }}
    >
      <h1 className="sr-only">{campaign?.name ?? 'Overlay'}</h1>
      {card?.isFinal && <p className="overlay-problem">{`${card.title}. ${card.text}`}</p>}
      {!card && campaign && !isBlack && (
        <>
          {shows.has('turns') && <Turns view={campaign.view} />}
          {shows.has('party') && <PartyBars characters={campaign.view.characters} />}
          {shows.has('roll') && <LastRoll entries={campaign.entries} />}
          {shows.has('story') && <Captions entries={campaign.entries} />}
        </>
      )}
    </main>
  )
}

const MOST_TURNS = 8
/** More would reach the order of turns. */
const MOST_BARS = 10

function Turns({ view }: { view: PlayerView }) {
  const turns = turnsFromNow(view)
  if (turns.length === 0) return null
  return (
    <section aria-label="Turn order" className="overlay-turns">
      {view.turn.round > 0 && <p>Round {view.turn.round}</p>}
      <ol>
        {turns.slice(0, MOST_TURNS).map(({ id, character, isNow }) => (
          <li key={id} aria-current={isNow ? 'step' : undefined} className={isNow ? 'is-now' : ''}>
            {character && character.initiative !== null && <b>{character.initiative}</b>}
            <span dir="auto">{character?.name ?? 'The DM acts'}</span>
          </li>
        ))}
      </ol>
    </section>
  )
}

function PartyBars({ characters }: { characters: readonly PlayerCharacter[] }) {
  const party = characters.filter(({ side }) => side === 'party')
  if (party.length === 0) return null
  const more = party.length - MOST_BARS
  return (
    <section aria-label="Party" className="overlay-party">
      <ul>
        {party.slice(0, MOST_BARS).map(({ id, name, hp, health }) => (
          <li key={id} data-health={health}>
            <span dir="auto">{name}</span>
            {hp && (
              <>
                <span className="overlay-hp">
                  {hp.current}/{hp.max}
                </span>
                <span className="overlay-bar">
                  <span style={{ width: `${Math.min(1, Math.max(0, hp.current / Math.max(1, hp.max))) * 100}%` }} />
                </span>
              </>
            )}
          </li>
        ))}
      </ul>
      {more > 0 && <p>and {more} more</p>}
    </section>
  )
}

/** A roll goes after this time, so that an old one does not stand over the picture all evening. */
const ROLL_SHOWN_MS = 12_000

function LastRoll({ entries }: { entries: readonly NarrativeEntry[] }) {
  const found = lastRoll(entries)
  const id = found?.entry.id ?? null
  // A roll from before the overlay was opened is no news.
  const [seenId, setSeenId] = useState(id)
  useEffect(() => {
    if (id === null || id === seenId) return
    const timer = setTimeout(() => setSeenId(id), ROLL_SHOWN_MS)
    return () => clearTimeout(timer)
  }, [id, seenId])
  if (!found || id === seenId) return null
  const { entry, roll } = found
  return (
    <section aria-label="Last roll" className="overlay-roll">
      <span dir="auto">{roll.label || entry.author.name}</span>
      <span className="overlay-notation">{roll.notation}</span>
      <strong>{roll.total}</strong>
    </section>
  )
}

function Captions({ entries }: { entries: readonly NarrativeEntry[] }) {
  const [entry] = storyOf(
    entries.filter(({ kind, text }) => kind !== 'roll' && text !== ''),
    1,
  )
  if (!entry) return null
  return (
    <section aria-label="Story" className="overlay-story">
      <p dir="auto">
        {entry.kind !== 'narration' && <b>{entry.author.name}: </b>}
        {plainWords(entry.text)}
      </p>
    </section>
  )
}
