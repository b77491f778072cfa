import type { PlayerCharacter, PlayerView } from '@tablecast/contracts'

/** The changes of a player's own characters between two views, for a screen reader. The story tells of the others. */
export function fightNews(before: PlayerView, now: PlayerView, myId: string): string[] {
  const earlier = new Map(before.characters.map((character) => [character.id, character]))
  return now.characters
    .filter(({ ownerId }) => ownerId === myId)
    .flatMap((is) => {
      const was = earlier.get(is.id)
      return was ? changesOf(was, is) : []
    })
}

function changesOf(was: PlayerCharacter, is: PlayerCharacter): string[] {
  const { name } = is
  const gone = was.conditions.filter((one) => !is.conditions.includes(one))
  const added = is.conditions.filter((one) => !was.conditions.includes(one))
  return [
    ...hitPointNews(was, is),
    ...(is.downed && is.downed.state !== was.downed?.state ? [`${name} is ${downWords[is.downed.state]}.`] : []),
    ...(was.downed && !is.downed ? [`${name} is up again.`] : []),
    ...added.map((condition) => `${name} is ${condition}.`),
    ...gone.map((condition) => `${name} is no longer ${condition}.`),
    ...(was.concentration && was.concentration.on !== is.concentration?.on
      ? [`${name} no longer concentrates on ${was.concentration.on}.`]
      : []),
  ]
}

const downWords = { dying: 'down and dying', stable: 'down, but stable', dead: 'dead', defeated: 'defeated' } as const

function hitPointNews({ hp: was }: PlayerCharacter, { name, hp: is }: PlayerCharacter): string[] {
  if (!was || !is) return []
  const change = is.current + is.temp - was.current - was.temp
  if (change === 0) return []
  const left = `${is.current} of ${is.max} hit points${is.temp > 0 ? `, and ${is.temp} temporary` : ''}`
  return [`${name} ${change < 0 ? 'loses' : 'gains'} ${Math.abs(change)}: ${left}.`]
}
