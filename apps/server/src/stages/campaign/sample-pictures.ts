// The pictures of the sample campaign. `scripts/sample-pictures.ts` drew them; a start stores the ready files and renders nothing.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { type CampaignState, type Handout, NO_NAME, type Picture } from '@tablecast/contracts'
import { type MediaStore, type StoredVariant, type Variant, variants } from '@tablecast/media'
import type { PictureRow, Store } from '@tablecast/store'
import { z } from 'zod'

const folder = new URL('sample-pictures/', import.meta.url)
const Sizes = z.record(z.string(), z.object({ width: z.int(), height: z.int(), thumbhash: z.base64() }))
/** Of a smaller picture, the larger variants are the same file. */
const SMALL = 640

const portraits = ['mira', 'tobin', 'sable', 'corvin']

export type SampleDeps = { store: Store; media: MediaStore }
export type SampleRoom = { roomId: string; state: CampaignState; at: string }

/** Stores the pictures for a room, and resolves with the state that shows them. May be called again after an interruption. */
export async function withSamplePictures(deps: SampleDeps, { state, ...room }: SampleRoom): Promise<CampaignState> {
  const sizes = Sizes.parse(JSON.parse(await readFile(new URL('sizes.json', folder), 'utf8')))
  const pictures: Picture[] = []
  for (const [drawing, size] of Object.entries(sizes)) {
    const id = `sample-${drawing}`
    const files = await Promise.all(
      variants.map(async (variant) => ({ variant, content: await fileOf(drawing, variant, size) })),
    )
    await keepSamplePicture(deps, room, { id, ...size, tileLevels: null, files, wallsText: null })
    // The orchestrator gives the names.
    pictures.push({ id, name: NO_NAME, ...size })
  }
  return showing(state, pictures)
}

type SamplePicture = Pick<PictureRow, 'id' | 'width' | 'height' | 'thumbhash' | 'tileLevels'> & {
  files: readonly { variant: StoredVariant; content: Buffer }[]
  /** Of a map, as `writeWalls` writes them. */
  wallsText: string | null
}

/** Stores the content of a picture, and then its row. */
export async function keepSamplePicture(
  { store, media }: SampleDeps,
  { roomId, at }: Omit<SampleRoom, 'state'>,
  { files, wallsText, ...picture }: SamplePicture,
): Promise<void> {
  const hash = sumOf([...files.map(({ content }) => content), ...(wallsText === null ? [] : [wallsText])])
  await Promise.all(files.map(({ variant, content }) => media.put(hash, variant, content)))
  const bytes = files.reduce((sum, { content }) => sum + content.byteLength, 0)
  const row = { ...picture, hash, bytes, uploadedBy: 'system', createdAt: at, unusedSince: null }
  await store.write(async ({ rooms, pictures, maps }) => {
    await rooms.lock(roomId)
    if ((await pictures.find(roomId, [picture.id])).length > 0) return
    await pictures.insert(roomId, row)
    if (wallsText !== null) await maps.saveWalls(roomId, picture.id, wallsText)
  })
}

function showing(state: CampaignState, pictures: Picture[]): CampaignState {
  return {
    ...state,
    pictures,
    scenePicture: {
      pictureId: 'sample-chapel',
      alt: 'A ruined chapel with a leaning bell tower stands in the sea. Four people walk to its door on a causeway.',
      focus: { x: 0.55, y: 0.5 },
      dimming: 0.2,
      name: NO_NAME,
    },
    handouts: [tideTable],
    characters: state.characters.map((character) =>
      portraits.includes(character.id)
        ? { ...character, portrait: { pictureId: `sample-${character.id}`, crop: face, name: NO_NAME } }
        : character,
    ),
  }
}

/** All portraits are drawn with the face in the same place. */
const face = { x: 0.5, y: 0.45, zoom: 1.35 }

const tideTable: Handout = {
  id: 'tide-table',
  title: 'The tides at Saint Orla',
  text: '',
  pictureId: 'sample-tide-table',
  alt: 'A ferryman’s tide table on a torn sheet. The day of the Saint is circled in red: “today! it turns at noon”.',
  shownTo: 'everyone',
  members: [],
  name: null,
}

const fileOf = (drawing: string, variant: Variant, { width, height }: { width: number; height: number }) =>
  readFile(
    new URL(`${drawing}-${variant === '2560' && Math.max(width, height) <= SMALL ? SMALL : variant}.webp`, folder),
  )

/** As for uploads: over all variants, and the walls of a map. */
function sumOf(files: readonly (Buffer | string)[]): string {
  const hash = createHash('sha256')
  for (const file of files) hash.update(file)
  return hash.digest('hex')
}
