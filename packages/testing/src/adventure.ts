// Writes an adventure of any size, in the form of Obsidian, and lists its sentences as a reader sees them.

export type Adventure = { markdown: string; sentences: string[] }

const places = ['tower', 'crypt', 'mill', 'ferry house', 'marsh', 'château', 'bell room', 'Unterstadt']
const things = ['silver heron', 'drowned bell', 'ledger', 'iron key', 'grey lantern', 'broken oar', 'mirror']

/** At least `bytes` long, and less than a kilobyte longer. The same size gives the same text. */
export function adventureOf(bytes: number): Adventure {
  const sentences: string[] = []
  const say = (words: string) => {
    const number = sentences.length + 1
    const sentence = `In line ${number} the ${placeOf(number)} ${words} the ${thingOf(number)}.`
    sentences.push(sentence)
    return sentence
  }
  const paragraph = (length: number) =>
    Array.from({ length }, (_, index) => say(index % 2 ? 'hides' : 'is older than')).join(' ')
  const parts = [
    `---\ntitle: The Heron’s Ledger\ntags: [gothic, level-3]\nauthor: A. Nonymous\n---`,
    '# The Heron’s Ledger',
    paragraph(3),
    `## Scene\n\n${paragraph(4)}\n\n${paragraph(3)}\n\n${paragraph(2)}`,
    `## Characters\n\n- **Mira** (pc): HP 18/24, AC 15. ${say('frightens')}\n- Dragon, Young Red (monster): HP 178, AC 18. ${say('feeds')}\n- [[Mayor Voss|Voss]] (npc): HP 9. ${say('knows')}`,
    `## Threats\n\n- The tide: ${say('drowns')}`,
    `## Beats\n\n- [x] Reach the ferry house\n- [ ] Ring the bell`,
  ]
  let length = encoder.encode(parts.join('\n\n')).length
  const add = (part: string) => {
    parts.push(part)
    length += encoder.encode(part).length + 2
  }
  for (let chapter = 1; length < bytes; chapter++) {
    add(`## Chapter ${chapter}: The ${placeOf(chapter)}`)
    for (let room = 1; room <= 6 && length < bytes; room++) {
      add(`### Room ${chapter}.${room}`)
      add(paragraph(6 + (room % 5)))
      if (room === 2) add(`> [!note] For the DM\n> ${say('guards')}`)
      if (room === 3) add(`- ${say('holds')}\n- ${say('lacks')}`)
      if (room === 4) add(`1. ${say('opens')}\n2. ${say('shuts')}`)
    }
  }
  return { markdown: `${parts.join('\n\n')}\n`, sentences }
}

const encoder = new TextEncoder()
const placeOf = (number: number): string => places[number % places.length] ?? ''
const thingOf = (number: number): string => things[number % things.length] ?? ''
