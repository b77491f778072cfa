// The promises of the cleaning of pictures, as tests of each kind of database.
import { createHash, randomBytes } from 'node:crypto'
import { type CampaignState, emptyState } from '@tablecast/contracts'
import { keepPictures, type MediaStore, openMediaStore } from '@tablecast/media'
import { openStore, type Store } from '@tablecast/store'
import { expect, it } from 'vitest'
import { cleanPictures } from '../stages/campaign/pictures/cleaning.ts'
import { handoutOf, newName } from './pictures.ts'

const DAY_MS = 24 * 60 * 60_000
const START = new Date()
const after = (days: number) => new Date(START.getTime() + days * DAY_MS)

type Options = Parameters<typeof openStore>[0]

/** `place`: an empty database that stays while the test runs. */
export function cleaningContract(place: () => Promise<{ options: Options } & AsyncDisposable>): void {
  it('removes a picture 30 days after the last campaign stopped to name it, and no day earlier', async () => {
    await using table = await opened(place)
    const { store, media } = table
    const hash = await table.upload('chapel')
    await table.campaign('c', picturesOf('chapel'))
    await cleanPictures(store, media, { now: after(100) })
    expect(await table.state('chapel')).toEqual({ unusedSince: null, isStored: true })
    await table.campaign('c', {})
    await cleanPictures(store, media, { now: after(100) })
    expect(await table.state('chapel')).toMatchObject({ unusedSince: after(100).toISOString() })
    expect(await cleanPictures(store, media, { now: after(130) })).toMatchObject({ pictures: 0, contents: 0 })
    expect(await table.state('chapel')).toMatchObject({ isStored: true })
    expect(await cleanPictures(store, media, { now: after(131) })).toEqual({
      pictures: 1,
      contents: 1,
      isPaused: false,
    })
    expect(await table.state('chapel')).toBeNull()
    expect(await table.isStored(hash)).toBe(false)
  })

  it('keeps the pictures of a scene, of handouts, of portraits and of deleted campaigns', async () => {
    await using table = await opened(place)
    const { store, media } = table
    for (const id of ['scene', 'handout', 'portrait', 'deleted', 'nowhere']) await table.upload(id)
    const character = {
      id: 'mira',
      name: 'Mira',
      kind: 'pc' as const,
      hp: { current: 1, max: 1, temp: 0 },
      hpVisible: true,
      armourClass: 10,
      conditions: [],
      initiative: null,
      ownerId: null,
      visible: false,
      dmNotes: '',
      portrait: { pictureId: 'portrait', crop: { x: 0.5, y: 0.5, zoom: 1 }, name: newName() },
    }
    const handout = handoutOf({ id: 'handout', name: newName(), width: 1, height: 1, thumbhash: '' }, 'nobody', null)
    await table.campaign('c', {
      scenePicture: { pictureId: 'scene', alt: '', focus: { x: 0, y: 0 }, dimming: 0, name: newName() },
      handouts: [handout],
      characters: [character],
    })
    await table.campaign('gone', picturesOf('deleted'))
    await store.write(({ campaigns }) => campaigns.setDeleted('gone', START.toISOString()))
    expect(await cleanPictures(store, media, { now: after(31) })).toMatchObject({ pictures: 1, contents: 1 })
    expect(await table.ids()).toEqual(['deleted', 'handout', 'portrait', 'scene'])
  })

  it('keeps a picture that is named again in time, and counts its 30 days from the beginning', async () => {
    await using table = await opened(place)
    const { store, media } = table
    await table.upload('chapel')
    await cleanPictures(store, media, { now: after(20) })
    await table.campaign('c', picturesOf('chapel'))
    await cleanPictures(store, media, { now: after(40) })
    expect(await table.state('chapel')).toEqual({ unusedSince: null, isStored: true })
    await table.campaign('c', {})
    await cleanPictures(store, media, { now: after(50) })
    await cleanPictures(store, media, { now: after(79) })
    expect(await table.state('chapel')).toMatchObject({ isStored: true })
    expect(await cleanPictures(store, media, { now: after(81) })).toMatchObject({ pictures: 1 })
  })

  it('leaves content that another room has too, and the content of an upload under way', async () => {
    await using table = await opened(place)
    const { store, media } = table
    const shared = await table.upload('shared')
    await table.upload('also', { roomId: 'other', content: table.contents.get('shared') })
    await table.campaign('c', picturesOf('also'), 'other')
    const underWay = await table.put(randomBytes(20))
    expect(await cleanPictures(store, media, { now: after(31) })).toMatchObject({ pictures: 1, contents: 1 })
    expect(await table.isStored(shared)).toBe(true)
    expect(await table.isStored(underWay)).toBe(false)
    const fresh = await table.put(randomBytes(20))
    expect(await cleanPictures(store, media)).toMatchObject({ contents: 0 })
    expect(await table.isStored(fresh)).toBe(true)
  })

  it('removes nothing while a backup runs, and goes on after it', async () => {
    await using table = await opened(place)
    const { store, media } = table
    await table.upload('chapel')
    const orphan = await table.put(randomBytes(20))
    {
      await using _kept = await keepPictures(store)
      expect(await cleanPictures(store, media, { now: after(31) })).toEqual({
        pictures: 0,
        contents: 0,
        isPaused: true,
      })
      expect(await table.ids()).toEqual(['chapel'])
      expect(await table.isStored(orphan)).toBe(true)
    }
    expect(await cleanPictures(store, media, { now: after(31) })).toMatchObject({ pictures: 1, contents: 2 })
  })

  it('keeps a picture that a change names while the cleaning waits for the room', async () => {
    await using table = await opened(place)
    const { store, media } = table
    await table.upload('chapel')
    await table.campaign('c', {})
    const cleaning: ReturnType<typeof cleanPictures>[] = []
    await store.write(async ({ rooms, campaigns }) => {
      await rooms.lock('r')
      cleaning.push(cleanPictures(store, media, { now: after(31) }))
      // On PostgreSQL the cleaning has read the old state by now.
      for (let turns = 0; turns < 50; turns++) await new Promise((resolve) => setImmediate(resolve))
      const row = await campaigns.get('c')
      const { scenePicture } = picturesOf('chapel')
      if (row) await campaigns.save({ ...row, version: row.version + 1, state: { ...row.state, scenePicture } })
    })
    expect(await Promise.all(cleaning)).toMatchObject([{ pictures: 0 }])
    expect(await table.ids()).toEqual(['chapel'])
  })
}

type Named = Partial<CampaignState>

const picturesOf = (id: string): Named => ({
  scenePicture: { pictureId: id, alt: '', focus: { x: 0, y: 0 }, dimming: 0, name: newName() },
})

type OpenTable = AsyncDisposable & {
  store: Store
  media: MediaStore
  /** By the ids of their pictures. */
  contents: Map<string, Buffer>
  /** Resolves with the hash. */
  upload(id: string, choice?: { roomId?: string; content?: Buffer | undefined }): Promise<string>
  put(content: Buffer): Promise<string>
  isStored(hash: string): Promise<boolean>
  /** Makes the campaign, or gives it another state. */
  campaign(id: string, named: Named, roomId?: string): Promise<void>
  state(id: string): Promise<{ unusedSince: string | null; isStored: boolean } | null>
  ids(): Promise<string[]>
}

async function opened(place: () => Promise<{ options: Options } & AsyncDisposable>): Promise<OpenTable> {
  await using stack = new AsyncDisposableStack()
  const { options } = stack.use(await place())
  const store = stack.use(await openStore(options))
  const media = openMediaStore(store, options)
  const contents = new Map<string, Buffer>()
  const at = START.toISOString()
  await store.write(async ({ rooms }) => {
    for (const id of ['r', 'other']) await rooms.insert({ id, name: id, activeCampaignId: null, createdAt: at })
  })
  const put = async (content: Buffer) => {
    const hash = createHash('sha256').update(content).digest('hex')
    for (const variant of ['96', '640', '2560'] as const) await media.put(hash, variant, content)
    return hash
  }
  const isStored = async (hash: string) => {
    const file = await media.read(hash, '96')
    file?.body.destroy()
    return file !== null
  }
  const owned = stack.move()
  return {
    isStored,
    store,
    media,
    contents,
    put,
    async upload(id, { roomId = 'r', content = randomBytes(300_000) } = {}) {
      contents.set(id, content)
      const hash = await put(content)
      const size = { width: 10, height: 10, thumbhash: '', bytes: 3 * content.length }
      const row = { id, hash, ...size, uploadedBy: id, createdAt: at, unusedSince: at, tileLevels: null }
      await store.write(({ pictures }) => pictures.insert(roomId, row))
      return hash
    },
    async campaign(id, named, roomId = 'r') {
      await store.write(async ({ campaigns }) => {
        const row = await campaigns.get(id)
        const state: CampaignState = { ...emptyState, ...named }
        if (row) await campaigns.save({ ...row, version: row.version + 1, state })
        else
          await campaigns.insert({
            id,
            roomId,
            name: id,
            archived: false,
            state,
            version: 0,
            undoHead: null,
            redoHead: null,
            createdAt: at,
            updatedAt: at,
          })
      })
    },
    async state(id) {
      const [row] = await store.read(({ pictures }) => pictures.find('r', [id]))
      if (!row) return null
      return { unusedSince: row.unusedSince, isStored: await isStored(row.hash) }
    },
    ids: async () => (await store.read(({ pictures }) => pictures.list('r'))).map(({ id }) => id).toSorted(),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
