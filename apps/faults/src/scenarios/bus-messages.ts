import { type MessageAction, natsTap } from '../nats-tap.ts'
import { play, type Scenario } from '../scenario.ts'
import { within } from '../within.ts'

const CONNECT_TIMEOUT_MS = 120_000
/** Of those that a node sent to another, not of the answers to a single asker. */
const isMessage = (subject: string) => subject.startsWith('tablecast.')

export const busMessages: Scenario = {
  name: 'bus-messages',
  title: 'half of the messages between nodes are dropped, doubled, or arrive after later ones',
  setups: ['cluster'],
  short: ['cluster'],
  run(context) {
    const { chance, isShort } = context
    const counts: Record<MessageAction, number> = { pass: 0, drop: 0, double: 0, hold: 0 }
    const fates = ['drop', 'double', 'hold', 'pass', 'pass', 'pass'] as const
    return play(
      context,
      async ({ table }) => {
        const rounds = isShort ? 30 : 300
        await within(
          CONNECT_TIMEOUT_MS,
          'enough messages are changed',
          () => counts.drop + counts.double + counts.hold >= rounds,
        )
        await table.caughtUp(performance.now())
        const { drop, double, hold, pass } = counts
        return { rounds, notes: [`${drop} dropped, ${double} doubled, ${hold} held back, ${pass} as they were`] }
      },
      {
        tapBus: () =>
          natsTap((subject) => {
            if (!isMessage(subject)) return 'pass'
            const action = chance.pick(fates)
            counts[action] += 1
            return action
          }),
      },
    )
  },
}
