// Rolls dice on request: publish {"sides":20,"count":2} on dice.requests, and see the answer on dice.rolls.
//   node packages/topics-client/examples/dice-bot.ts ws://127.0.0.1:8000/ws
import { randomInt } from 'node:crypto'
import { TopicsClient } from '../src/index.ts'

const url = process.argv[2] ?? 'ws://127.0.0.1:8000/ws'
for (const name of ['dice.requests', 'dice.rolls'])
  await fetch(new URL('/topics', url.replace(/^ws/, 'http')), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name }), // It may be there already.
  })
const topics = new TopicsClient({ url })
for await (const { id, payload } of topics.subscribe<{ sides?: number; count?: number }>('dice.requests')) {
  const { sides = 20, count = 1 } = payload ?? {}
  if (!(sides >= 2 && sides <= 1_000 && count >= 1 && count <= 100)) continue
  const rolls = Array.from({ length: count }, () => randomInt(1, Math.floor(sides) + 1))
  await topics.publish('dice.rolls', { request: id, rolls, total: rolls.reduce((sum, roll) => sum + roll, 0) })
}
