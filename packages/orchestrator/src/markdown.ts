// A campaign as Markdown: all of it for the DM, or the players' view for players.
import type { CampaignState, NarrativeEntry, PlayerView } from '@tablecast/contracts'

/** Marks what is hidden, whispers and the DMs' lines. Leaves withdrawn entries out. */
export function markdownForDm(name: string, state: CampaignState, entries: readonly NarrativeEntry[]): string {
  return page(name, 'For the DM: secrets, whispers and notes are in it', [
    ['Scene', sceneOf(state)],
    ['Characters', state.characters.map(wholeCharacter).join('\n')],
    ['Threats', state.threats.map(({ visible, ...threat }) => threatLine(threat) + hidden(visible)).join('\n')],
    ['Environment', state.environment.map(({ text, visible }) => `- ${text}${hidden(visible)}`).join('\n')],
    ['Story', state.beats.map(({ visible, ...beat }) => beatLine(beat) + hidden(visible)).join('\n')],
    ['DM notes', state.dmNotes],
    ['Chronicle', chronicle(entries)],
  ])
}

/** Built from the players' view alone. */
export function markdownForPlayers(name: string, view: PlayerView, entries: readonly NarrativeEntry[]): string {
  return page(name, 'For players', [
    ['Scene', sceneOf(view)],
    ['Characters', view.characters.map(seenCharacter).join('\n')],
    ['Threats', view.threats.map(threatLine).join('\n')],
    ['Environment', view.environment.map(({ text }) => `- ${text}`).join('\n')],
    ['Story', view.beats.map(beatLine).join('\n')],
    ['Chronicle', chronicle(entries.filter(({ audience }) => audience === 'all'))],
  ])
}

const page = (name: string, audience: string, sections: readonly (readonly [title: string, text: string])[]): string =>
  [`# ${name}`, `*${audience}.*`, ...sections.filter(([, text]) => text !== '').map((one) => `## ${one.join('\n\n')}`)]
    .join('\n\n')
    .concat('\n')

const sceneOf = ({ scene, status }: { scene: string; status: string }): string =>
  [scene, status && `*${status}*`].filter(Boolean).join('\n\n')

const hidden = (visible: boolean): string => (visible ? '' : ' (hidden)')

const threatLine = ({ name, detail }: { name: string; detail: string }): string =>
  `- ${name}${detail ? `: ${detail}` : ''}`

const beatLine = ({ text, done }: { text: string; done: boolean }): string => `- [${done ? 'x' : ' '}] ${text}`

function wholeCharacter(character: CampaignState['characters'][number]): string {
  const { name, hp, armourClass, conditions, visible, dmNotes } = character
  const facts = factsLine(name, `HP ${hp.current}/${hp.max}`, armourClass, conditions)
  return `${facts}${hidden(visible)}${dmNotes ? `. ${dmNotes}` : ''}`
}

const seenCharacter = ({ name, hp, health, armourClass, conditions }: PlayerView['characters'][number]): string =>
  factsLine(name, hp ? `HP ${hp.current}/${hp.max}` : health, armourClass, conditions)

const factsLine = (name: string, health: string, armourClass: number | null, conditions: readonly string[]): string =>
  `- **${name}**: ${[health, ...(armourClass === null ? [] : [`AC ${armourClass}`]), ...conditions].join(', ')}`

const chronicle = (entries: readonly NarrativeEntry[]): string =>
  entries
    .filter(({ withdrawn }) => !withdrawn)
    .map(entryText)
    .join('\n\n')

function entryText({ author, text, rolls, kind, audience, member }: NarrativeEntry): string {
  const who = kind === 'narration' || kind === 'system' ? '' : `**${author.name}:** `
  const dice = rolls.map(({ output }) => ` \`${output}\``).join('')
  const mark = {
    all: '',
    dm: ' *(DMs only)*',
    member: ` *(whispered: only ${member?.name ?? 'one player'} and the DMs)*`,
  }[audience]
  return `${who}${text}${dice}${mark}`
}
