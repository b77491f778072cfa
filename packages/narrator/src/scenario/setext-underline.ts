// Underlined headings (CommonMark: setext) for the parser of Markdown. The parser's own construct copies all events of the text for each
// such heading: 8,000 of them took 15 s.
import { setextUnderline } from 'micromark-core-commonmark'

type Resolve = NonNullable<(typeof setextUnderline)['resolveTo']>

/** Resolves the same heading from the events of its own paragraph. */
const resolveTo: Resolve = (events, context) => {
  const from = events.findLastIndex(([kind, { type }]) => kind === 'enter' && type === 'content')
  const resolved = setextUnderline.resolveTo?.(events.splice(from), context) ?? []
  for (const event of resolved) events.push(event)
  return events
}

const linear = { ...setextUnderline, name: 'linearSetextUnderline', resolveTo }

/** An extension of the parser: the result is the same, and the time grows with the length of the text. */
export const linearSetext = {
  disable: { null: ['setextUnderline'] },
  flow: { [codeOf('=')]: linear, [codeOf('-')]: linear },
}

function codeOf(character: string): number {
  return character.charCodeAt(0)
}
