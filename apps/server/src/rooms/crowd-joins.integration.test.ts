// The statements that a crowd costs the database. Each watcher takes the same way as a page that was opened by an invite.
import { StatementSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import { newKey, openTestbed, until } from '../testing/testbed.ts'

const PEOPLE = 100
/** Some are shared by those who come at the same moment. Measured: 13; 25 before they were shared. */
const MOST_STATEMENTS = 18
const roomId = 'main'

/** The statements of this process, which uses no other database. Those that begin and end transactions are left out. */
function countStatements() {
  const counts = { statements: 0 }
  const counting = <F extends (...parameters: never[]) => unknown>(method: F): F =>
    new Proxy(method, {
      apply(target, statement: StatementSync, parameters: unknown[]): unknown {
        if (!/^(begin|commit|savepoint|release)/.test(statement.sourceSQL)) counts.statements += 1
        return Reflect.apply(target, statement, parameters)
      },
    })
  const { all, run } = StatementSync.prototype
  Object.assign(StatementSync.prototype, { all: counting(all), run: counting(run) })
  return { counts, [Symbol.dispose]: () => void Object.assign(StatementSync.prototype, { all, run }) }
}

it('a watcher of a crowd comes in, and follows the room, with 18 statements at most', async () => {
  await using testbed = await openTestbed()
  const dm = await testbed.join('DM', 'owner')
  const { invites } = await dm.http.rooms.get.query({ roomId })
  const code = invites.find(({ role }) => role === 'spectator')?.code ?? ''
  using counted = countStatements()
  const guests = await Promise.all(Array.from({ length: PEOPLE }, (_, n) => testbed.signIn(`Watcher ${n}`)))
  await Promise.all(guests.map((guest) => guest.http.rooms.join.mutate({ key: newKey(), code })))
  const clients = await Promise.all(guests.map((guest) => guest.socket()))
  let snapshots = 0
  const onData = () => void (snapshots += 1)
  for (const { trpc } of clients) {
    trpc.campaign.events.subscribe({ roomId, lastEventId: null }, { onData })
    trpc.campaign.whispers.subscribe({ roomId, lastEventId: null }, { onData })
  }
  await until(() => snapshots >= 2 * PEOPLE)
  expect(counted.counts.statements / PEOPLE).toBeLessThanOrEqual(MOST_STATEMENTS)
  for (const client of clients) await client[Symbol.asyncDispose]()
})
