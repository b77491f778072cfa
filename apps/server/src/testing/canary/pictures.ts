// Pictures and handouts that players must not get.
import { type CanaryTable } from './table.ts'

/** The pictures of the sample campaign are for everybody. Every name that the state holds after this is a secret. */
export async function hideSample(table: CanaryTable): Promise<void> {
  const { state, operatePictures } = table
  const { handouts = [], characters } = await state()
  await operatePictures({ type: 'setScenePicture', picture: null })
  for (const { id } of handouts ?? []) await operatePictures({ type: 'removeHandout', id })
  const crop = { x: 0.5, y: 0.5, zoom: 1 }
  for (const { id, portrait } of characters)
    if (portrait) await operatePictures({ type: 'setPortrait', characterId: id, pictureId: null, crop })
}

export async function addHandout({ operatePictures }: CanaryTable, title: string): Promise<string> {
  const operation = { title, text: 'CANARY of its text', alt: 'CANARY of its alt', pictureId: 'canary' }
  return (await operatePictures({ type: 'addHandout', ...operation })).handoutId ?? ''
}

/** Pictures and handouts that nobody but the DM sees, and some for Robin alone: held up, taken away and shown again. */
export async function show(table: CanaryTable): Promise<void> {
  const { robin, say, operatePictures, noteNames } = table
  const to = { members: [robin.session.userId] }
  await addHandout(table, 'CANARY of a hidden handout')
  const id = await addHandout(table, 'CANARY for Robin')
  await operatePictures({ type: 'show', id, to })
  await operatePictures({ type: 'present', id })
  await operatePictures({ type: 'show', id, to: 'nobody' })
  await operatePictures({ type: 'show', id, to })
  await operatePictures({ type: 'editHandout', id, text: 'CANARY for Robin, in other words' })
  const crop = { x: 0.5, y: 0.5, zoom: 1 }
  await operatePictures({ type: 'setPortrait', characterId: 'hidden', pictureId: 'canary', crop })
  await noteNames()
  await say('/undo')
  await say('/redo')
  await noteNames()
}
