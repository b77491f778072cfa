import type { Health, PlayerCharacter } from '@tablecast/contracts'

const healthWords: Readonly<Record<Health, string>> = {
  unhurt: 'Unhurt',
  hurt: 'Hurt',
  bloodied: 'Bloodied',
  down: 'Down',
}

/** The colour of a bar, and of words. */
export const healthColours: Readonly<Record<Health, { bar: string; words: string }>> = {
  unhurt: { bar: 'bg-good', words: 'text-good' },
  hurt: { bar: 'bg-good', words: 'text-good' },
  bloodied: { bar: 'bg-warn', words: 'text-warn' },
  down: { bar: 'bg-bad', words: 'text-bad' },
}

/** The border of a face, and its initials. */
export const sideColour = (side: PlayerCharacter['side']): string =>
  side === 'foe' ? 'border-bad text-bad' : 'border-good text-good'

const downedWords = { dying: 'Dying', stable: 'Stable', dead: 'Dead', defeated: 'Defeated' } as const

type Hurt = { health: Health; downed: { state: keyof typeof downedWords } | null | undefined }

/** “Bloodied”, or what became of a fighter at 0 hit points. */
export const howHurt = ({ health, downed }: Hurt): string => (downed ? downedWords[downed.state] : healthWords[health])
