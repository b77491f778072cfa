import type { Character, CreaturesReport } from '@tablecast/contracts'
import { newId } from '../../../../api.ts'

/** A character of a file as one of the campaign, hidden until the DM shows it. Its sheet is a stat block of the room. */
export const importedCharacter = ({
  name,
  level,
  hp,
  currentHp,
  ac,
  initiative,
  block,
}: CreaturesReport['characters'][number]): Character => ({
  id: newId(),
  name: name.slice(0, 60).trim() || 'Character',
  kind: 'pc',
  hp: { current: currentHp, max: hp, temp: 0 },
  hpVisible: true,
  armourClass: ac,
  conditions: [],
  initiative: null,
  ownerId: null,
  visible: false,
  dmNotes: '',
  side: 'party',
  level,
  initiativeBonus: initiative,
  block,
})
