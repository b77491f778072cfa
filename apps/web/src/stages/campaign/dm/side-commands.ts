import type { CampaignState } from '@tablecast/contracts'
import type { Command } from '../../../keys/commands.ts'
import { consoleTabs, type TabName } from './console-tabs.ts'
import { inTab } from './in-tab.ts'
import type { useTurnCommands } from './use-turn-commands.ts'

/**
 * The commands of the console’s side, also of tabs that are not shown. `show` shows a tab. `turns` is null in a fight, which has commands of
 * its own.
 */
export function sideCommands(
  { characters }: Pick<CampaignState, 'characters'>,
  turns: ReturnType<typeof useTurnCommands> | null,
  show: (tab: TabName) => void,
): Command[] {
  const reach = (tab: TabName, field: string, use: (element: HTMLElement) => void) => inTab(show, tab, field, use)
  const turn = (id: string, label: string, run: (() => void) | null, key?: string): Command[] =>
    run ? [{ id: `turn.${id}`, label, group: 'Turns', words: 'fight combat', key, run }] : []
  const field = (id: string, label: string, of: string, words: string): Command => ({
    id: `world.${id}`,
    label,
    group: 'World',
    words,
    run: reach('world', of, () => {}),
  })
  return [
    ...(turns
      ? [
          ...turn('next', 'Next turn', turns.next, 'n'),
          ...turn('back', 'Back to the turn before', turns.back, 'b'),
          ...turn('initiative', 'Roll initiative', turns.initiative),
          ...turn('end', 'End turns', turns.end),
        ]
      : []),
    {
      id: 'character.new',
      label: 'Add a character',
      group: 'Characters',
      words: 'new player monster npc',
      run: reach('characters', '[data-adds=character]', (button) => button.click()),
    },
    ...characters.map(({ id, name }) => ({
      id: `character.${id}`,
      label: `Edit ${name}`,
      group: 'Characters',
      words: 'character hit points conditions',
      run: reach('characters', `[data-edits="${id}"]`, (button) => {
        if (button.ariaExpanded !== 'true') button.click()
      }),
    })),
    {
      id: 'creature.find',
      label: 'Find a creature',
      group: 'Encounters',
      words: 'bestiary monster stat block add fight',
      run: reach('encounters', '[data-finds=creatures]', () => {}),
    },
    field('scene', 'Write the scene', 'textarea', 'scene place'),
    field('threat', 'Add a threat', '[data-adds=threat]', 'danger enemy'),
    field('beat', 'Add a story beat', '[data-adds=beat]', 'plot goal'),
    field('around', 'Add weather, light or another surrounding', '[data-adds=surrounding]', 'environment condition'),
    ...consoleTabs.map(([tab, label]) => ({
      id: `tab.${tab}`,
      label,
      group: 'Show',
      words: 'tab',
      run: () => show(tab),
    })),
  ]
}
