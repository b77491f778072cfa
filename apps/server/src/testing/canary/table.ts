// A table with secrets of the DM, and everybody who must not get them.
import type { MapOperation, PictureOperation } from '@tablecast/contracts'
import { aBrowser } from '../browsers.ts'
import { putPicture } from '../room-pictures.ts'
import { newKey, openTestbed, type TestUser } from '../testbed.ts'

export const roomId = 'main'

export type CanaryTable = Awaited<ReturnType<typeof openCanaryTable>>

/** The word CANARY, and the number 4321, stand in what only DMs may read. */
export async function openCanaryTable() {
  await using opened = new AsyncDisposableStack()
  const testbed = opened.use(await openTestbed({ COMPAT_AUTH: 'token', SIGNALS_DEMO: 'true' }))
  const dm = await testbed.join('DM', 'owner')
  const robin = await testbed.join('Robin', 'player')
  const others = new Map<string, TestUser | null>([
    ['player', await testbed.join('Other', 'player')],
    ['spectator', await testbed.join('Watcher', 'spectator')],
    ['stranger', await testbed.signIn('Stranger')],
    ['anonymous', null],
    ['screen', null],
  ])
  const link = { roomId, key: newKey(), kind: 'tv' as const, name: 'CANARY of a link' }
  const { token: screenToken } = await dm.http.screens.create.mutate(link)
  const { keys } = aBrowser()
  const subscription = { endpoint: 'https://fcm.googleapis.com/fcm/send/CANARY', keys }
  const device = { key: newKey(), subscription, name: 'CANARY of a phone', turn: true, opens: true }
  await dm.http.push.subscribe.mutate(device)
  const { campaigns } = await dm.http.campaign.list.query({ roomId })
  const campaignId = campaigns.find(({ active }) => active)?.id ?? ''
  await putPicture(testbed.store, roomId, 'canary', dm.session.userId, 4_321)
  /**
   * Words that nobody of `others` may receive: the names of pictures for the DM or Robin alone, the seeds of all dice that were not shown,
   * and the ids and hashes of secret dice.
   */
  const secretNames = new Set<string>()

  const state = async () => (await dm.http.campaign.get.query({ roomId, campaignId })).state
  const edit = async (patch: object) => {
    const { campaign } = await dm.http.campaign.get.query({ roomId, campaignId })
    const input = { roomId, key: newKey(), campaignId, baseVersion: campaign.version, patch }
    await dm.http.campaign.edit.mutate(input)
  }
  const say = (message: string) => dm.http.campaign.say.mutate({ roomId, key: newKey(), message })
  const operatePictures = (operation: PictureOperation) =>
    dm.http.pictures.operate.mutate({ roomId, campaignId, key: newKey(), operation })
  const operateMaps = async (operation: MapOperation) =>
    (await dm.http.maps.operate.mutate({ roomId, campaignId, key: newKey(), operation })).madeIds[0] ?? ''
  /** Remembers all names of pictures that the state holds now. */
  const noteNames = async () => {
    for (const [, name = ''] of JSON.stringify(await state()).matchAll(/"name":"([A-Za-z0-9_-]{22})"/g))
      secretNames.add(name)
  }

  const owned = opened.move()
  return {
    testbed,
    dm,
    robin,
    /** Those who must get no secret. null: without a session. */
    others,
    /** Of a link for a television. */
    screenToken,
    campaignId,
    secretNames,
    /** `shownMap` is half revealed. */
    ids: { closed: '', adventure: '', page: '', encounter: '', secretChain: '', shownMap: '', hiddenMap: '' },
    /** Positions in the players' stream and in one player's whispers, from before the withdrawn secrets. */
    before: { events: '', whispers: '' },
    state,
    edit,
    say,
    operatePictures,
    operateMaps,
    noteNames,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}
