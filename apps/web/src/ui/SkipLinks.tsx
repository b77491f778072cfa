import { type MouseEvent, useState } from 'react'
import { focusOn, places } from './skip-places.ts'

/** The first stops of the Tab key: links past the header, to the content and to each place of the page. They show while they have the focus. */
export function SkipLinks() {
  const [found, setFound] = useState<readonly HTMLElement[]>([])
  const follow = (event: MouseEvent, to: HTMLElement | null | undefined) => {
    event.preventDefault()
    if (to) focusOn(to)
  }
  return (
    <nav
      aria-label="Skip"
      className="sr-only focus-within:not-sr-only focus-within:bg-card focus-within:border-line focus-within:fixed focus-within:top-2 focus-within:left-2 focus-within:z-70 focus-within:flex focus-within:gap-4 focus-within:rounded-lg focus-within:border focus-within:p-3 focus-within:shadow-xl"
    >
      <a
        href="#content"
        onFocus={() => setFound(places())}
        onClick={(event) => follow(event, document.querySelector('main'))}
      >
        Skip to the content
      </a>
      {found.map((place) => (
        <a key={place.dataset['skip']} href="#content" onClick={(event) => follow(event, place)}>
          {place.dataset['skip']}
        </a>
      ))}
    </nav>
  )
}
