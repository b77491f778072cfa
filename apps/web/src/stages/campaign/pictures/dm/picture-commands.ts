import type { CampaignState } from '@tablecast/contracts'
import type { Command } from '../../../../keys/commands.ts'
import type { TabName } from '../../dm/console-tabs.ts'
import { inTab } from '../../dm/in-tab.ts'
import { openPortrait, unfoldHandout } from './desk.ts'
import type { ActOnPictures } from './use-act-on-pictures.ts'

type Deps = { state: CampaignState; act: ActOnPictures; show: (tab: TabName) => void }

/** The commands for pictures, also while their tab is not shown. */
export function pictureCommands({ state, act, show }: Deps): Command[] {
  const command = (id: string, label: string, words: string, run: () => void): Command => ({
    id: `picture.${id}`,
    label,
    group: 'Pictures',
    words,
    run,
  })
  const click = (tab: TabName, field: string) => inTab(show, tab, field, (button) => button.click())
  const { handouts, scenePicture, presented, characters } = state
  return [
    command('add', 'Add pictures', 'handout upload image', click('handouts', '[data-adds=pictures]')),
    command('text', 'Add a handout of text', 'letter note', click('handouts', '[data-adds=text]')),
    command(
      'scene',
      'Choose the picture of the scene',
      'background upload',
      click('world', '[data-adds=scene-picture]'),
    ),
    ...(scenePicture
      ? [
          command('scene.remove', 'Remove the picture of the scene', 'background', () => {
            void act({ type: 'setScenePicture', picture: null })
          }),
        ]
      : []),
    ...(handouts ?? []).flatMap(({ id, title, shownTo }) => [
      command(`open.${id}`, `Open the handout ${title}`, 'rename alternative text', () => {
        show('handouts')
        unfoldHandout(id, true)
      }),
      ...(presented?.handoutId === id
        ? []
        : [command(`present.${id}`, `Show ${title} now`, 'hold up present', () => void act({ type: 'present', id }))]),
      shownTo === 'nobody'
        ? command(`show.${id}`, `Show ${title} to everyone`, 'reveal eye', () => {
            void act({ type: 'show', id, to: 'everyone' })
          })
        : command(`hide.${id}`, `Hide ${title}`, 'eye nobody', () => void act({ type: 'show', id, to: 'nobody' })),
    ]),
    ...characters.map(({ id, name }) =>
      command(`portrait.${id}`, `Portrait of ${name}`, 'face picture', () => openPortrait(id)),
    ),
  ]
}
