// The preview reports everything that an import keeps, changes and leaves out, and the import keeps all of it.
import type { CampaignDocument, ImportReport, Page } from '@tablecast/contracts'
import { adventureOf } from '@tablecast/testing'
import { createTRPCClient, httpLink, type TRPCClient } from '@trpc/client'
import { describe, expect, it } from 'vitest'
import type { AppRouter } from '../../router.ts'
import { newKey, openTestbed } from '../../testing/testbed.ts'

const roomId = 'main'

/** A server with a DM in the sample room. `long`: a client that sends queries by POST, for inputs that are too long for a URL. */
async function openSampleRoom(environment: Record<string, string> = {}) {
  const testbed = await openTestbed(environment)
  const dm = await testbed.join('Dana', 'owner')
  const headers = { authorization: `Bearer ${dm.session.token}` }
  const long: TRPCClient<AppRouter> = createTRPCClient<AppRouter>({
    links: [httpLink({ url: `${testbed.url}/trpc`, headers, methodOverride: 'POST' })],
  })
  const campaigns = async () => (await dm.http.campaign.list.query({ roomId })).campaigns
  const pagesOf = async (campaignId: string) => {
    const { pages } = await dm.http.campaign.pages.query({ roomId, campaignId })
    // One after the other: a user has at most 50 calls at a time.
    const read: Page[] = []
    for (const { id } of pages) read.push(await dm.http.campaign.page.query({ roomId, campaignId, pageId: id }))
    return read
  }
  const exported = async (campaignId: string, format: 'json' | 'markdown') =>
    (await dm.http.campaign.export.query({ roomId, campaignId, format })).text
  return {
    testbed,
    dm,
    long,
    campaigns,
    pagesOf,
    exported,
    [Symbol.asyncDispose]: () => testbed[Symbol.asyncDispose](),
  }
}

const withoutMarks = (text: string) => text.replaceAll(/[*_`>\\]/g, '').replaceAll(/\s+/g, ' ')
const refusal = (message: RegExp) => ({ message: expect.stringMatching(message) as string })

describe('an import of Markdown', () => {
  for (const bytes of [57_000, 94_000])
    it(`of ${bytes} bytes is previewed without storing anything, and loses no sentence`, async () => {
      await using at = await openSampleRoom()
      const { markdown, sentences } = adventureOf(bytes)
      const before = await at.campaigns()
      const preview = await at.long.campaign.previewScenario.query({ roomId, markdown })
      expect(await at.campaigns()).toEqual(before)
      const { report, ...summary } = await at.dm.http.campaign.importScenario.mutate({
        roomId,
        key: newKey(),
        markdown,
      })
      expect(report).toEqual(preview)
      const { state } = await at.dm.http.campaign.get.query({ roomId, campaignId: summary.id })
      const pages = await at.pagesOf(summary.id)
      expect(report.counts).toMatchObject({ pages: pages.length, notesCharacters: state.dmNotes.length })
      const all = withoutMarks(JSON.stringify([state, pages]))
      expect(sentences.filter((sentence) => !all.includes(sentence))).toEqual([])
      expect(state.characters.map(({ name }) => name)).toEqual(['Mira', 'Dragon, Young Red', 'Voss'])
    })

  it('returns the same answer to a repeat, and stores its pages once', async () => {
    await using at = await openSampleRoom()
    const input = { roomId, key: newKey(), markdown: '# A\n\n## Scene\n\nRain.\n\n## Lore\n\nOld.' }
    const first = await at.dm.http.campaign.importScenario.mutate(input)
    expect(await at.dm.http.campaign.importScenario.mutate(input)).toEqual(first)
    expect((await at.pagesOf(first.id)).map(({ title, text }) => [title, text])).toEqual([
      ['A', ''],
      ['Scene', 'Rain.'],
      ['Lore', 'Old.'],
    ])
  })

  it('is refused as a whole if its pages exceed the limit of a campaign, in the preview too', async () => {
    await using at = await openSampleRoom({ MAX_CAMPAIGN_PAGES_BYTES: '50000' })
    const { markdown } = adventureOf(57_000)
    const before = await at.campaigns()
    const wanted = refusal(/hold at most 49 kB, and this file has 5\d kB\. Import the adventure in parts\./)
    await expect(at.long.campaign.previewScenario.query({ roomId, markdown })).rejects.toMatchObject(wanted)
    const input = { roomId, key: newKey(), markdown }
    await expect(at.dm.http.campaign.importScenario.mutate(input)).rejects.toMatchObject(wanted)
    expect(await at.campaigns()).toEqual(before)
  })

  it('of an exported campaign restores the visible and the hidden state', async () => {
    await using at = await openSampleRoom()
    const [sample] = await at.campaigns()
    const markdown = await at.exported(sample?.id ?? '', 'markdown')
    const { id } = await at.dm.http.campaign.importScenario.mutate({ roomId, key: newKey(), markdown })
    const stateOf = async (campaignId: string) => (await at.dm.http.campaign.get.query({ roomId, campaignId })).state
    const seen = ({
      characters,
      threats,
      environment,
      beats,
      scene,
      status,
      dmNotes,
    }: Awaited<ReturnType<typeof stateOf>>) => ({
      scene,
      status,
      dmNotes,
      // Sheets and portraits stay behind: JSON carries sheets, a ZIP file carries both.
      characters: characters.map(
        ({
          id: _id,
          ownerId: _owner,
          side: _side,
          level: _level,
          initiativeBonus: _bonus,
          uses: _uses,
          portrait: _portrait,
          sheet: _sheet,
          ...fields
        }) => fields,
      ),
      others: [...threats, ...environment, ...beats].map(({ id: _id, ...fields }) => fields),
    })
    expect(seen(await stateOf(id))).toEqual(seen(await stateOf(sample?.id ?? '')))
    expect((await at.pagesOf(id)).map(({ title }) => title)).toEqual(['Chronicle', 'Handouts'])
  })
})

describe('an import of JSON', () => {
  it('reports in the preview what it stores, pages included', async () => {
    await using at = await openSampleRoom()
    const { markdown } = adventureOf(57_000)
    const { id } = await at.dm.http.campaign.importScenario.mutate({ roomId, key: newKey(), markdown })
    const document: unknown = JSON.parse(await at.exported(id, 'json'))
    const before = await at.campaigns()
    const preview = await at.long.campaign.previewImport.query({ roomId, document })
    expect(await at.campaigns()).toEqual(before)
    const { report, ...copy } = await at.dm.http.campaign.import.mutate({ roomId, key: newKey(), document })
    expect(report).toEqual(preview)
    expect([report.changed, report.leftOut]).toEqual([[], []])
    expect(report.counts.pages).toBeGreaterThan(20)
    expect(copy.id).not.toBe(id)
    expect(await at.pagesOf(copy.id)).toEqual(await at.pagesOf(id))
  })

  it('accepts a document without pages, as older servers exported it', async () => {
    await using at = await openSampleRoom()
    const [sample] = await at.campaigns()
    const older = JSON.parse(await at.exported(sample?.id ?? '', 'json')) as CampaignDocument
    expect(older.pages).toBeUndefined()
    const { id, report } = await at.dm.http.campaign.import.mutate({ roomId, key: newKey(), document: older })
    expect(await at.pagesOf(id)).toEqual([])
    expect(report.counts).toMatchObject({ characters: 5, entries: 6, pages: 0 })
    expect(report.kept.join('\n')).toMatch(/Visible to players: Mira Ashdown, Brother Tobin, Sable and Corvin Vale/)
  })

  it('names the fields that it changes and leaves out, and characters whose player is not a member', async () => {
    await using at = await openSampleRoom()
    const [sample] = await at.campaigns()
    const document = JSON.parse(await at.exported(sample?.id ?? '', 'json')) as CampaignDocument
    const [mira, tobin, ...others] = document.state.characters
    const altered = {
      ...document,
      music: 'tide.ogg',
      state: {
        ...document.state,
        characters: [{ ...mira, name: '  Mira ', voice: 'mira.ogg' }, { ...tobin, ownerId: 'somebody' }, ...others],
      },
    }
    const report: ImportReport = await at.long.campaign.previewImport.query({ roomId, document: altered })
    expect(report.leftOut).toEqual(['Fields that this Tablecast does not know: characters › voice and music.'])
    expect(report.changed).toEqual([
      'Fields that were changed to fit: characters › name.',
      'Played by somebody who is not at this table, until you choose another player: Brother Tobin.',
    ])
    const stored = await at.dm.http.campaign.import.mutate({ roomId, key: newKey(), document: altered })
    expect(stored.report).toEqual(report)
  })

  it('reports every text that it corrects, also in entries and pages, and every item that occurs twice', async () => {
    await using at = await openSampleRoom()
    const [sample] = await at.campaigns()
    const document = JSON.parse(await at.exported(sample?.id ?? '', 'json')) as CampaignDocument
    const { state, entries } = document
    const [first, ...others] = entries
    const altered = {
      ...document,
      state: { ...state, dmNotes: 'A\u0000bell', beats: [...state.beats, ...state.beats.slice(0, 1)] },
      entries: [{ ...first, text: 'Re\u0301becca' }, ...others.map((entry) => ({ ...entry, mood: 'grim' }))],
      pages: [{ id: 'p', title: 'two\nlines', depth: 1, text: 'A\u202epage' }],
    }
    const changed = [
      'state › dmNotes',
      'beats (items that occurred twice)',
      'pages › title',
      'pages › text',
      'entries › text',
    ]
    await using socket = await at.dm.socket()
    for (const client of [at.long, socket.trpc]) {
      const report = await client.campaign.previewImport.query({ roomId, document: altered })
      for (const field of changed) expect(report.changed.join()).toContain(field.replace('state › ', ''))
      expect(report.leftOut).toEqual(['Fields that this Tablecast does not know: entries › mood.'])
      const stored = await client.campaign.import.mutate({ roomId, key: newKey(), document: altered })
      expect(stored.report).toEqual(report)
      expect(await at.pagesOf(stored.id)).toEqual([{ id: 'p', title: 'two lines', depth: 1, text: 'Apage' }])
    }
  })

  it('reports the number of unknown fields, up to 10,000', async () => {
    await using at = await openSampleRoom()
    const [sample] = await at.campaigns()
    const document = JSON.parse(await at.exported(sample?.id ?? '', 'json')) as CampaignDocument
    const leftOut = async (fields: number) => {
      const unknown = Object.fromEntries(Array.from({ length: fields }, (_, index) => [`field${index}`, 1]))
      const file = { ...document, entries: document.entries.map((entry) => ({ ...entry, mood: 1 })), ...unknown }
      return (await at.long.campaign.previewImport.query({ roomId, document: file })).leftOut
    }
    const first = 'field0, field1, field2, field3, field4, field5'
    // The field `mood` counts once, although all entries have it.
    expect(await leftOut(9_999)).toEqual([
      expect.stringMatching(/^Fields that this Tablecast does not know: .* and 9,993 more\.$/),
    ])
    expect(await leftOut(10_000)).toEqual([
      expect.stringMatching(/^More than 10,000 fields that this Tablecast does not know\. The first are: .*\.$/),
    ])
    for (const fields of [9_999, 10_000]) expect((await leftOut(fields)).join()).toContain(first)
  })

  it('of 30 MB stores all entries and pages as the preview reported, and returns the same answer to a repeat', async () => {
    await using at = await openSampleRoom()
    const [sample] = await at.campaigns()
    const document = JSON.parse(await at.exported(sample?.id ?? '', 'json')) as CampaignDocument
    const [entry] = document.entries
    const text = 'All is calm in the house by the ferry. '.repeat(90)
    const entries = Array.from({ length: 6_800 }, (_, index) => ({ ...entry, id: `e${index}`, text }))
    const pages = Array.from({ length: 80 }, (_, index) => ({
      id: `p${index}`,
      title: `Page ${index}`,
      depth: 1,
      text: 'x'.repeat(60_000),
    }))
    const large = { ...document, entries, pages }
    expect(JSON.stringify(large).length).toBeGreaterThan(28_000_000)
    const preview = await at.long.campaign.previewImport.query({ roomId, document: large })
    expect(preview.counts).toMatchObject({ entries: 6_800, pages: 80, pagesBytes: 4_800_000 })
    expect([preview.changed, preview.leftOut]).toEqual([[], []])
    const input = { roomId, key: newKey(), document: large }
    const answer = await at.dm.http.campaign.import.mutate(input)
    expect(answer.report).toEqual(preview)
    expect(await at.dm.http.campaign.import.mutate(input)).toEqual(answer)
    expect((await at.dm.http.campaign.pages.query({ roomId, campaignId: answer.id })).pages).toHaveLength(80)
    expect(await at.campaigns()).toHaveLength(2)
  }, 120_000)

  it('with too many pages stores nothing, not even its entries', async () => {
    await using at = await openSampleRoom({ MAX_CAMPAIGN_PAGES_BYTES: '50000' })
    const [sample] = await at.campaigns()
    const document = JSON.parse(await at.exported(sample?.id ?? '', 'json')) as CampaignDocument
    const pages = [{ id: 'p', title: 'P', depth: 1, text: 'x'.repeat(52_000) }]
    await using socket = await at.dm.socket()
    for (const client of [at.dm.http, socket.trpc])
      await expect(
        client.campaign.import.mutate({ roomId, key: newKey(), document: { ...document, pages } }),
      ).rejects.toMatchObject(refusal(/hold at most 49 kB/))
    expect(await at.campaigns()).toHaveLength(1)
  })

  it('is refused with a message for the person who chose the file', async () => {
    await using at = await openSampleRoom()
    const [sample] = await at.campaigns()
    const document = JSON.parse(await at.exported(sample?.id ?? '', 'json')) as CampaignDocument
    const page = { id: 'p', title: 'A', depth: 1, text: '' }
    const refused: [unknown, RegExp][] = [
      [null, /^This is not a campaign\./],
      [[], /^This is not a campaign\./],
      [{ some: 'thing' }, /^This is not a campaign\./],
      [{ ...document, formatVersion: 2 }, /^A newer Tablecast exported this file/],
      [{ ...document, state: { ...document.state, beats: [{ id: 'b' }] } }, /Look at: beats › 1 › text\.$/],
      [{ ...document, pages: [{ ...page, text: 'ü'.repeat(40_000) }] }, /Look at: pages › 1 › text\.$/],
      [{ ...document, pages: [{ ...page, title: 'x'.repeat(201) }] }, /Look at: pages › 1 › title\.$/],
      [{ ...document, pages: [page, page] }, /^The file holds the same item twice\./],
    ]
    for (const [file, message] of refused)
      await expect(at.long.campaign.previewImport.query({ roomId, document: file })).rejects.toMatchObject({
        ...refusal(message),
        data: { tablecast: { code: 'VALIDATION_FAILED' } },
      })
    const many = Array.from({ length: 100 }, (_, index) => ({ ...page, id: `p${index}`, text: 'x'.repeat(60_000) }))
    const large = { ...document, pages: many }
    const tooMuch = refusal(/hold at most 5\.0 MB, and this file has 5\.7 MB/)
    await expect(at.long.campaign.previewImport.query({ roomId, document: large })).rejects.toMatchObject(tooMuch)
    await expect(at.dm.http.campaign.import.mutate({ roomId, key: newKey(), document: large })).rejects.toMatchObject(
      tooMuch,
    )
  })
})

describe('the pages of a campaign', () => {
  it('can’t be read through another campaign, and count in the metrics', async () => {
    await using at = await openSampleRoom()
    const { id } = await at.dm.http.campaign.importScenario.mutate({ roomId, key: newKey(), markdown: '# A\n\nText.' })
    const other = await at.dm.http.campaign.create.mutate({ roomId, key: newKey(), name: 'Other' })
    const { pages } = await at.dm.http.campaign.pages.query({ roomId, campaignId: id })
    expect(pages).toMatchObject([{ title: 'A', depth: 1, bytes: 5 }])
    const pageId = pages[0]?.id ?? ''
    await expect(at.dm.http.campaign.page.query({ roomId, campaignId: other.id, pageId })).rejects.toMatchObject({
      data: { tablecast: { code: 'NOT_FOUND' } },
    })
    expect(await at.dm.http.campaign.pages.query({ roomId, campaignId: other.id })).toEqual({ pages: [] })
    const metrics = await (await fetch(`${at.testbed.url}/metrics`)).text()
    expect(metrics).toMatch(/tablecast_imports_total\{form="markdown"\} 1/)
    expect(metrics).toMatch(/tablecast_imported_page_bytes_total 5/)
  })

  it('stay the same through an edit, an undo and an export', async () => {
    await using at = await openSampleRoom()
    const { markdown } = adventureOf(57_000)
    const { id } = await at.dm.http.campaign.importScenario.mutate({ roomId, key: newKey(), markdown })
    const before = await at.pagesOf(id)
    const { state } = await at.dm.http.campaign.get.query({ roomId, campaignId: id })
    const call = () => ({ roomId, campaignId: id, key: newKey() })
    await at.dm.http.campaign.edit.mutate({ ...call(), baseVersion: 0, patch: { dmNotes: 'Short' } })
    await at.dm.http.campaign.undo.mutate(call())
    expect((await at.dm.http.campaign.get.query({ roomId, campaignId: id })).state).toEqual(state)
    await expect(at.dm.http.campaign.undo.mutate(call())).rejects.toMatchObject({
      data: { tablecast: { code: 'NOTHING_TO_UNDO' } },
    })
    expect(await at.pagesOf(id)).toEqual(before)
    const read = { roomId, key: newKey(), markdown: await at.exported(id, 'markdown') }
    const copy = await at.dm.http.campaign.importScenario.mutate(read)
    const textsOf = (pages: typeof before) => pages.map(({ title, depth, text }) => ({ title, depth, text }))
    // The log has an entry for the undo, so the export has a chronicle.
    const [chronicle, ...pages] = textsOf(await at.pagesOf(copy.id))
    expect(chronicle).toMatchObject({ title: 'Chronicle', text: expect.stringContaining('undid a change') })
    expect(pages).toEqual(textsOf(before))
  })
})
