// Random moves of a player under sight: the player learns what legal moves would show, and no more.
import { openWalledHouse } from '../map/walled-house.ts'
import { play, type Scenario } from '../scenario.ts'

const MOVES = { full: 10_000, short: 120 }
/** Of the moves, those that go a little way and may be legal. */
const SHORT_WAYS = 0.4
const REFUSED = 'FORBIDDEN: You can’t see a way there.'

export const hostileMoves: Scenario = {
  name: 'hostile-moves',
  title: 'a player sends random moves on a map with walls and sight',
  setups: ['sqlite', 'postgres'],
  short: ['sqlite'],
  run: (context) =>
    play(
      context,
      async ({ cluster, table, context: { chance, isShort } }) => {
        const house = await openWalledHouse(cluster.url)
        const { width, height } = house.size
        let at = { x: 125, y: 125 }
        /** A good part of the far places lies outside of the map. */
        const far = () => ({
          x: Math.round((chance.next() * 1.4 - 0.2) * width),
          y: Math.round((chance.next() * 1.4 - 0.2) * height),
        })
        const near = () => ({
          x: Math.round(at.x + (chance.next() - 0.5) * 240),
          y: Math.round(at.y + (chance.next() - 0.5) * 240),
        })
        const moves = isShort ? MOVES.short : MOVES.full
        const answers = new Map<string, number>()
        for (let n = 0; n < moves; n++) {
          const place = chance.next() < SHORT_WAYS ? near : far
          const way = Array.from({ length: 1 + Math.floor(chance.next() * 3) }, place)
          const answer = await house.move(way)
          answers.set(answer, (answers.get(answer) ?? 0) + 1)
          if (answer === 'OK') at = way.at(-1) ?? at
          else if (answer !== REFUSED) table.complain(`a move was answered ${answer}`)
        }
        const { west, east, side } = await house.revealed()
        if (east > 0) table.complain(`${east} blocks behind a closed door were revealed`)
        if (at.x >= width / 2) table.complain('the hero went through the wall')
        if ((await house.read()).includes(house.secret)) table.complain('the player got a token behind a closed door')
        const legal = answers.get('OK') ?? 0
        if (legal < moves / 100) table.complain(`only ${legal} of ${moves} moves were legal, which tests little`)
        return {
          rounds: moves,
          notes: [
            `${legal} legal moves revealed ${west} of ${side} blocks on this side of the wall, and ${east} behind it`,
          ],
        }
      },
      { environment: { MEDIA_MIN_FREE_BYTES: '0', UPLOADS_PER_HOUR: '1000' } },
    ),
}
