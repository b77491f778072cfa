import { CampaignDocument, type CampaignState, type NarrativeEntry } from '@tablecast/contracts'
import { openStore } from '@tablecast/store'
import { describe, expect, it } from 'vitest'
import { sampleCampaign, trustedCaller } from './index.ts'
import { openRoom, requestBy, roomId } from './testing/room.ts'

const caller = trustedCaller({ id: 'dm', name: 'Dee', role: 'dm' })
const request = () => requestBy(caller)

const hag: CampaignState['characters'][number] = {
  id: 'hidden-hag',
  name: 'SECRET hag',
  kind: 'monster',
  hp: { current: 4_321, max: 4_321, temp: 0 },
  hpVisible: true,
  armourClass: 77,
  conditions: ['SECRET condition'],
  initiative: 1,
  ownerId: null,
  visible: false,
  dmNotes: 'SECRET weakness',
}

/** A campaign with a secret in every hidden place. */
async function hiding() {
  const store = await openStore({ dataDir: ':memory:' })
  const { orchestrator } = await openRoom(store, { members: [{ id: 'pl', name: 'Robin', role: 'player' }] })
  const { name, state, entries } = sampleCampaign(new Date())
  const { id } = await orchestrator.library.create({
    ...request(),
    name,
    entries,
    state: {
      ...state,
      characters: [
        ...state.characters.map((one) => ({ ...one, dmNotes: 'SECRET fear' })),
        hag,
        { ...hag, id: 'ferryman', name: 'The ferryman', visible: true, hpVisible: false, conditions: [] },
      ],
      threats: [...state.threats, { id: 's', name: 'SECRET cult', detail: 'SECRET plan', visible: false }],
      beats: [...state.beats, { id: 's', text: 'SECRET betrayal', done: false, visible: false }],
      environment: [...state.environment, { id: 's', text: 'SECRET fog', visible: false }],
      dmNotes: 'SECRET notes',
    },
  })
  await orchestrator.activateCampaign({ ...request(), campaignId: id })
  const say = (message: string) => orchestrator.processChatMessage({ ...request(), message })
  await say('All is told. [[1d20]]')
  await say('/secret SECRET line')
  await orchestrator.whisper({ ...request(), message: 'SECRET whisper', to: 'pl' })
  await say('SECRET slip')
  await say('/undo')
  const exported = (format: 'json' | 'markdown', audience?: 'dm' | 'player') =>
    orchestrator.library.export({ roomId, campaignId: id, format, ...(audience ? { audience } : {}) })
  return { orchestrator, exported, id, [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() }
}

describe('a campaign as Markdown', () => {
  it('for players holds their view and no secret', async () => {
    await using at = await hiding()
    const { text, fileName } = await at.exported('markdown', 'player')
    expect(fileName).toBe('the-bell-beneath-the-tide-for-players.md')
    for (const known of ['*For players.*', 'All is told.', 'Mira Ashdown', 'The tide', 'The ferryman**: unhurt'])
      expect(text).toContain(known)
    for (const unknown of ['SECRET', '4321', '4,321', 'AC 77', 'DM notes', '(hidden)', 'DMs only', 'Robin'])
      expect(text).not.toContain(unknown)
  })

  it('for the DM holds everything but withdrawn entries, and marks secrets', async () => {
    await using at = await hiding()
    const { text, fileName } = await at.exported('markdown')
    expect(fileName).toBe('the-bell-beneath-the-tide.md')
    const lines = text.split('\n')
    for (const line of lines.filter((one) => /SECRET (line|whisper|hag|cult|betrayal|fog)/.test(one)))
      expect(line).toMatch(/\(hidden\)|\*\(DMs only\)\*$|\*\(whispered: only Robin and the DMs\)\*$/)
    for (const known of ['*For the DM', 'All is told.', 'SECRET line', 'SECRET whisper', 'SECRET notes', 'SECRET fear'])
      expect(text).toContain(known)
    expect(lines.find((line) => line.includes('All is told.'))).not.toMatch(/\*\((DMs|whispered)/)
    expect(text).not.toContain('SECRET slip')
  })
})

describe('a campaign as JSON', () => {
  it('says that it is for the DM, holds everything, and is refused for players', async () => {
    await using at = await hiding()
    const { text } = await at.exported('json')
    const document = CampaignDocument.parse(JSON.parse(text))
    expect(document.audience).toBe('dm')
    expect(document.entries.map((entry: NarrativeEntry) => entry.text)).toContain('SECRET slip')
    await expect(at.exported('json', 'player')).rejects.toMatchObject({ code: 'BAD_REQUEST' })
  })

  it('is imported with an audience and, from an older server, without one', async () => {
    await using at = await hiding()
    const document = JSON.parse((await at.exported('json')).text) as Record<string, unknown>
    const { audience: _, ...older } = document
    for (const one of [document, older]) {
      const copy = await at.orchestrator.library.importCampaign({ ...request(), document: CampaignDocument.parse(one) })
      const { state } = await at.orchestrator.library.get(roomId, copy.id)
      expect(state.dmNotes).toBe('SECRET notes')
    }
    expect(CampaignDocument.safeParse({ ...document, audience: 'player' }).success).toBe(false)
  })
})
