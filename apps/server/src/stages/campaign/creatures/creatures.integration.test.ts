// Files of other programs: a preview that stores nothing, and an import that keeps what the preview names.
import { buffer } from 'node:stream/consumers'
import type { CreaturesReport } from '@tablecast/contracts'
import { createTRPCClient, httpLink, type TRPCClient } from '@trpc/client'
import { describe, expect, it } from 'vitest'
import { ZipFile } from 'yazl'
import type { AppRouter } from '../../../router.ts'
import { newKey, openTestbed } from '../../../testing/testbed.ts'

const roomId = 'main'

async function openRoom(environment: Record<string, string> = {}) {
  const testbed = await openTestbed(environment)
  const dm = await testbed.join('Dana', 'owner')
  const headers = { authorization: `Bearer ${dm.session.token}` }
  /** Queries go by POST: a file is too long for an address. */
  const api: TRPCClient<AppRouter> = createTRPCClient<AppRouter>({
    links: [httpLink({ url: `${testbed.url}/trpc`, headers, methodOverride: 'POST' })],
  })
  const { campaigns } = await dm.http.campaign.list.query({ roomId })
  const campaignId = campaigns[0]?.id ?? ''
  const metrics = async () => (await fetch(`${testbed.url}/metrics`)).text()
  return { testbed, api, campaignId, metrics, [Symbol.asyncDispose]: () => testbed[Symbol.asyncDispose]() }
}

const note = (kind: string, yaml: string) => `# Note\n\`\`\`${kind}\n${yaml}\n\`\`\`\n`
const imp = (hp: number) => note('statblock', `name: Marsh Imp\nac: 13\nhp: ${hp}\nstats: [6, 17, 13, 11, 12, 14]`)
const ford = note(
  'encounter',
  'name: Ford\ncreatures:\n  - 2: Marsh Imp\n  - 3: Goblin\n  - Ferryman, 9, 11, 1\n  - Nobody',
)

async function zipOf(files: Record<string, string | Buffer>): Promise<string> {
  const zip = new ZipFile()
  for (const [path, content] of Object.entries(files)) zip.addBuffer(Buffer.from(content), path)
  zip.end()
  return (await buffer(zip.outputStream)).toString('base64')
}

const withoutBlocks = ({ characters, ...report }: CreaturesReport) => ({
  ...report,
  characters: characters.map((one) => ({ ...one, block: null })),
})

describe('an import of creatures', () => {
  it('previews a vault, stores nothing, then stores the creatures and the encounter that the preview named', async () => {
    await using at = await openRoom()
    const { api, campaignId } = at
    const zip = await zipOf({
      'Vault/Imp.md': imp(10),
      'Vault/Ford.md': ford,
      'Vault/Plain.md': 'Words.',
      'Vault/map.png': 'x',
      'Vault/.obsidian/app.json': '{}',
    })
    const preview = await api.statBlocks.previewImport.query({ roomId, zip })
    expect(preview).toEqual({
      creatures: ['Marsh Imp'],
      replaced: 0,
      duplicates: [],
      encounters: ['Ford'],
      characters: [],
      lost: 0,
      problems: [
        { name: 'Notes', reason: '1 of them have no stat block and no encounter.' },
        { name: 'Other files', reason: '1 files of the ZIP file are pictures or other kinds that are not read.' },
        { name: 'Ford', reason: 'There is no creature “Nobody” here, so the encounter has none.' },
      ],
    })
    expect((await api.statBlocks.search.query({ roomId, query: 'marsh imp' })).found).toEqual([])

    const report = await api.statBlocks.import.mutate({ roomId, campaignId, key: newKey(), zip })
    expect(report).toEqual(preview)
    const { found } = await api.statBlocks.search.query({ roomId, query: 'marsh imp' })
    expect(found).toMatchObject([{ id: 'imported-marsh-imp-1', hp: 10 }])
    const { encounters } = await api.encounters.list.query({ roomId, campaignId })
    expect(encounters.find(({ name }) => name === 'Ford')?.plan.creatures).toMatchObject([
      { name: 'Marsh Imp', count: 2, block: { source: 'room', id: 'imported-marsh-imp-1' } },
      { name: 'Goblin', count: 3, block: { source: 'built-in' } },
      { name: 'Ferryman', count: 1, figures: { hp: 9, armourClass: 11, initiativeBonus: 1 } },
    ])
  })

  it('names the creatures that the room has already, and whether their figures are the same', async () => {
    await using at = await openRoom()
    await at.api.statBlocks.import.mutate({ roomId, key: newKey(), text: imp(10) })
    const duplicatesOf = async (text: string) =>
      (await at.api.statBlocks.previewImport.query({ roomId, text })).duplicates
    expect(await duplicatesOf(imp(10))).toEqual([{ name: 'Marsh Imp', isSame: true }])
    expect(await duplicatesOf(imp(12))).toEqual([{ name: 'Marsh Imp', isSame: false }])
    const report = await at.api.statBlocks.import.mutate({ roomId, key: newKey(), text: imp(12) })
    expect(report.replaced).toBe(1)
    expect((await at.api.statBlocks.search.query({ roomId, query: 'marsh imp' })).found).toMatchObject([{ hp: 12 }])
  })

  it('stores the sheets of the chosen characters, and no other', async () => {
    await using at = await openRoom()
    const hero = (name: string) => ({
      Name: name,
      Player: 'player',
      HP: { Value: 20 },
      AC: { Value: 15 },
      Challenge: '3',
    })
    const files = ['Ann', 'Bea'].map((name) => ({ path: `${name}.json`, text: JSON.stringify([hero(name)]) }))
    const preview = await at.api.statBlocks.previewImport.query({ roomId, files })
    expect(preview.characters).toMatchObject([
      { name: 'Ann', level: 3, hp: 20, ac: 15, block: null },
      { name: 'Bea', block: null },
    ])
    const report = await at.api.statBlocks.import.mutate({ roomId, key: newKey(), files, sheets: [1] })
    expect(withoutBlocks(report)).toEqual(preview)
    expect(report.characters.map(({ block }) => block?.id)).toEqual([undefined, 'imported-character-bea-1'])
    const { found } = await at.api.statBlocks.search.query({ roomId, query: 'bea' })
    expect(found.map(({ id }) => id)).toContain('imported-character-bea-1')
    expect(
      (await at.api.statBlocks.search.query({ roomId, query: 'ann' })).found.map(({ name }) => name),
    ).not.toContain('Ann')
  })
})

describe('two imports of one person at once', () => {
  it('read the same files once, and other files one after the other', async () => {
    await using at = await openRoom()
    const reads = async () => (await at.metrics()).match(/creature_reads_total\{outcome="read"\} \d+/)?.[0]
    const filler = Array.from({ length: 5_000 }, (_one, index) => `a${index}: 1`).join('\n')
    const slow = note('statblock', `name: Slow\nac: 1\nhp: 1\n${filler}`)
    const preview = (text: string) =>
      at.api.statBlocks.previewImport.query({ roomId, text }).then(
        ({ creatures }) => creatures,
        (error: Error) => error.message,
      )
    const answers = await Promise.all([preview(slow), preview(slow), preview(imp(1))])
    expect(answers).toEqual([['Slow'], ['Slow'], 'Another file of yours is being read. Wait for it.'])
    expect(await reads()).toBe('creature_reads_total{outcome="read"} 1')
    expect(await preview(imp(1))).toEqual(['Marsh Imp'])
  })
})

describe('an export of creatures', () => {
  it('for Improved Initiative and as a vault brings back the creatures and the encounter', async () => {
    await using at = await openRoom()
    const { api, campaignId } = at
    const exported = (format: 'improved-initiative' | 'vault') =>
      api.statBlocks.export.query({ roomId, campaignId, format })
    await expect(exported('vault')).rejects.toMatchObject({ data: { tablecast: { code: 'NOT_FOUND' } } })
    const zip = await zipOf({ 'Imp.md': imp(10), 'Ford.md': ford })
    await api.statBlocks.import.mutate({ roomId, campaignId, key: newKey(), zip })

    const { text, fileName } = await exported('improved-initiative')
    expect(fileName).toBe('improved-initiative.json')
    const same = [{ name: 'Marsh Imp', isSame: true }]
    expect(await api.statBlocks.previewImport.query({ roomId, text: text ?? '' })).toMatchObject({
      duplicates: same,
      lost: 0,
    })
    const vault = await exported('vault')
    expect(await api.statBlocks.previewImport.query({ roomId, zip: vault.zip ?? '' })).toMatchObject({
      duplicates: same,
      encounters: expect.arrayContaining(['Ford']) as string[],
      lost: 0,
    })
  })
})

describe('a hostile import', () => {
  it('of a ZIP file is refused with a sentence', async () => {
    await using at = await openRoom()
    const refused = async (zip: string, sentence: RegExp) =>
      await expect(at.api.statBlocks.previewImport.query({ roomId, zip })).rejects.toMatchObject({
        message: expect.stringMatching(sentence) as string,
        data: { tablecast: { code: 'VALIDATION_FAILED' } },
      })
    await refused(await zipOf({ 'a.md': Buffer.alloc(61_000_000), 'b.md': 'x' }), /more than 60 MB of notes/)
    await refused(Buffer.from('PK nothing').toString('base64'), /no ZIP file/)
    const whole = Buffer.from(await zipOf({ 'a.md': imp(1).repeat(50) }), 'base64')
    whole.fill(0xff, 60, 90)
    await refused(whole.toString('base64'), /damaged/)
    // Two sources at once.
    await expect(at.api.statBlocks.previewImport.query({ roomId, text: '{}', zip: 'AAAA' })).rejects.toMatchObject({
      data: { tablecast: { code: 'VALIDATION_FAILED' } },
    })
  })

  it('that takes too long is ended, and the server answers others meanwhile', async () => {
    await using at = await openRoom({ CREATURE_SECONDS: '1' })
    // Each of these notes takes the parser of YAML about a second.
    const slow = note('statblock', `name: "${'\\\n'.repeat(40_000)}"`)
    const files = Array.from({ length: 20 }, (_one, index) => ({ path: `${index}.md`, text: slow }))
    let isOver = false
    const reading = at.api.statBlocks.previewImport.query({ roomId, files }).catch((error: unknown) => error)
    const over = reading.then(() => void (isOver = true))
    let answers = 0
    while (!isOver) {
      await at.api.rooms.list.query()
      answers++
    }
    await over
    expect(await reading).toMatchObject({ message: 'The file takes too long to read. Import it in parts.' })
    expect(answers).toBeGreaterThan(3)
    expect(await at.metrics()).toContain('tablecast_creature_reads_total{outcome="late"} 1')
    // The next import gets a new thread.
    expect((await at.api.statBlocks.previewImport.query({ roomId, text: imp(10) })).creatures).toEqual(['Marsh Imp'])
  })
})
