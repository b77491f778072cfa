// Who attacks: a stranger, a guest with a room of their own, a player and a co-DM of the room where the others sit.
import type { TRPCClient } from '@trpc/client'
import type { AppRouter } from '../../index.ts'
import { httpClient } from '../testbed.ts'
import type { Known } from './inputs.ts'

const attackers = ['stranger', 'guest', 'player', 'dm'] as const
export type Attacker = (typeof attackers)[number]

const newKey = () => crypto.randomUUID()
const SAMPLE_ROOM = 'main'
/** Where they have a room of their own, what is played there. */
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

/** `sample`: the room that the pages open by themselves. `own`: nobody else sits there. */
export type Room = 'sample' | 'own'

type Seat = { token: string; userId: string; client: TRPCClient<AppRouter> }

/** The people of a room, and what they may know of it. */
export class People {
  readonly #url: string
  readonly #roomId: string
  readonly #host: Seat
  readonly #seats: Record<Exclude<Attacker, 'stranger'>, Seat>
  readonly #guestRoom: string
  readonly #guestCampaign: string
  /** The one that was active when they came. */
  readonly #campaignId: string
  #known: Known = {}

  private constructor(
    url: string,
    host: Seat,
    seats: Record<Exclude<Attacker, 'stranger'>, Seat>,
    own: { roomId: string; guestRoom: string; guestCampaign: string; campaignId: string },
  ) {
    this.#url = url
    this.#roomId = own.roomId
    this.#host = host
    this.#seats = seats
    this.#guestRoom = own.guestRoom
    this.#guestCampaign = own.guestCampaign
    this.#campaignId = own.campaignId
  }

  static async sit(url: string, room: Room): Promise<People> {
    const seat = async (name: string, code?: string | null): Promise<Seat> => {
      const { token, userId } = await httpClient(url).auth.guest.mutate({ name })
      const client = httpClient(url, token)
      if (code !== undefined) await client.rooms.join.mutate({ key: newKey(), code: code ?? '' })
      return { token, userId, client }
    }
    const { sample } = await httpClient(url).auth.config.query()
    const host = await seat('Host', room === 'sample' ? sample?.dmCode : undefined)
    const invited = room === 'sample' ? null : await hosted(host)
    const seats = {
      guest: await seat('Gus'),
      player: await seat('Pia', invited?.playerCode ?? sample?.playerCode),
      dm: await seat('Dee', invited?.dmCode ?? sample?.dmCode),
    }
    const roomId = invited?.roomId ?? SAMPLE_ROOM
    const { client } = seats.guest
    const { room: guestRoom } = await client.rooms.create.mutate({ key: newKey(), name: 'Their own' })
    const made = await client.campaign.create.mutate({ roomId: guestRoom.id, key: newKey(), name: 'Their own' })
    await client.campaign.activate.mutate({ roomId: guestRoom.id, key: newKey(), campaignId: made.id })
    const { campaigns } = await host.client.campaign.list.query({ roomId })
    const campaignId = campaigns.find(({ active }) => active)?.id ?? ''
    const people = new People(url, host, seats, {
      roomId,
      guestRoom: guestRoom.id,
      guestCampaign: made.id,
      campaignId,
    })
    await people.comeBack()
    return people
  }

  tokenOf(who: Attacker): string | null {
    return who === 'stranger' ? null : this.#seats[who].token
  }

  /** What an input may name, so that it comes further than the first check. */
  knownTo(who: Attacker): Known {
    const isOutside = who === 'guest' || who === 'stranger'
    return {
      ...this.#known,
      roomId: [isOutside ? this.#guestRoom : this.#roomId],
      campaignId: [isOutside ? this.#guestCampaign : this.#campaignId],
      // Nobody puts out whoever watches.
      userId: [this.#seats.player.userId, 'nobody'],
      to: [this.#seats.player.userId],
      token: [this.tokenOf(who) ?? 'none'],
    }
  }

  /** Whoever was put out sits again, the room is open, and the campaign is the one that everybody looks at. */
  async comeBack(): Promise<void> {
    const { client: host } = this.#host
    const roomId = this.#roomId
    await host.rooms.setLocked.mutate({ roomId, key: newKey(), locked: false })
    for (const role of ['player', 'dm'] as const) {
      const { userId, client } = this.#seats[role]
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
      room: [this.#roomId],
    }
  }

  /** What everybody may write to. */
  async prepare(): Promise<void> {
    const { client } = this.#seats.guest
    await client.arena.start.mutate({ key: newKey(), sessionId: 'a-game' }).catch(() => null)
    await client.topics.create.mutate({ key: newKey(), topic: 'a-topic' }).catch(() => null)
  }
}

/** A room of the host's own, in play. */
async function hosted({ client }: Seat) {
  const { room, invites } = await client.rooms.create.mutate({ key: newKey(), name: 'Attacked' })
  const roomId = room.id
  const { id } = await client.campaign.importScenario.mutate({ roomId, key: newKey(), markdown: SCENARIO })
  await client.campaign.activate.mutate({ roomId, key: newKey(), campaignId: id })
  for (const message of ['The bell tolls.', 'Something answers.'])
    await client.campaign.say.mutate({ roomId, key: newKey(), message })
  const codeOf = (wanted: string) => invites.find(({ role }) => role === wanted)?.code ?? ''
  return { roomId, playerCode: codeOf('player'), dmCode: codeOf('dm') }
}
