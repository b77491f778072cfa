// The event that all servers send: an update of a campaign, as JSON of a given length, with realistic words, numbers and nesting.

const PROSE =
  'The tide turns below the chapel and the bell answers, once, from somewhere under the flagstones; Mira lifts the lantern and counts the wet steps down. '

const entry = (index: number, text: string) => ({
  id: `e${index}`,
  kind: 'narration',
  author: { id: 'dm', role: 'dm' },
  text,
  rolls: [{ notation: '2d6+1', total: 3 + (index % 10) }],
})

/** The text of an event with a length of `bytes`, at least 200. */
export function eventOf(bytes: number): string {
  const entries: object[] = []
  const text = () => JSON.stringify({ type: 'campaign_updated', entries })
  while (bytes - text().length > 500) entries.push(entry(entries.length, PROSE))
  const room =
    bytes - JSON.stringify({ type: 'campaign_updated', entries: [...entries, entry(entries.length, '')] }).length
  entries.push(entry(entries.length, PROSE.repeat(4).slice(0, Math.max(0, room))))
  return text()
}
