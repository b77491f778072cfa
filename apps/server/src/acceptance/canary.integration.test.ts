// Plants the word CANARY in every field that only DMs may read, and looks for it in every byte that others receive.
import type { MapOperation, PictureOperation } from '@tablecast/contracts'
import { writeWalls } from '@tablecast/maps/import'
import type { Operation } from '@tablecast/rules'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { aBrowser } from '../testing/browsers.ts'
import { wolf } from '../testing/creatures.ts'
import { putPicture } from '../testing/room-pictures.ts'
import { newKey, openTestbed, type TestUser, until } from '../testing/testbed.ts'

const CANARY = /CANARY/
/** The hash of a seed may hold any digits. */
const HASH = /[0-9a-f]{64}/g
const roomId = 'main'

describe('a secret of the DM', () => {
  let testbed: Awaited<ReturnType<typeof openTestbed>>
  let dm: Awaited<ReturnType<typeof testbed.join>>
  let robin: Awaited<ReturnType<typeof testbed.join>>
  const others = new Map<string, TestUser | null>()
  /** Of a link for a television. */
  let screenToken = ''
  let campaignId = ''
  let closedId = ''
  let adventureId = ''
  let pageId = ''
  let encounterId = ''
  let secretChainId = ''
  /** All text that each caller received. Live connections open before the secrets are written. */
  const receivedBy = new Map<string, string[]>()
  /** Positions in the players' stream and in one player's whispers, from before the withdrawn secrets. */
  const before = { events: '', whispers: '' }
  /** Names of pictures that only the DM, or Robin, may load. */
  const secretNames = new Set<string>()
  /** A map that is shown half revealed, and one that is not shown. */
  const mapIds = { shown: '', hidden: '' }
  const sockets: WebSocket[] = []
  const aborting = new AbortController()

  const edit = async (patch: object) => {
    const { campaign } = await dm.http.campaign.get.query({ roomId, campaignId })
    const input = { roomId, key: newKey(), campaignId, baseVersion: campaign.version, patch }
    await dm.http.campaign.edit.mutate(input)
  }
  const say = (message: string) => dm.http.campaign.say.mutate({ roomId, key: newKey(), message })

  /** Opens every live connection that this caller can try. */
  function listen(who: string, user: TestUser | null): void {
    const all = receivedBy.get(who) ?? []
    receivedBy.set(who, all)
    const token = user?.session.token ?? ''
    const open = (path: string, first: (socket: WebSocket) => void = () => {}) => {
      const socket = new WebSocket(testbed.wsUrl + path)
      sockets.push(socket)
      socket.on('open', () => first(socket))
      socket.on('message', (data: Buffer) => all.push(data.toString()))
      socket.on('error', () => {})
    }
    open('/trpc?connectionParams=1', (socket) => {
      socket.send(JSON.stringify({ method: 'connectionParams', data: { token } }))
      const paths = ['campaign.events', 'campaign.whispers', 'presence.events', 'narrator.events', 'market.events']
      const inputs = paths.map((path) => ({ path, input: { roomId } }))
      const back = [
        { path: 'campaign.events', input: { roomId, lastEventId: before.events } },
        { path: 'campaign.whispers', input: { roomId, lastEventId: before.whispers } },
      ]
      const access = { roomId, token: who === 'screen' ? screenToken : 'made-up' }
      const ofScreens = [
        { path: 'screens.events', input: access },
        { path: 'screens.events', input: { ...access, lastEventId: before.events } },
        { path: 'screens.shown', input: access },
        { path: 'viewAs.players', input: { roomId } },
        { path: 'viewAs.member', input: { roomId, memberId: robin.session.userId } },
      ]
      for (const [index, params] of [...inputs, ...back, ...ofScreens].entries())
        socket.send(JSON.stringify({ id: index + 1, method: 'subscription', params }))
    })
    const query = token ? `&token=${token}` : ''
    open(`/ws/campaign/player?room=${roomId}${query}`)
    if (user) open(`/ws/campaign/dm?room=${roomId}${query}`)
    open(`/ws/arena/canary?x=1${query}`)
    open(`/ws/stream?x=1${query}`)
    open(`/socket.io/?EIO=4&transport=websocket`, (socket) => socket.send('40'))
    const input = encodeURIComponent(JSON.stringify({ roomId }))
    for (const path of ['campaign.events', 'campaign.whispers', 'narrator.events', 'presence.events'])
      void fetch(`${testbed.url}/trpc/${path}?input=${input}`, {
        headers: { authorization: `Bearer ${token}` },
        signal: aborting.signal,
      })
        .then((response) => readInto(all, response))
        .catch(() => {})
  }

  /** Sends every query that this caller can send. */
  async function ask(who: string, user: TestUser | null): Promise<void> {
    const all = receivedBy.get(who) ?? []
    const headers = user ? { authorization: `Bearer ${user.session.token}` } : {}
    const inputs = [
      { roomId },
      { roomId, cursor: null },
      { roomId, cursor: before.events },
      { roomId, cursor: before.whispers },
      { roomId, campaignId },
      { roomId, campaignId: closedId },
      { roomId, campaignId, format: 'json' },
      { roomId, campaignId, format: 'markdown', audience: 'player' },
      { roomId, campaignId: adventureId, pageId, format: 'json' },
      { roomId, campaignId: adventureId, pageId, format: 'markdown' },
      { roomId, campaignId, encounterId, creatures: [] },
      { roomId, campaignId, chainId: secretChainId },
      { roomId, campaignId, mapId: mapIds.shown },
      { roomId, campaignId, mapId: mapIds.hidden },
      { roomId, block: { source: 'room', id: 'canary' }, query: 'canary', text: '{}' },
      {},
    ]
    const paths = [
      'auth.config',
      'auth.me',
      'ops.health',
      'rooms.list',
      'rooms.get',
      'rooms.addresses',
      'rooms.audit',
      'narrator.status',
      'screens.list',
      'narrator.recap',
      'narrator.now',
      'push.config',
      'push.devices',
      'market.board',
      'topics.list',
      'arena.sessions',
      ...['list', 'get', 'export', 'history', 'since', 'whispersSince', 'whisperHistory', 'pages', 'page'].map(
        (one) => `campaign.${one}`,
      ),
      ...['list', 'get', 'difficulty'].map((one) => `encounters.${one}`),
      ...['search', 'get', 'export', 'previewImport'].map((one) => `statBlocks.${one}`),
      ...['fog', 'walls'].map((one) => `maps.${one}`),
      ...['chains', 'rolls'].map((one) => `dice.${one}`),
    ]
    for (const path of paths)
      for (const input of inputs) {
        const response = await fetch(`${testbed.url}/trpc/${path}?input=${encodeURIComponent(JSON.stringify(input))}`, {
          headers,
        })
        all.push(await response.text())
      }
    for (const path of ['/health', '/health/ready', '/docs/json', '/topics', '/stats', '/api/sectors', '/'])
      all.push(await (await fetch(testbed.url + path, { headers })).text())
    const metrics = await (await fetch(`${testbed.url}/metrics`, { headers })).text()
    // A measured value may contain a planted number by chance.
    all.push(metrics.replaceAll(/ \S+$/gm, ''))
  }

  /** The seeds of dice that are not shown, and all that is known of secret dice. One seed of these was shown to DMs. */
  async function noteDice(): Promise<void> {
    const request = { roomId, campaignId }
    const secret = async () => (await dm.http.dice.chains.query(request)).chains.find(({ kind }) => kind === 'secret')
    const { revealed } = await dm.http.dice.reveal.mutate({
      ...request,
      key: newKey(),
      chainId: (await secret())?.id ?? '',
    })
    await dm.http.campaign.say.mutate({ roomId, key: newKey(), message: '/gmroll 3d43', nonce: 'CANARY-again' })
    secretChainId = (await secret())?.id ?? ''
    const { chains } = await dm.http.dice.chains.query(request)
    for (const { kind, id, hash } of chains) if (kind === 'secret') for (const one of [id, hash]) secretNames.add(one)
    for (const { seed } of await testbed.store.read(({ dice }) => dice.current(campaignId))) secretNames.add(seed)
    secretNames.add(revealed.seed ?? '')
  }

  /** Writes secrets and undoes them while no client is connected. Later answers must not contain them. */
  async function takeBack(): Promise<void> {
    const other = others.get('player')
    if (!other) throw new Error('there is no player')
    before.events = (await other.http.campaign.since.query({ roomId, cursor: null })).cursor
    before.whispers = (await other.http.campaign.whispersSince.query({ roomId, cursor: null })).cursor
    const undo = () => say('/undo')
    await say('CANARY of what was taken back [[1d20]]')
    await undo()
    await say('/roll 1d20 CANARY of a roll')
    await undo()
    await say('/threat add CANARY of a reveal: with CANARY detail')
    await say('/threat reveal CANARY of a reveal')
    await undo()
    await say('/scene CANARY of a scene')
    await undo()
    const to = other.session.userId
    await dm.http.campaign.whisper.mutate({ roomId, key: newKey(), to, message: 'CANARY of a whisper taken back' })
    await undo()
    for (const shownTo of ['everyone' as const, { members: [to] }]) {
      const id = await addHandout('CANARY of a handout taken back')
      await operatePictures({ type: 'show', id, to: shownTo })
      await noteNames()
      await undo()
      await operatePictures({ type: 'removeHandout', id })
    }
    await say('CANARY of an entry that is edited')
    await change('edit')
    await say('CANARY of an entry that is deleted')
    await change('delete')
    await dm.http.campaign.whisper.mutate({ roomId, key: newKey(), to, message: 'CANARY of a whisper that is edited' })
    await change('edit')
    await dm.http.campaign.whisper.mutate({ roomId, key: newKey(), to, message: 'CANARY of a deleted whisper' })
    await change('delete')
  }

  /** Edits or deletes the newest entry. */
  async function change(how: 'edit' | 'delete'): Promise<void> {
    const { entries } = await dm.http.campaign.get.query({ roomId, campaignId })
    const request = { roomId, key: newKey(), campaignId, entryId: entries.at(-1)?.id ?? '' }
    if (how === 'edit') await dm.http.campaign.editEntry.mutate({ ...request, text: 'Other words.' })
    else await dm.http.campaign.deleteEntry.mutate({ ...request, deleted: true })
  }

  const operatePictures = (operation: PictureOperation) =>
    dm.http.pictures.operate.mutate({ roomId, campaignId, key: newKey(), operation })

  /** The pictures of the sample campaign are for everybody. Every name that the state holds after this is a secret. */
  async function hideSample(): Promise<void> {
    const { state } = await dm.http.campaign.get.query({ roomId, campaignId })
    await operatePictures({ type: 'setScenePicture', picture: null })
    for (const { id } of state.handouts ?? []) await operatePictures({ type: 'removeHandout', id })
    const crop = { x: 0.5, y: 0.5, zoom: 1 }
    for (const { id, portrait } of state.characters)
      if (portrait) await operatePictures({ type: 'setPortrait', characterId: id, pictureId: null, crop })
  }

  async function addHandout(title: string): Promise<string> {
    const operation = { title, text: 'CANARY of its text', alt: 'CANARY of its alt', pictureId: 'canary' }
    return (await operatePictures({ type: 'addHandout', ...operation })).handoutId ?? ''
  }

  /** Remembers all names that the state holds now. */
  async function noteNames(): Promise<void> {
    const { state } = await dm.http.campaign.get.query({ roomId, campaignId })
    for (const [, name = ''] of JSON.stringify(state).matchAll(/"name":"([A-Za-z0-9_-]{22})"/g)) secretNames.add(name)
  }

  /** Pictures and handouts that nobody but the DM sees, and some for Robin alone: held up, taken away and shown again. */
  async function show(): Promise<void> {
    const to = { members: [robin.session.userId] }
    await addHandout('CANARY of a hidden handout')
    const id = await addHandout('CANARY for Robin')
    await operatePictures({ type: 'show', id, to })
    await operatePictures({ type: 'present', id })
    await operatePictures({ type: 'show', id, to: 'nobody' })
    await operatePictures({ type: 'show', id, to })
    await operatePictures({ type: 'editHandout', id, text: 'CANARY for Robin, in other words' })
    const crop = { x: 0.5, y: 0.5, zoom: 1 }
    await operatePictures({ type: 'setPortrait', characterId: 'hidden', pictureId: 'canary', crop })
    await noteNames()
    await say('/undo')
    await say('/redo')
    await noteNames()
  }

  const operateMaps = async (operation: MapOperation) =>
    (await dm.http.maps.operate.mutate({ roomId, campaignId, key: newKey(), operation })).madeIds[0] ?? ''

  /** A map with walls, a door, lights and tokens under fog, with sight on and off, and one that is never shown. */
  async function mapOut(): Promise<void> {
    const line = { a: { x: 4_321, y: 0 }, b: { x: 4_321, y: 5_432 } }
    const walls = writeWalls({
      grid: { kind: 'square', size: 64, offset: { x: 0, y: 0 }, scale: 5, unit: 'ft' },
      isDaylight: true,
      walls: [line, { a: { x: 640, y: 0 }, b: { x: 640, y: 1_024 } }],
      doors: [{ id: 'd4321', ...line, isOpen: true }],
      lights: [{ at: { x: 4_321, y: 100 }, reach: 5_432 }],
    })
    await putPicture(testbed.store, roomId, 'canary-map', dm.session.userId, 1_024, 3)
    await testbed.store.write(({ maps }) => maps.saveWalls(roomId, 'canary-map', walls))
    const picture = { id: 'canary-map' }
    mapIds.hidden = await operateMaps({ type: 'addMap', title: 'CANARY of a hidden map', picture })
    mapIds.shown = await operateMaps({ type: 'addMap', title: 'A mill', picture })
    const token = { x: 900, y: 400, size: 1, visible: true, darkvision: 0 }
    const { state } = await dm.http.campaign.get.query({ roomId, campaignId })
    const hero = state.characters.find(({ kind, visible }) => kind === 'pc' && visible)?.id ?? ''
    for (const mapId of [mapIds.hidden, mapIds.shown]) {
      await operateMaps({ type: 'addTokens', mapId, tokens: [{ ...token, characterId: null, name: 'CANARY in fog' }] })
      const hidden = { ...token, x: 32, y: 32, visible: false, darkvision: 4_321 }
      await operateMaps({ type: 'addTokens', mapId, tokens: [{ ...hidden, characterId: 'hidden', name: '' }] })
      const shape = { kind: 'circle' as const, centre: { x: 4_321, y: 0 }, radius: 9 }
      await operateMaps({ type: 'placeArea', mapId, shape, visible: false })
    }
    await operateMaps({ type: 'showMap', id: mapIds.shown })
    const stroke = { kind: 'rectangle' as const, from: { x: 0, y: 0 }, to: { x: 320, y: 320 } }
    await operateMaps({ type: 'changeFog', mapId: mapIds.shown, stroke, reveals: true })
    await operateMaps({ type: 'setDoor', mapId: mapIds.shown, doorId: 'd4321', isOpen: false })
    const placed = { ...token, x: 96, y: 96, characterId: hero, name: '' }
    const own = await operateMaps({ type: 'addTokens', mapId: mapIds.shown, tokens: [placed] })
    await operateMaps({ type: 'moveToken', id: own, way: [{ x: 160, y: 96 }] })
    await say('/undo')
    await say('/redo')
    await operateMaps({
      type: 'editMap',
      id: mapIds.shown,
      sight: { isOn: false, isDaylight: true, farthest: 300 },
    })
    await operateMaps({ type: 'changeFog', mapId: mapIds.shown, stroke, reveals: false })
  }

  /** A fight with a creature behind an alias, one that nobody sees, and secrets in every field of a fighter. */
  async function fight(): Promise<void> {
    const request = () => ({ roomId, campaignId, key: newKey() })
    const block = { ...wolf, id: 'canary', name: 'CANARY of a block', traits: [{ name: 'CANARY', text: 'CANARY' }] }
    await dm.http.statBlocks.put.mutate({ roomId, key: newKey(), blocks: [{ ...block, hp: 4_321 }] })
    const creature = { name: 'CANARY of a creature', count: 1, block: { source: 'room' as const, id: 'canary' } }
    const plan = {
      notes: 'CANARY of notes',
      creatures: [
        { ...creature, alias: 'Hooded figure', hitPoints: 'average' as const },
        { ...creature, isHidden: true, count: 3 },
      ],
    }
    const { id } = await dm.http.encounters.save.mutate({ ...request(), name: 'CANARY of an encounter', plan })
    encounterId = id
    await dm.http.encounters.start.mutate({ ...request(), encounterId: id, joining: [], roll: 'everybody' })
    const { state } = await dm.http.campaign.get.query({ roomId, campaignId })
    const masked = state.characters.find(({ alias }) => alias)?.id ?? ''
    const operate = (operation: Operation) => dm.http.campaign.operate.mutate({ ...request(), operation })
    await edit({
      characters: {
        upsert: [
          {
            id: masked,
            group: 'CANARY-group',
            xp: 4_321,
            dmNotes: 'CANARY of a fighter',
            durations: [{ condition: 'CANARY', until: { kind: 'save', ability: 'con', dc: 21 } }],
            uses: [{ key: 'canary', name: 'CANARY of a use', left: 1, most: 1, back: { kind: 'turn' } }],
          },
        ],
      },
    })
    await operate({ type: 'advanceTurn', ends: { fighter: null, round: 0 }, direction: 'next' })
    await operate({ type: 'damage', targets: [{ id: masked, take: 'all' }], amount: '1d6', critical: false })
    await operate({ type: 'addCondition', targets: [masked], condition: 'prone' })
    await operate({ type: 'setTemp', targets: [masked], amount: 4_321 })
    await operate({ type: 'save', targets: [masked], ability: 'dex', dc: 12, concentration: false })
    await operate({ type: 'use', id: masked, key: 'canary', count: 1 })
    await operate({ type: 'defeat', targets: [masked] })
    await say('/hp CANARY of a creature 1 -3').catch(() => null)
    await dm.http.campaign.undo.mutate(request())
    await dm.http.campaign.redo.mutate(request())
  }

  beforeAll(async () => {
    testbed = await openTestbed({ COMPAT_AUTH: 'token', SIGNALS_DEMO: 'true' })
    dm = await testbed.join('DM', 'owner')
    robin = await testbed.join('Robin', 'player')
    others.set('player', await testbed.join('Other', 'player'))
    others.set('spectator', await testbed.join('Watcher', 'spectator'))
    others.set('stranger', await testbed.signIn('Stranger'))
    others.set('anonymous', null)
    const link = { roomId, key: newKey(), kind: 'tv' as const, name: 'CANARY of a link' }
    screenToken = (await dm.http.screens.create.mutate(link)).token
    others.set('screen', null)
    const { keys } = aBrowser()
    const subscription = { endpoint: 'https://fcm.googleapis.com/fcm/send/CANARY', keys }
    const device = { key: newKey(), subscription, name: 'CANARY of a phone', turn: true, opens: true }
    await dm.http.push.subscribe.mutate(device)
    const { campaigns } = await dm.http.campaign.list.query({ roomId })
    campaignId = campaigns.find(({ active }) => active)?.id ?? ''
    await hideSample()
    await putPicture(testbed.store, roomId, 'canary', dm.session.userId, 4_321)
    const deleted = await dm.http.campaign.create.mutate({
      roomId,
      key: newKey(),
      name: 'CANARY of a deleted campaign',
    })
    await dm.http.campaign.delete.mutate({ roomId, key: newKey(), campaignId: deleted.id })
    const closed = await dm.http.campaign.create.mutate({ roomId, key: newKey(), name: 'CANARY of a closed campaign' })
    closedId = closed.id
    await takeBack()
    for (const [who, user] of others) listen(who, user)
    await until(() =>
      ['player', 'spectator', 'screen'].every((who) => receivedBy.get(who)?.join().includes('campaign_active')),
    )

    await say('/secret CANARY of a secret [[1d20]]')
    const nonce = 'CANARY-of-a-nonce'
    await dm.http.campaign.say.mutate({ roomId, key: newKey(), message: '/gmroll 3d43', nonce })
    await dm.http.campaign.say.mutate({ roomId, key: newKey(), message: '/roll 1d20' })
    await say('/note CANARY of a note')
    await say('/threat add CANARY of a threat: with CANARY detail')
    await say('/beat add CANARY of a beat')
    await edit({
      characters: {
        upsert: [
          {
            id: 'hidden',
            name: 'CANARY of a character',
            kind: 'monster',
            hp: { current: 4_321, max: 4_321, temp: 0 },
            hpVisible: true,
            armourClass: 1,
            conditions: ['CANARY'],
            initiative: 3,
            ownerId: null,
            visible: false,
            dmNotes: 'CANARY',
          },
        ],
      },
      environment: { upsert: [{ id: 'fog', text: 'CANARY of an environment', visible: false }] },
    })
    await say('/turn CANARY of a character').catch(() => null)
    await fight()
    await show()
    await mapOut()
    await dm.http.campaign.whisper.mutate({
      roomId,
      key: newKey(),
      to: robin.session.userId,
      message: 'CANARY of a whisper',
    })
    await robin.http.campaign.whisper.mutate({ roomId, key: newKey(), message: 'CANARY of an answer [[1d20]]' })
    // A ban writes the banned guest's name to the room's audit trail.
    const banned = await testbed.signIn('CANARY of the banned')
    const code = dm.details.invites.find(({ role }) => role === 'player')?.code ?? ''
    await banned.http.rooms.join.mutate({ key: newKey(), code })
    await dm.http.rooms.ban.mutate({ roomId, key: newKey(), userId: banned.session.userId })
    await dm.http.campaign.export.query({ roomId, campaignId: closedId, format: 'json' })
    await say('/undo')
    await say('/redo')
    const { id, report } = await dm.http.campaign.importScenario.mutate({
      roomId,
      key: newKey(),
      markdown: `# An adventure\n\n## Scene\n\nA gate. %%CANARY of a comment%%\n\n## CANARY of a heading\n\nCANARY of a page.\n\n${'CANARY of much. '.repeat(2_000)}`,
    })
    adventureId = id
    expect(report.counts.pages).toBe(3)
    pageId = (await dm.http.campaign.pages.query({ roomId, campaignId: id })).pages[2]?.id ?? ''
    // Players see its first scene. Its other pages stay with the DM.
    await dm.http.campaign.activate.mutate({ roomId, key: newKey(), campaignId: id })
    await until(() => ['player', 'spectator'].every((who) => receivedBy.get(who)?.join().includes('A gate.')))
    await say('The gate opens.')
    await dm.http.campaign.activate.mutate({ roomId, key: newKey(), campaignId })
    await say('All is told.')
    await until(() =>
      ['player', 'spectator', 'screen'].every((who) => receivedBy.get(who)?.join().includes('All is told.')),
    )
    await noteDice()
    // The ban, and the campaign that opened again, gave new ones. Players have those of tiles.
    await noteNames()
    const { tiles } = (await dm.http.campaign.get.query({ roomId, campaignId })).state
    for (const { name } of tiles ?? []) secretNames.delete(name)
    for (const [who, user] of others) await ask(who, user)
    // Clients that connect later get a snapshot.
    const snapshots = (who: string) => receivedBy.get(who)?.join().split('campaign_active').length ?? 0
    const before = snapshots('player')
    for (const [who, user] of others) listen(who, user)
    await until(() => snapshots('player') >= before + 3 && snapshots('spectator') >= before + 3)
  }, 120_000)
  afterAll(async () => {
    aborting.abort()
    for (const socket of sockets) socket.terminate()
    await testbed[Symbol.asyncDispose]()
  })

  it('reaches the DM, and a whisper reaches its player, so this test would see a leak', async () => {
    const { state, entries } = await dm.http.campaign.get.query({ roomId, campaignId })
    expect(JSON.stringify(state)).toMatch(CANARY)
    expect(JSON.stringify(entries)).toContain('CANARY of an answer')
    for (const secret of ['of a block', 'of an encounter', 'of a creature', 'of a use'])
      expect(
        JSON.stringify([
          state,
          await dm.http.encounters.list.query({ roomId, campaignId }),
          await dm.http.statBlocks.search.query({ roomId, query: 'canary' }),
        ]),
      ).toContain(`CANARY ${secret}`)
    expect(receivedBy.get('player')?.join()).toContain('Hooded figure')
    expect(receivedBy.get('player')?.join()).toContain('A mill')
    const request = { roomId, campaignId, mapId: mapIds.shown }
    expect(JSON.stringify(await dm.http.maps.walls.query(request))).toContain('4321')
    for (const secret of ['CANARY of a hidden map', 'CANARY in fog', '"x":4321'])
      expect(JSON.stringify(state)).toContain(secret)
    const { events } = await robin.http.campaign.whispersSince.query({ roomId, cursor: null })
    expect(JSON.stringify(events)).toContain('CANARY for Robin, in other words')
    expect(secretNames.size).toBeGreaterThan(11)
    const secretRolls = await dm.http.dice.rolls.query({ roomId, campaignId, chainId: secretChainId })
    expect(JSON.stringify(secretRolls)).toContain('CANARY-again')
    expect(receivedBy.get('player')?.join()).toMatch(/"kind":"open","hash":"[0-9a-f]{64}","seed":null/)
    expect([...secretNames].some((name) => JSON.stringify(state).includes(name))).toBe(true)
    const page = await dm.http.campaign.page.query({ roomId, campaignId: adventureId, pageId })
    expect([page.title, page.text]).toEqual([expect.stringMatching(CANARY), expect.stringMatching(CANARY)])
    const mine = await robin.http.campaign.whisperHistory.query({ roomId, campaignId })
    expect(mine.entries.map(({ text }) => text)).toEqual([
      'CANARY of a whisper',
      expect.stringContaining('CANARY of an answer'),
    ])
  })

  it('reaches a screen as the words that players see, so this test would see a leak there', () => {
    expect(receivedBy.get('screen')?.join()).toContain('All is told.')
    expect(receivedBy.get('screen')?.join()).toContain('Hooded figure')
  })

  for (const who of ['player', 'spectator', 'stranger', 'anonymous', 'screen'])
    it(`is in no byte that the ${who} caller receives`, () => {
      const all = receivedBy.get(who) ?? []
      expect(all.length).toBeGreaterThan(20)
      // The banned guest's name is no secret: the whole table saw that guest join.
      const received = all.map((text) => text.replaceAll('CANARY of the banned', '').replaceAll(HASH, 'a hash'))
      expect(received.filter((text) => CANARY.test(text))).toEqual([])
      expect(received.filter((text) => text.includes('4321'))).toEqual([])
      for (const name of secretNames) expect(all.filter((text) => text.includes(name))).toEqual([])
    })
})

async function readInto(all: string[], { body }: Response): Promise<void> {
  for await (const part of body?.pipeThrough(new TextDecoderStream()) ?? []) all.push(part)
}
