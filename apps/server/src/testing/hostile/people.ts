// The attackers: a stranger, a guest with their own room, and a player and a co-DM of the attacked room.
import type { TRPCClient } from '@trpc/client'
import type { AppRouter } from '../../index.ts'
import { httpClient } from '../testbed.ts'
import type { Known } from './inputs.ts'

const attackers = ['stranger', 'guest', 'player', 'dm'] as const
export type Attacker = (typeof attackers)[number]

const newKey = () => crypto.randomUUID()
const SAMPLE_ROOM = 'main'
/** The campaign of the room `own`. */
const SCENARIO = `# Below the mill

## Scene

Water drips.

## Characters

- Mira (pc): HP 21/28, AC 15
- Old Marrow (monster): HP 40

## Threats

- The flood: it rises

## Beats

- The door is found
`

/** `sample` is the room that pages open by default. `own` is a new room without other members. */
export type Room = 'sample' | 'own'

type Person = { token: string; userId: string; client: TRPCClient<AppRouter> }

/** The members of the attacked room, and the ids that they know. */
export class People {
  readonly #url: string
  /** Of the attacked room. */
  readonly roomId: string
  readonly #host: Person
  readonly #users: Record<Exclude<Attacker, 'stranger'>, Person>
  readonly #guestRoom: string
  readonly #guestCampaign: string
  /** The campaign that was active at the start. */
  readonly #campaignId: string
  #known: Known = {}

  private constructor(
    url: string,
    host: Person,
    users: Record<Exclude<Attacker, 'stranger'>, Person>,
    own: { roomId: string; guestRoom: string; guestCampaign: string; campaignId: string },
  ) {
    this.#url = url
    this.roomId = own.roomId
    this.#host = host
    this.#users = users
    this.#guestRoom = own.guestRoom
    this.#guestCampaign = own.guestCampaign
    this.#campaignId = own.campaignId
  }

  static async open(url: string, room: Room): Promise<People> {
    const signIn = async (name: string, code?: string | null): Promise<Person> => {
      const { token, userId } = await httpClient(url).auth.guest.mutate({ name })
      const client = httpClient(url, token)
      if (code !== undefined) await client.rooms.join.mutate({ key: newKey(), code: code ?? '' })
      return { token, userId, client }
    }
    const { sample } = await httpClient(url).auth.config.query()
    const host = await signIn('Host', room === 'sample' ? sample?.dmCode : undefined)
    const invited = room === 'sample' ? null : await hosted(host)
    const users = {
      guest: await signIn('Gus'),
      player: await signIn('Pia', invited?.playerCode ?? sample?.playerCode),
      dm: await signIn('Dee', invited?.dmCode ?? sample?.dmCode),
    }
    const roomId = invited?.roomId ?? SAMPLE_ROOM
    const { client } = users.guest
    const { room: guestRoom } = await client.rooms.create.mutate({ key: newKey(), name: 'Their own' })
    const made = await client.campaign.create.mutate({ roomId: guestRoom.id, key: newKey(), name: 'Their own' })
    await client.campaign.activate.mutate({ roomId: guestRoom.id, key: newKey(), campaignId: made.id })
    const { campaigns } = await host.client.campaign.list.query({ roomId })
    const campaignId = campaigns.find(({ active }) => active)?.id ?? ''
    const people = new People(url, host, users, {
      roomId,
      guestRoom: guestRoom.id,
      guestCampaign: made.id,
      campaignId,
    })
    await people.restore()
    return people
  }

  tokenOf(who: Attacker): string | null {
    return who === 'stranger' ? null : this.#users[who].token
  }

  /** The ids that an input may name, so that it gets past the first check. */
  knownTo(who: Attacker): Known {
    const isOutside = who === 'guest' || who === 'stranger'
    return {
      ...this.#known,
      roomId: [isOutside ? this.#guestRoom : this.roomId],
      campaignId: [isOutside ? this.#guestCampaign : this.#campaignId],
      // Attacks may only remove the player who attacks, never a member who watches.
      userId: [this.#users.player.userId, 'nobody'],
      to: [this.#users.player.userId],
      token: [this.tokenOf(who) ?? 'none'],
    }
  }

  /** Lets removed attackers join again, unlocks the room and activates the campaign that members look at. */
  async restore(): Promise<void> {
    const { client: host } = this.#host
    const roomId = this.roomId
    await host.rooms.setLocked.mutate({ roomId, key: newKey(), locked: false })
    for (const role of ['player', 'dm'] as const) {
      const { userId, client } = this.#users[role]
      const { bans, members } = await host.rooms.get.query({ roomId })
      if (bans.some((ban) => ban.userId === userId)) await host.rooms.unban.mutate({ roomId, key: newKey(), userId })
      if (members.some((member) => member.userId === userId && member.role === role)) continue
      const { invites } = await host.rooms.rotateInvite.mutate({ roomId, key: newKey(), role })
      const code = invites.find((invite) => invite.role === role)?.code ?? ''
      await client.rooms.join.mutate({ key: newKey(), code })
    }
    const { campaigns } = await host.campaign.list.query({ roomId })
    const mine = campaigns.find(({ id }) => id === this.#campaignId)
    const campaign = { roomId, campaignId: this.#campaignId }
    if (mine?.archived) await host.campaign.archive.mutate({ ...campaign, key: newKey(), archived: false })
    if (!mine?.active) await host.campaign.activate.mutate({ ...campaign, key: newKey() })
    const { state, entries } = await host.campaign.get.query(campaign)
    const board = await httpClient(this.#url).market.board.query()
    this.#known = {
      characterId: state.characters.map(({ id }) => id).slice(0, 5),
      entryId: entries.map(({ id }) => id).slice(-5),
      before: entries.map(({ id }) => id).slice(-1),
      discussionId: board.discussions.map(({ id }) => id).slice(0, 3),
      sectorId: board.sectors.map(({ id }) => id).slice(0, 3),
      sessionId: ['a-game'],
      session_id: ['a-game'],
      feed: ['levels'],
      topic: ['a-topic'],
      campaign_id: [this.#campaignId],
      room: [this.roomId],
    }
  }

  /** Creates the game and the topic that every caller may write to. */
  async prepare(): Promise<void> {
    const { client } = this.#users.guest
    await client.arena.start.mutate({ key: newKey(), sessionId: 'a-game' }).catch(() => null)
    await client.topics.create.mutate({ key: newKey(), topic: 'a-topic' }).catch(() => null)
  }
}

/** A new room of the host with an active campaign. */
async function hosted({ client }: Person) {
  const { room, invites } = await client.rooms.create.mutate({ key: newKey(), name: 'Attacked' })
  const roomId = room.id
  const { id } = await client.campaign.importScenario.mutate({ roomId, key: newKey(), markdown: SCENARIO })
  await client.campaign.activate.mutate({ roomId, key: newKey(), campaignId: id })
  for (const message of ['The bell tolls.', 'Something answers.'])
    await client.campaign.say.mutate({ roomId, key: newKey(), message })
  const codeOf = (wanted: string) => invites.find(({ role }) => role === wanted)?.code ?? ''
  return { roomId, playerCode: codeOf('player'), dmCode: codeOf('dm') }
}
