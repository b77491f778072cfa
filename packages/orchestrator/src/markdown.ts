// A campaign as Markdown: all of it for the DM, or the players' view for players.
import {
  type CampaignState,
  type NarrativeEntry,
  type Page,
  type PlayerView,
  turnLines,
  inOneForm,
} from '@tablecast/contracts'
import {
  beatLine,
  characterLine,
  conditionLine,
  ownFrontMatter,
  ownPage,
  ownSection,
  threatLine,
} from '@tablecast/narrator'

/**
 * For a DM to read, and for `readScenario` of the narrator to read back. Marks hidden things, whispers and the DMs' lines. Leaves out
 * withdrawn entries.
 */
export function markdownForDm({ name, state, entries, pages }: Whole): string {
  return [
    ownFrontMatter,
    `# ${name}`,
    '*For the DM: secrets, whispers and notes are in it.*',
    ownSection('Scene', state.scene),
    ownSection('Status', state.status),
    ownSection('Characters', state.characters.map(characterLine).join('\n')),
    ownSection('Threats', state.threats.map(threatLine).join('\n')),
    ownSection('Environment', state.environment.map(conditionLine).join('\n')),
    ownSection('Story', state.beats.map(beatLine).join('\n')),
    ownSection('DM notes', state.dmNotes),
    ownSection('Chronicle', chronicle(entries)),
    ...pages.map(ownPage),
    // A page, because older versions know no other section.
    ...handoutPage(state),
  ]
    .filter(Boolean)
    .join('\n\n')
    .concat('\n')
}

type Whole = { name: string; state: CampaignState; entries: readonly NarrativeEntry[]; pages: readonly Page[] }

/** Built from the players' view alone. */
export function markdownForPlayers(name: string, view: PlayerView, entries: readonly NarrativeEntry[]): string {
  return page(name, 'For players', [
    ['Scene', sceneOf(view)],
    ['Characters', view.characters.map(seenCharacter).join('\n')],
    ['Threats', view.threats.map(seenThreat).join('\n')],
    ['Environment', view.environment.map(({ text }) => `- ${text}`).join('\n')],
    ['Story', view.beats.map(seenBeat).join('\n')],
    ['Handouts', view.handouts.map(handoutText).join('\n\n')],
    ['Chronicle', chronicle(entries.filter(({ audience }) => audience === 'all'))],
  ])
}

function handoutPage({ handouts }: CampaignState): string[] {
  const texts = (handouts ?? []).map(
    (one) => handoutText(one) + { everyone: '', members: ' *(for some players)*', nobody: ' *(hidden)*' }[one.shownTo],
  )
  return texts.length === 0 ? [] : [ownPage({ title: 'Handouts', depth: 1, text: texts.join('\n\n') })]
}

/** Markdown holds no picture, so its alternative text stands for it. */
const handoutText = ({ title, text, alt }: { title: string; text: string; alt: string }): string =>
  [`**${title}**`, alt && `*${alt}*`, text].filter(Boolean).join('\n\n')

const page = (name: string, audience: string, sections: readonly (readonly [title: string, text: string])[]): string =>
  [`# ${name}`, `*${audience}.*`, ...sections.filter(([, text]) => text !== '').map((one) => `## ${one.join('\n\n')}`)]
    .join('\n\n')
    .concat('\n')

const sceneOf = ({ scene, status }: { scene: string; status: string }): string =>
  [scene, status && `*${status}*`].filter(Boolean).join('\n\n')

const seenThreat = ({ name, detail }: { name: string; detail: string }): string =>
  `- ${name}${detail ? `: ${detail}` : ''}`

const seenBeat = ({ text, done }: { text: string; done: boolean }): string => `- [${done ? 'x' : ' '}] ${text}`

const seenCharacter = ({ name, hp, health, armourClass, conditions }: PlayerView['characters'][number]): string =>
  factsLine(name, hp ? `HP ${hp.current}/${hp.max}` : health, armourClass, conditions)

const factsLine = (name: string, health: string, armourClass: number | null, conditions: readonly string[]): string =>
  `- **${name}**: ${[health, ...(armourClass === null ? [] : [`AC ${armourClass}`]), ...conditions].join(', ')}`

const chronicle = (entries: readonly NarrativeEntry[]): string =>
  turnLines(inOneForm(entries.filter(({ withdrawn }) => !withdrawn)))
    .map((line) => line.map(entryText).join(' '))
    .join('\n\n')

function entryText({ author, text, rolls, kind, audience, member, hasPlayersForm }: NarrativeEntry): string {
  const who = kind === 'narration' || kind === 'system' ? '' : `**${author.name}:** `
  const dice = rolls.map(({ output }) => ` \`${output}\``).join('')
  const mark = {
    all: '',
    dm: hasPlayersForm ? '' : ' *(DMs only)*',
    member: ` *(whispered: only ${member?.name ?? 'one player'} and the DMs)*`,
  }[audience]
  return `${who}${text}${dice}${mark}`
}
