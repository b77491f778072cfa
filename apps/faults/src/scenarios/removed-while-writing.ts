import { late, openRace, removals, type RemovalRound } from '@tablecast/server/testing/removed-while-writing'
import { play, type Scenario } from '../scenario.ts'

const ROUNDS = { full: 1_000, short: 6 }
/** Commands that a co-DM gets in before the owner acts. */
const MAX_BEFORE = 20

export const removedWhileWriting: Scenario = {
  name: 'removed-while-writing',
  title: 'a co-DM is removed, banned or made a player while their commands are under way',
  setups: ['sqlite', 'postgres', 'cluster'],
  short: ['postgres', 'cluster'],
  run: (context) =>
    play(context, async ({ cluster, table, context: { chance, isShort, setup } }) => {
      const race = await openRace(cluster.url)
      // A third of them on each setup.
      const rounds = isShort ? ROUNDS.short : Math.ceil(ROUNDS.full / 3)
      const played: RemovalRound[] = []
      for (let n = 0; n < rounds; n++)
        played.push(await race.round(chance.pick(removals), Math.floor(chance.next() * MAX_BEFORE)))
      const sum = (field: Exclude<keyof RemovalRound, 'removal'>) =>
        played.reduce((total, round) => total + round[field], 0)
      if (played.some((round) => late(round) > 0))
        table.complain(
          `after a removal: ${sum('after')} commands, ${sum('strokes')} strokes, ${sum('sheets')} sheets, ${sum('links')} new links, ${sum('shows')} changes of screens, ${sum('screens')} links for screens (${setup})`,
        )
      return { rounds, notes: [`${sum('before')} commands before the removals, ${sum('after')} after`] }
    }),
}
