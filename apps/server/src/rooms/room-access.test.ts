// Removals end streams before the next event, and a crowd that joins makes no node read the members again and again.
import { MemoryBus } from '@tablecast/bus'
import type { Role, TablecastError } from '@tablecast/contracts'
import { expect, it } from 'vitest'
import { NodeChannel } from '../cluster/node-channel.ts'
import { RoomAccess } from './room-access.ts'

const roomId = 'main'

function open() {
  const roles = new Map<string, Role>([['ann', 'player']])
  const room = { access: 1, reads: 0, beforeAnswer: () => {} }
  const access = new RoomAccess({
    others: new NodeChannel({ bus: new MemoryBus(), failed() {} }),
    members: () => {
      room.reads += 1
      const answer = { access: room.access, roles: new Map(roles) }
      room.beforeAnswer()
      return Promise.resolve(answer)
    },
  })
  const ended: (string | null)[] = []
  const listen = (userId: string) =>
    access.addListener(roomId, {
      userId,
      audience: 'player',
      end: (reason: TablecastError | null) => void ended.push(`${userId} ${reason?.code ?? 'again'}`),
    })
  const join = (userId: string) => {
    roles.set(userId, 'spectator')
    room.access += 1
    access.tell({ roomId, userId, role: 'spectator', access: room.access, joined: true })
  }
  /** As on a node that does not hear of it. */
  const removeUnheard = (userId: string) => {
    roles.delete(userId)
    room.access += 1
  }
  return { access, room, ended, listen, join, removeUnheard }
}

it('a crowd that joins makes the node read the members once, however many events go out meanwhile', async () => {
  const { access, room, ended, listen, join } = open()
  listen('ann')
  for (let n = 0; n < 500; n++) {
    join(`watcher-${n}`)
    listen(`watcher-${n}`)
    await access.catchUp(roomId, room.access)
  }
  expect(room.reads).toBe(1)
  expect(ended).toEqual([])
})

it('people who join while the members are read cause no further read', async () => {
  const { access, room, listen, join } = open()
  listen('ann')
  room.beforeAnswer = () => {
    join('bob')
    join('cid')
  }
  await access.catchUp(roomId, 1)
  room.beforeAnswer = () => {}
  expect(access.catchUp(roomId, room.access)).toBeNull()
  expect(room.reads).toBe(1)
})

it('a removal among joins, of which the node did not hear, ends the stream before the next event', async () => {
  const { access, room, ended, listen, join, removeUnheard } = open()
  listen('ann')
  await access.catchUp(roomId, room.access)
  join('bob')
  removeUnheard('ann')
  join('cid')
  await access.catchUp(roomId, room.access)
  expect(ended).toEqual(['ann NOT_A_MEMBER'])
  expect(room.reads).toBe(2)
  expect(access.catchUp(roomId, room.access)).toBeNull()
})

it('calls that only memory holds are confirmed after a removal, and not after joins', async () => {
  const { access, room, join } = open()
  let confirmed = 0
  const act = (version: number) =>
    access.act(
      { roomId, access: version },
      () => {
        confirmed += 1
        return Promise.resolve({ access: room.access })
      },
      () => 'done',
    )
  join('bob')
  expect([await act(1), confirmed]).toEqual(['done', 0])
  room.access += 1
  access.tell({ roomId, userId: 'bob', role: null, access: room.access })
  expect([await act(1), confirmed]).toEqual(['done', 1])
})
