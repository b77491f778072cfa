// A campaign that leaves as a file and comes back.
import { CampaignDocument } from '@tablecast/contracts'
import { describe, expect, it } from 'vitest'
import { newKey, roomId } from './testing/room.ts'
import { dm, openTable } from './testing/sample-table.ts'

describe('the library', () => {
  it('exports what it can import again, and Markdown to read', async () => {
    await using t = await openTable()
    const id = await t.begin()
    await t.say('A line worth keeping.')
    const { text } = await t.orchestrator.library.export({ roomId, campaignId: id, format: 'json' })
    const document = CampaignDocument.parse(JSON.parse(text))
    const copy = await t.orchestrator.library.importCampaign({
      roomId,
      caller: dm,
      input: null,
      key: newKey(),
      document,
    })
    expect(await t.stateOf(copy.id)).toEqual(await t.stateOf(id))
    const { text: markdown } = await t.orchestrator.library.export({ roomId, campaignId: copy.id, format: 'markdown' })
    expect(markdown).toContain('A line worth keeping.')
    const broken = { ...document, state: { ...document.state, turn: { round: 1, order: ['ghost'], current: null } } }
    expect(() =>
      t.orchestrator.library.importCampaign({ roomId, caller: dm, input: null, key: newKey(), document: broken }),
    ).toThrow('turn order')
  })

  it('heals a campaign in which an older version stored an id several times, and its old export', async () => {
    await using t = await openTable()
    const id = await t.begin()
    const whole = await t.stateOf(id)
    const damaged = {
      ...whole,
      characters: [...whole.characters.slice(0, 1), ...whole.characters, ...whole.characters],
    }
    const stored = await t.store.read(({ campaigns }) => campaigns.get(id))
    if (!stored) throw new Error('there is no campaign')
    await t.store.write(({ campaigns }) => campaigns.save({ ...stored, state: damaged }))

    expect(await t.stateOf(id)).toEqual(whole)
    const { text } = await t.orchestrator.library.export({ roomId, campaignId: id, format: 'json' })
    const document = CampaignDocument.parse(JSON.parse(text))
    for (const exported of [document, { ...document, state: damaged }]) {
      const copy = await t.orchestrator.library.importCampaign({
        roomId,
        caller: dm,
        input: null,
        key: newKey(),
        document: exported,
      })
      expect(await t.stateOf(copy.id)).toEqual(whole)
    }
    const [first] = whole.characters
    if (!first) throw new Error('the sample has no character')
    const ambiguous = { ...whole, characters: [...whole.characters, { ...first, name: 'Another' }] }
    expect(() =>
      t.orchestrator.library.importCampaign({
        roomId,
        caller: dm,
        input: null,
        key: newKey(),
        document: { ...document, state: ambiguous },
      }),
    ).toThrow('The file holds the same item twice.')

    await t.say('/scene The crypt')
    const raw = await t.store.read(({ campaigns }) => campaigns.get(id))
    expect(raw?.state).toEqual({ ...whole, scene: 'The crypt' })
    await t.say('/undo')
    expect(await t.stateOf(id)).toEqual(whole)
  })
})
