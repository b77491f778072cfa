// The files that commit b128f91 made: packages/orchestrator/earlier/b128f91/README.md says how.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { CampaignState } from '@tablecast/contracts'
import { openMigrated, openStore, type Store } from '@tablecast/store'
import { expect } from 'vitest'
import { readDocument } from '../imports.ts'
import type { Orchestrator } from '../orchestrator.ts'
import { damage, dee } from './fight-room.ts'
import { codeOf, openRoom, requestBy, roomId } from './room.ts'

type Options = Parameters<typeof openStore>[0]

const bytesOfFile = (name: string): Buffer => readFileSync(new URL(`../../earlier/b128f91/${name}.gz`, import.meta.url))
const textOfFile = (name: string): string => gunzipSync(bytesOfFile(name)).toString()

/** The states between the steps of its DM, as this version reads them. The last step was undone. */
const states = (JSON.parse(textOfFile('states.json')) as CampaignState[]).map((state) => ({
  ...state,
  encounter: null,
  playersHeal: false,
  pictures: [],
  handouts: [],
  scenePicture: null,
  presented: null,
  maps: [],
  shownMap: null,
  tokens: [],
  areas: [],
  tiles: [],
  requests: [],
}))

/** Puts the SQLite file of that version into a folder. */
export function placeDatabase(dataDir: string): void {
  writeFileSync(join(dataDir, 'tablecast.sqlite'), gunzipSync(bytesOfFile('database')))
}

export async function restoreBackup(options: Options): Promise<void> {
  await using maintenance = await openMigrated(options)
  const source = async function* () {
    yield await Promise.resolve(bytesOfFile('backup'))
  }
  await maintenance.restore(source(), { replace: false })
}

/** Undoes all steps, makes them again, and fights. */
export async function walkJournal(store: Store): Promise<void> {
  const { orchestrator } = await openRoom(store)
  const room = await store.read(({ rooms }) => rooms.get(roomId))
  const campaignId = room?.activeCampaignId ?? ''
  const request = () => ({ ...requestBy(dee), campaignId })
  const state = async () => (await orchestrator.library.get(roomId, campaignId)).state
  const steps = states.length - 1

  expect(await state()).toEqual(states[steps - 1])
  for (let at = steps - 2; at >= 0; at--) {
    await orchestrator.undo(request())
    expect(await state()).toEqual(states[at])
  }
  expect(await codeOf(orchestrator.undo(request()))).toBe('NOTHING_TO_UNDO')
  for (let at = 1; at <= steps; at++) {
    await orchestrator.redo(request())
    expect(await state()).toEqual(states[at])
  }
  expect(await codeOf(orchestrator.redo(request()))).toBe('NOTHING_TO_UNDO')
  await hurtAndUndo(orchestrator, campaignId, state)
}

/** The export becomes a campaign of its own, whose undo begins empty. */
export async function importExport(store: Store): Promise<void> {
  const { orchestrator } = await openRoom(store)
  const document = readDocument(JSON.parse(textOfFile('export.json')))
  const { id } = await orchestrator.library.importCampaign({ ...requestBy(dee), document })
  const state = async () => (await orchestrator.library.get(roomId, id)).state
  expect(await state()).toEqual(states.at(-2))
  await hurtAndUndo(orchestrator, id, state)
}

/** One step of a fight there and back. */
async function hurtAndUndo(
  orchestrator: Orchestrator,
  campaignId: string,
  state: () => Promise<CampaignState>,
): Promise<void> {
  const request = () => ({ ...requestBy(dee), campaignId })
  const before = await state()
  const [hero] = before.characters
  if (!hero) throw new Error('nobody is there')
  await orchestrator.fights.operate({ ...request(), operation: damage(3, hero.id) })
  const hurt = await state()
  expect(hurt.characters[0]?.hp.current).toBe(hero.hp.current - 3)
  await orchestrator.undo(request())
  expect(await state()).toEqual(before)
  await orchestrator.redo(request())
  expect(await state()).toEqual(hurt)
}
