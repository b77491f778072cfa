import type { WhisperEvent } from '@tablecast/contracts'
import { expect, it } from 'vitest'
import type { StreamAnswer } from './reading.ts'
import { newKey, roomId } from './testing/room.ts'
import { dm, openTable } from './testing/sample-table.ts'

async function openWithWhispers() {
  const table = await openTable()
  await table.begin()
  await table.store.write(async ({ rooms }) => {
    for (const userId of ['ann', 'bob', 'cid'])
      await rooms.putMember(roomId, { userId, name: userId, role: 'player', joinedAt: '' })
  })
  const whisper = (to: string, message: string) =>
    table.orchestrator.whisper({ roomId, caller: dm, input: null, key: newKey(), to, message })
  await whisper('ann', 'For Ann alone.')
  await whisper('bob', 'For Bob alone.')
  await whisper('bob', 'For Bob again.')
  const read = (memberId: string, position: { epoch: string; seq: number } | null = null) =>
    table.orchestrator.eventsAfter(roomId, { memberId }, position)
  return { ...table, whisper, read }
}

const textsOf = (answer: StreamAnswer): string[] => {
  const texts = answer.kind === 'snapshot' ? [answer.text] : answer.events.map(({ text }) => text)
  return texts.flatMap((text) => (JSON.parse(text) as WhisperEvent).entries.map((entry) => entry.text))
}

it('members who ask at the same moment each get their own whispers, in one transaction', async () => {
  await using table = await openWithWhispers()
  const members = ['ann', 'bob', 'cid', 'nobody']
  // Makes the streams that do not exist yet.
  for (const member of members) await table.orchestrator.openStream(roomId, { memberId: member })
  let reads = 0
  const { read } = table.store
  table.store.read = (work, options) => {
    reads += 1
    return read.call(table.store, work, options) as ReturnType<typeof work>
  }
  const answers = await Promise.all(members.map((member) => table.read(member)))
  expect(answers.map(textsOf)).toEqual([['For Ann alone.'], ['For Bob alone.', 'For Bob again.'], [], []])
  expect(answers.map((answer) => answer.kind === 'snapshot' && answer.seq)).toEqual([1, 2, 0, 0])
  expect(reads).toBe(1)
})

it('members who return with a position at the same moment get the events after it, or a snapshot', async () => {
  await using table = await openWithWhispers()
  const { epoch } = await table.orchestrator.openStream(roomId, { memberId: 'bob' })
  const answers = await Promise.all([
    table.read('bob', { epoch, seq: 1 }),
    table.read('bob', { epoch, seq: 2 }),
    table.read('bob', { epoch, seq: 3 }),
    table.read('bob', { epoch: 'another', seq: 1 }),
    table.read('ann', { epoch, seq: 1 }),
  ])
  expect(answers.map(({ kind }) => kind)).toEqual(['events', 'events', 'snapshot', 'snapshot', 'snapshot'])
  expect(answers.map(textsOf)).toEqual([
    ['For Bob again.'],
    [],
    ['For Bob alone.', 'For Bob again.'],
    ['For Bob alone.', 'For Bob again.'],
    ['For Ann alone.'],
  ])
})
