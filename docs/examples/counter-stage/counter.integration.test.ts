import { once } from 'node:events'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { openTestbed, until } from '../../testing/testbed.ts'

test('a stage is served over tRPC, REST and a plain socket, and operators see its metric and its probe', async () => {
  await using testbed = await openTestbed()
  const person = await testbed.signIn('Ann')
  const socket = new WebSocket(`${testbed.wsUrl}/ws/counter`)
  const heard: string[] = []
  socket.on('message', (data: Buffer) => heard.push(data.toString()))
  await once(socket, 'open')
  expect(await person.http.counter.add.mutate({ step: 3 })).toEqual({ value: 3 })
  expect(await person.http.counter.get.query()).toEqual({ value: 3 })
  await until(() => heard.includes('{"value":3}'))
  socket.close()

  const answer = await fetch(`${testbed.url}/api/counter`)
  expect(await answer.json()).toEqual({ value: 3 })

  const metrics = await (await fetch(`${testbed.url}/metrics`)).text()
  expect(metrics).toContain('tablecast_counter_value 3')
  expect(metrics).toMatch(/tablecast_deliveries_total\{stage="counter",transport="plain"\} [1-9]/)

  const { dependencies } = await person.http.ops.dependencies.query()
  expect(dependencies).toContainEqual(expect.objectContaining({ name: 'Counter', state: 'up' }))
})

test('a subscriber over tRPC gets the value', async () => {
  await using testbed = await openTestbed()
  const person = await testbed.signIn('Ben')
  await person.http.counter.add.mutate({ step: 1 })
  await using client = await person.socket()
  const values: unknown[] = []
  const subscription = client.trpc.counter.events.subscribe(undefined, { onData: ({ data }) => values.push(data) })
  await until(() => values.length > 0)
  expect(values[0]).toEqual({ value: 1 })
  subscription.unsubscribe()
})
