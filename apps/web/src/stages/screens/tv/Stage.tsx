import type { NarrativeEntry, PlayerView, ScreenShow, ShownHandout } from '@tablecast/contracts'
import { Markdown } from '../../../ui/markdown.tsx'
import { loadStillMap } from '../../campaign/maps/later-parts.ts'
import { LoadedImage } from '../../campaign/pictures/LoadedImage.tsx'
import { pictureSources } from '../../campaign/pictures/picture-address.ts'
import { titleOfScene } from '../../campaign/pictures/SceneBanner.tsx'
import { usePartWhenLive } from '../../campaign/use-later-part.ts'
import { shownOnTv, storyOf } from './shown.ts'

type Campaign = { id: string; view: PlayerView; entries: readonly NarrativeEntry[] }

/** Everything below the order of turns. */
export function Stage({ campaign, show }: { campaign: Campaign; show: ScreenShow }) {
  const shown = shownOnTv(campaign.view, show)
  switch (shown.kind) {
    case 'handout':
      return <HeldUp campaignId={campaign.id} handout={shown.handout} />
    case 'map':
      return (
        <>
          <TvMap campaign={campaign} />
          <Caption entries={campaign.entries} />
        </>
      )
    case 'scene':
      return <Scene campaign={campaign} />
    case 'story':
      return <Story entries={campaign.entries} />
  }
}

function TvMap({ campaign: { id, view } }: { campaign: Campaign }) {
  const { Part: StillMap } = usePartWhenLive(loadStillMap, true)
  return <div className="tv-map">{StillMap && <StillMap campaignId={id} view={view} isForScreen />}</div>
}

function Scene({ campaign: { id, view, entries } }: { campaign: Campaign }) {
  const { scenePicture: picture } = view
  return (
    <>
      {picture && (
        <div className="tv-behind">
          <LoadedImage
            key={picture.name}
            sources={pictureSources(id, picture, false)}
            picture={picture}
            alt={picture.alt || 'The scene'}
            sizes="100vw"
            className="tv-picture"
            style={{ objectPosition: `${picture.focus.x * 100}% ${picture.focus.y * 100}%` }}
          />
        </div>
      )}
      <section aria-label="Scene" className="tv-scene">
        <h2 dir="auto">{titleOfScene(view.scene)}</h2>
        {view.status && <p dir="auto">{view.status}</p>}
      </section>
      <Caption entries={entries} />
    </>
  )
}

/** A longer text stands in two columns, from edge to edge. */
const LONG_TEXT = 500

function HeldUp({ campaignId, handout: { title, text, alt, picture } }: { campaignId: string; handout: ShownHandout }) {
  return (
    <section aria-label={title} className={`tv-handout ${!picture && text.length > LONG_TEXT ? 'is-long' : ''}`}>
      {picture && (
        <LoadedImage
          key={picture.name}
          sources={pictureSources(campaignId, picture, false)}
          picture={picture}
          alt={alt || title}
          sizes="100vw"
          className="tv-handout-picture"
        />
      )}
      <div className="tv-handout-words">
        <h2 dir="auto">{title}</h2>
        {text && !picture && (
          <div className="prose-story">
            <Markdown text={text} />
          </div>
        )}
      </div>
    </section>
  )
}

/** The newest words of the story, at the lower edge. */
function Caption({ entries }: { entries: readonly NarrativeEntry[] }) {
  const [entry] = storyOf(entries, 1)
  if (!entry) return null
  return (
    <section aria-label="Story" className="tv-caption">
      <Told entry={entry} />
    </section>
  )
}

const MOST_ENTRIES = 8

function Story({ entries }: { entries: readonly NarrativeEntry[] }) {
  return (
    <section aria-label="Story" className="tv-story">
      <div>
        {storyOf(entries, MOST_ENTRIES).map((entry) => (
          <Told key={entry.id} entry={entry} />
        ))}
      </div>
    </section>
  )
}

function Told({ entry: { id, kind, author, text, rolls } }: { entry: NarrativeEntry }) {
  return (
    <article data-testid="entry" data-entry={id} className="tv-entry">
      {kind !== 'narration' && (
        <p className="tv-author" dir="auto">
          {author.name}
        </p>
      )}
      {text && !rolls.some(({ notation }) => notation === text) && (
        <div className="prose-story" dir="auto">
          <Markdown text={text} />
        </div>
      )}
      {rolls.map((roll, place) => (
        <p key={place} className="tv-roll">
          {roll.label ? `${roll.label}: ` : ''}
          {roll.notation} = <strong>{roll.total}</strong>
        </p>
      ))}
    </article>
  )
}
