// A person who takes a new name has it in all their rooms.
import { emptyRoster, foldPresence, type LiveRoster } from '@tablecast/contracts'
import { describe, expect, it } from 'vitest'
import { openIssuer } from '../testing/issuer.ts'
import { newKey, openTestbed, until } from '../testing/testbed.ts'

const roomId = 'main'

describe('a person who takes a new name', () => {
  it('keeps the user id, and has the name in the list of members, in the next entries and in the trail', async () => {
    await using testbed = await openTestbed()
    const owner = await testbed.join('Dee', 'owner')
    const guest = await testbed.join('Rob', 'player')
    const renamed = await guest.http.auth.rename.mutate({ name: 'Robin' })
    expect(renamed).toMatchObject({ userId: guest.session.userId, name: 'Robin' })
    const http = testbed.withToken(renamed.token ?? '').http
    expect(await http.auth.me.query()).toMatchObject({ userId: guest.session.userId, name: 'Robin' })
    await http.campaign.say.mutate({ roomId, key: newKey(), message: 'I am here.' })

    const { members } = await owner.http.rooms.get.query({ roomId })
    expect(members.map(({ name }) => name)).toEqual(['Dee', 'Robin'])
    const { campaigns } = await owner.http.campaign.list.query({ roomId })
    const campaignId = campaigns.find(({ active }) => active)?.id ?? ''
    const { entries } = await owner.http.campaign.get.query({ roomId, campaignId })
    expect(entries.at(-1)?.author.name).toBe('Robin')
    const { events } = await owner.http.rooms.audit.query({ roomId })
    expect(events[0]).toMatchObject({ kind: 'renamed', actorName: 'Robin', detail: { name: 'Rob' } })
  })

  it('has it in the roster of everyone, over a socket and while polling', async () => {
    await using testbed = await openTestbed()
    const owner = await testbed.join('Dee', 'owner')
    const [onSocket, polling] = [await testbed.join('Sue', 'player'), await testbed.join('Pol', 'player')]
    await using socket = await owner.socket()
    let roster: LiveRoster = emptyRoster
    socket.trpc.presence.events.subscribe(
      { roomId, lastEventId: null },
      { onData: (event) => (roster = foldPresence(roster, event)) },
    )
    const follow = async () => {
      const opened = await onSocket.socket()
      const { promise, resolve } = Promise.withResolvers<void>()
      opened.trpc.presence.events.subscribe(
        { roomId, lastEventId: null },
        { onComplete: resolve, onError: () => resolve() },
      )
      return { ended: promise, [Symbol.asyncDispose]: () => opened.close() }
    }
    const names = () => roster.people.flatMap(({ online, name }) => (online ? [name] : [])).toSorted()
    await using first = await follow()
    const poll = () => polling.http.presence.since.query({ roomId, cursor: null })
    await poll()
    await until(() => names().join() === 'Dee,Pol,Sue')

    await onSocket.http.auth.rename.mutate({ name: 'Susan' })
    await polling.http.auth.rename.mutate({ name: 'Paula' })
    await first.ended
    await using _again = await follow()
    await until(async () => {
      await poll()
      return names().join() === 'Dee,Paula,Susan'
    })
  })

  it('gets a number for a name that looks like the DM’s, and changes nothing with the name that they have', async () => {
    await using testbed = await openTestbed()
    const owner = await testbed.join('Dee', 'owner')
    const guest = await testbed.join('Rob', 'player')
    await guest.http.auth.rename.mutate({ name: 'DEE' })
    await guest.http.auth.rename.mutate({ name: 'DEE' })
    expect((await owner.http.rooms.get.query({ roomId })).members[1]?.name).toBe('DEE (2)')
    const { events } = await owner.http.rooms.audit.query({ roomId })
    expect(events.filter(({ kind }) => kind === 'renamed')).toHaveLength(1)
  })

  it('keeps it over the next sign-in with the account', async () => {
    await using issuer = await openIssuer()
    await using testbed = await openTestbed(issuer.environment)
    const signIn = async () => {
      const { http } = testbed.withToken(await issuer.sign({ sub: 'auth0|robin' }))
      return { http, me: await http.auth.account.mutate({ name: 'robin@example.org' }) }
    }
    const { http, me } = await signIn()
    expect(me.name).toBe('robin@example.org')
    expect(await http.auth.rename.mutate({ name: 'Robin' })).toMatchObject({
      userId: me.userId,
      name: 'Robin',
      token: null,
    })
    expect((await signIn()).me).toMatchObject({ userId: me.userId, name: 'Robin' })
  })
})
