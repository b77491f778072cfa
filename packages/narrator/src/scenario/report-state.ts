import type { CampaignState, ImportCounts } from '@tablecast/contracts'
import { shortened } from './cut-text.ts'
import type { ReportNotes } from './reading.ts'
import { counted, listed, quoted, sized } from './words.ts'

/** Reports the scene, the lists and the notes, and above all the names that players will see. */
export function reportState(notes: ReportNotes, state: CampaignState): void {
  const { scene, characters, threats, beats, environment, dmNotes } = state
  if (scene) notes.kept(`The scene, which players see once the campaign is open: ${quoted(beginningOf(scene))}`)
  if (characters.length > 0) {
    notes.kept(`${counted(characters.length, 'character')}: ${listed(characters.map(({ name }) => name))}`)
    const seen = characters.filter(({ visible }) => visible).map(({ name }) => name)
    notes.kept(seen.length > 0 ? `Visible to players: ${listed(seen)}` : 'None of them is visible to players')
  }
  const lists = [
    [threats, 'threat', 'threats'],
    [beats, 'story beat', 'story beats'],
    [environment, 'condition around the party', 'conditions around the party'],
  ] as const
  for (const [items, one, many] of lists) {
    if (items.length === 0) continue
    const visible = items.filter((item) => item.visible).length
    notes.kept(`${counted(items.length, one, many)}: ${visible === 0 ? 'hidden' : `${visible} visible to players`}`)
  }
  if (dmNotes) notes.kept(`DM notes of ${counted(dmNotes.length, 'character')}`)
}

/** A sentence about the pages, which only DMs read. */
export const pagesSentence = (begin: string, { pages, pagesBytes }: ImportCounts): string =>
  `${begin}${counted(pages, 'page')} (${sized(pagesBytes)}), for DMs alone.`

const beginningOf = (text: string): string => shortened(text.replaceAll(/\s+/g, ' '), 120)
