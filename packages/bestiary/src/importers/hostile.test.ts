import fc from 'fast-check'
import { Refusal } from '@tablecast/rules/refusal'
import { describe, expect, it } from 'vitest'
import { StatBlock } from '../stat-block.ts'
import { read, readFolder } from './index.ts'

const block = (yaml: string) => `\`\`\`statblock\n${yaml}\n\`\`\`\n`
const abilities = { strength: 10, dexterity: 10, constitution: 10, intelligence: 10, wisdom: 10, charisma: 10 }

/** One creature of each format, and one that is of none. */
const samples: Record<string, object> = {
  open5e: {
    name: 'A',
    armor_class: 11,
    hit_points: 5,
    ...abilities,
    speed: { walk: 30 },
    actions: [{ name: 'Hit', desc: 'x' }],
  },
  open5eV2: { name: 'B', armor_class: 11, hit_points: 5, ability_scores: abilities, speed: { walk: 30 } },
  fiveE: { index: 'c', name: 'C', armor_class: [{ value: 11 }], hit_points: 5, ...abilities, proficiencies: [] },
  foundry: {
    name: 'D',
    type: 'npc',
    system: { abilities: {}, attributes: { hp: { max: 5 }, ac: { flat: 9, calc: 'flat' } } },
    items: [],
  },
  statblock: { name: 'E', ac: 11, hp: 5, stats: [10, 10, 10, 10, 10, 10], traits: [{ name: 'x', desc: 'y' }] },
  beyond: { name: 'F', baseHitPoints: 5, stats: [{ id: 1, value: 10 }], classes: [{ level: 1 }] },
  none: { title: 'G' },
}

/** JSON of which any value may stand at any place. */
const damaged = fc
  .tuple(
    fc.constantFrom(...Object.values(samples)),
    fc.array(fc.tuple(fc.nat(40), fc.jsonValue({ maxDepth: 3 })), { maxLength: 4 }),
  )
  .map(([sample, changes]) => {
    const copy: unknown = structuredClone(sample)
    for (const [at, value] of changes) change(copy, at, value)
    return copy
  })

function change(root: unknown, at: number, value: unknown): void {
  const places: [Record<string, unknown>, string][] = []
  const visit = (node: unknown) => {
    if (typeof node !== 'object' || node === null) return
    const fields = node as Record<string, unknown>
    for (const key of Object.keys(fields)) {
      places.push([fields, key])
      visit(fields[key])
    }
  }
  visit(root)
  const place = places[at % places.length]
  if (place) place[0][place[1]] = value
}

describe('any file', () => {
  it('becomes valid stat blocks and sentences, and no entry of a list is lost without a reason', () => {
    fc.assert(
      fc.property(fc.array(damaged, { minLength: 2, maxLength: 6 }), (entries) => {
        const { creatures, characters, lost, problems } = read(JSON.stringify(entries))
        for (const one of [...creatures, ...characters.map(({ sheet }) => sheet)])
          expect(StatBlock.safeParse(one).success).toBe(true)
        for (const { name, reason } of problems) {
          expect(name).not.toBe('')
          expect(reason).toMatch(/^[A-Z\u201c0-9][^]*\.$/)
        }
        const told = problems.filter(({ reason }) => /more than once|no actor of Foundry/.test(reason)).length
        const isUnknown = problems.some(({ reason }) => reason.startsWith('It is of no program'))
        if (!isUnknown && !entries.some((one) => Array.isArray(one)))
          expect(creatures.length + characters.length + lost + told).toBeGreaterThanOrEqual(entries.length)
      }),
      { numRuns: 300 },
    )
  })

  it('is read, or refused with a sentence, whatever its bytes are', () => {
    const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.string({ maxLength: 300 }).map(block))
    fc.assert(
      fc.property(
        fc.oneof(
          text.map((one) => new TextEncoder().encode(one)),
          fc.uint8Array({ maxLength: 300 }),
        ),
        (bytes) => {
          try {
            read(bytes)
          } catch (error) {
            expect(error).toBeInstanceOf(Refusal)
          }
        },
      ),
      { numRuns: 500 },
    )
  })
})

describe('a file in another encoding', () => {
  const json = JSON.stringify(samples.open5e)
  it('is read with a mark of its byte order', () => {
    const utf16 = (isLittle: boolean) => {
      const view = new DataView(new ArrayBuffer(json.length * 2 + 2))
      ;[0xfeff, ...Array.from(json, (letter) => letter.charCodeAt(0))].forEach((code, index) =>
        view.setUint16(index * 2, code, isLittle),
      )
      return new Uint8Array(view.buffer)
    }
    for (const bytes of [utf16(true), utf16(false), new TextEncoder().encode(`\ufeff${json}`)])
      expect(read(bytes).creatures).toHaveLength(1)
  })
  it('is refused without one', () => {
    expect(() => read(new Uint8Array([0x7b, 0xe9, 0x7d]))).toThrow('no text in UTF-8')
  })
})

describe('a bomb in YAML', () => {
  it('of aliases, of brackets, of lists and of size costs one creature', () => {
    const aliases = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghij'
      .split('')
      .map(
        (name, index) => `${name}: &${name} [${Array.from({ length: 9 }, () => `*${'abcdefghi'[index]}`).join(',')}]`,
      )
      .join('\n')}\nname: Bomb\nhp: 1`
    const bombs = [
      aliases,
      `name: ${'['.repeat(100_000)}`,
      `name:\n${'- '.repeat(50_000)}x`,
      `name: [\n${'[\n'.repeat(20_000)}`,
      `name: x\n${Array.from({ length: 9_000 }, (_one, index) => `a${index}: 1`).join('\n')}`,
      Array.from({ length: 2_000 }, (_one, depth) => `${' '.repeat(depth)}a:`).join('\n'),
      `name: ${'x'.repeat(1_100_000)}`,
      `name: &a\n  b: *a\nhp: 3`,
    ]
    for (const bomb of bombs) {
      const { creatures, lost } = readFolder([
        { path: 'Bomb.md', content: block(bomb) },
        { path: 'Imp.md', content: block('name: Imp\nac: 13\nhp: 10\nstats: [6, 17, 13, 11, 12, 14]') },
      ])
      expect([bomb.slice(0, 20), creatures.at(-1)?.name, lost]).toEqual([bomb.slice(0, 20), 'Imp', 1])
    }
  })
})

describe('creatures that are too much together', () => {
  it('are left out by name once the import is full', () => {
    const traits = Array.from({ length: 6 }, () => ({ name: 'x', desc: 'y'.repeat(8_000) }))
    const entries = Array.from({ length: 450 }, (_one, index) => ({
      ...samples.statblock,
      name: `Big ${index}`,
      traits,
    }))
    // Half of it in each file, because one has at most 20 MB.
    const half = (from: number) => ({ path: `${from}.json`, content: JSON.stringify(entries.slice(from, from + 225)) })
    const { creatures, lost, problems } = readFolder([half(0), half(225)])
    expect(creatures.length).toBeGreaterThan(300)
    expect(creatures.length + lost).toBe(450)
    expect(problems).toHaveLength(lost)
    expect(problems[0]?.reason).toBe('The creatures before it fill the 20 MB of one import.')
  })
})

describe('a creature with figures out of bounds', () => {
  it('keeps the others, and says which were left out', () => {
    const { creatures, problems } = read(
      JSON.stringify({
        ...samples.open5e,
        challenge_rating: '1',
        skills: { arcana: 1e9 },
        strength_save: -5_000,
        charisma: 500,
      }),
    )
    expect(creatures).toMatchObject([{ name: 'A', hp: 5, abilities: { cha: 10 } }])
    expect(problems.map(({ reason }) => reason)).toEqual([
      'It has no figure for Charisma: 10 is used.',
      'The figure for saving throws is out of bounds and was left out.',
      'The figure for skills is out of bounds and was left out.',
    ])
  })
})
