// The work of a change, counted: its time would depend on the machine.
import { type CampaignState, emptyState } from '@tablecast/contracts'
import { openStore } from '@tablecast/store'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { aCharacter, damage, openFightRoom } from '../testing/fight-room.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

/** With a hundred portraits, two hundred handouts and their pictures. */
const withPictures = (state: CampaignState): CampaignState => {
  const name = (at: number) => String(at).padStart(22, '0')
  const picture = (at: number) => ({ id: `picture-${at}`, name: name(at), width: 640, height: 480, thumbhash: 'AAAA' })
  return {
    ...state,
    pictures: Array.from({ length: 300 }, (_one, at) => picture(at)),
    scenePicture: { pictureId: 'picture-0', alt: 'A Færry', focus: { x: 0.5, y: 0.5 }, dimming: 0, name: name(999) },
    characters: state.characters.map((one, at) => ({
      ...one,
      portrait: { pictureId: `picture-${at}`, crop: { x: 0.5, y: 0.5, zoom: 1 }, name: name(300 + at) },
    })),
    handouts: Array.from({ length: 200 }, (_one, at) => ({
      id: `handout-${at}`,
      title: `Hændout ${at}`,
      text: 'Words of a handout. '.repeat(20),
      pictureId: `picture-${100 + at}`,
      alt: 'What is on it',
      shownTo: at % 2 === 0 ? 'everyone' : 'members',
      members: at % 2 === 0 ? [] : ['pat'],
      name: name(500 + at),
    })),
  }
}

/** With fifty maps, of which one is shown with sight, a token for each character, and areas. */
const withMaps = (state: CampaignState): CampaignState => ({
  ...state,
  maps: Array.from({ length: 50 }, (_one, at) => ({
    id: `map-${at}`,
    title: `Måp ${at}`,
    pictureId: null,
    name: String(at).padStart(22, '0'),
    width: 8_192,
    height: 8_192,
    grid: { kind: 'square', size: 64, offset: { x: 0, y: 0 }, scale: 5, unit: 'ft' },
    sight: { isOn: at === 7, isDaylight: true, farthest: 100 },
    isLocked: false,
    fog: { version: 0, change: null },
    openDoors: [],
    inSight: null,
  })),
  shownMap: { mapId: 'map-7' },
  tokens: state.characters.map(({ id }, at) => ({
    id: `token-${id}`,
    mapId: 'map-7',
    characterId: id,
    name: id,
    x: at * 64,
    y: at * 64,
    size: 1,
    visible: true,
    isLocked: false,
    darkvision: 0,
    inFog: false,
  })),
  areas: Array.from({ length: 50 }, (_one, at) => ({
    id: `area-${at}`,
    mapId: 'map-7',
    shape: { kind: 'circle', centre: { x: at, y: at }, radius: 20 },
    ownerId: 'dee',
    visible: true,
  })),
})

const fightOf = (creatures: number): CampaignState => {
  const characters = Array.from({ length: creatures }, (_one, index) =>
    // The name has a letter that is not plain, so that every comparison of names is counted too.
    aCharacter(`goblin-${String(index).padStart(3, '0')}`, {
      name: `Gøblin ${index + 1}`,
      creature: 'Gøblin',
      number: index + 1,
      appearance: index + 1,
      kind: 'monster',
      hp: { current: 500, max: 500, temp: 0 },
    }),
  )
  return {
    ...emptyState,
    characters,
    turn: { round: 1, order: characters.map(({ id }) => id), current: 'goblin-000' },
    encounter: { id: 'e', name: 'Fight', startedAt: '2026-01-01T20:00:00.000Z', awaiting: [], fallen: [] },
  }
}

/**
 * Of one change after two others. `texts`: texts that were checked or compared. `read`, `written`: characters of JSON. `collected`: items
 * that were put into sets. `searched`: items of frozen lists that went through a method which is slow for them.
 */
async function workOfChange(state: CampaignState) {
  await using store = await openStore({ dataDir: ':memory:' })
  const room = await openFightRoom(store, { state })
  const hurt = () => room.operate(damage(1, 'goblin-005'))
  await hurt()
  await hurt()
  const sent = room.events.length
  const work = { texts: 0, read: 0, written: 0, collected: 0, searched: 0, sent: 0 }
  const { normalize } = String.prototype
  const { parse, stringify } = JSON
  vi.spyOn(String.prototype, 'normalize').mockImplementation(function (this: string, form?: string) {
    work.texts++
    return normalize.call(this, form)
  })
  vi.spyOn(JSON, 'parse').mockImplementation((text, reviver) => {
    work.read += text.length
    return parse(text, reviver) as unknown
  })
  vi.spyOn(JSON, 'stringify').mockImplementation((value: unknown, ...rest: unknown[]) => {
    const text = Reflect.apply(stringify, JSON, [value, ...rest]) as string | undefined
    work.written += text?.length ?? 0
    return text ?? ''
  })
  const { add } = Set.prototype
  vi.spyOn(Set.prototype, 'add').mockImplementation(function (this: Set<unknown>, item: unknown) {
    work.collected++
    return add.call(this, item)
  })
  for (const method of ['find', 'every', 'flatMap'] as const) {
    const original = Array.prototype[method]
    vi.spyOn(Array.prototype, method).mockImplementation(function (this: unknown[], ...given: unknown[]): never {
      if (Object.isFrozen(this)) work.searched += this.length
      return Reflect.apply(original, this, given) as never
    })
  }
  await hurt()
  vi.restoreAllMocks()
  work.sent = room.events.slice(sent).reduce((sum, { text }) => sum + text.length, 0)
  return work
}

/** Of twenty changes after many, each of which hashes the same pictures and handouts after other text. */
async function fewestHashSteps(state: CampaignState): Promise<number> {
  await using store = await openStore({ dataDir: ':memory:' })
  const room = await openFightRoom(store, { state })
  const hurt = () => room.operate(damage(1, 'goblin-005'))
  for (let count = 0; count < 300; count++) await hurt()
  const { imul } = Math
  const counts: number[] = []
  try {
    for (let count = 0; count < 20; count++) {
      let steps = 0
      Math.imul = (a, b) => {
        steps++
        return imul(a, b)
      }
      await hurt()
      counts.push(steps)
    }
  } finally {
    Math.imul = imul
  }
  return Math.min(...counts)
}

/** The remembered answers that one change after two others looks up. */
async function recalledByChange(creatures: number): Promise<number> {
  await using store = await openStore({ dataDir: ':memory:' })
  const room = await openFightRoom(store, { state: fightOf(creatures) })
  const hurt = () => room.operate(damage(1, 'goblin-005'))
  await hurt()
  await hurt()
  let recalled = 0
  // A spy looks things up itself.
  const { prototype } = WeakMap
  const { get } = prototype
  prototype.get = function (this: WeakMap<WeakKey, unknown>, key: WeakKey): unknown {
    recalled++
    return get.call(this, key)
  }
  try {
    await hurt()
  } finally {
    prototype.get = get
  }
  return recalled
}

describe('a change in a fight of a hundred creatures', () => {
  it('checks, reads, writes and sends as much as in one of ten', async () => {
    const [few, many] = [await workOfChange(fightOf(10)), await workOfChange(fightOf(100))]
    expect(few.texts).toBeGreaterThan(0)
    expect(few.written).toBeGreaterThan(0)
    for (const kind of ['texts', 'read', 'written', 'sent'] as const)
      expect(many[kind] / few[kind], kind).toBeLessThanOrEqual(1.1)
    // Few of both are left, or none.
    for (const kind of ['collected', 'searched'] as const) expect(many[kind], kind).toBe(few[kind])
  })

  it('checks, reads, writes and sends as much with maps and tokens as without', async () => {
    const fight = fightOf(100)
    const [without, with_] = [await workOfChange(fight), await workOfChange(withMaps(fight))]
    for (const kind of ['texts', 'written', 'sent'] as const)
      expect(with_[kind] / without[kind], kind).toBeLessThanOrEqual(1.1)
    for (const kind of ['read', 'collected', 'searched'] as const) expect(with_[kind], kind).toBe(without[kind])
  })

  it('checks, reads, writes and sends as much with pictures and handouts as without', async () => {
    const fight = fightOf(100)
    const unportrayed = { ...fight, characters: fight.characters.map((one) => ({ ...one, portrait: null })) }
    const without = await workOfChange(unportrayed)
    const { written, ...work } = await workOfChange(withPictures(fight))
    const { written: writtenWithout, ...others } = without
    expect(work).toEqual(others)
    // The portrait of the one character that changed.
    expect(written - writtenWithout).toBeLessThan(1_000)
  })

  it('takes no step of the hash for pictures and handouts after enough changes', async () => {
    const fight = fightOf(10)
    const [without, withAll] = [await fewestHashSteps(fight), await fewestHashSteps(withPictures(fight))]
    expect(without).toBeGreaterThan(0)
    // The portraits are part of the ten creatures. All else has more than 100,000 letters in both views.
    expect(withAll - without).toBeLessThan(10_000)
  })

  it('looks up no remembered answer about each further creature', async () => {
    const [few, many] = [await recalledByChange(10), await recalledByChange(100)]
    expect(many).toBe(few)
  })
})
