import type { Health } from '@tablecast/contracts'

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

const downedWords = { dying: 'Dying', stable: 'Stable', dead: 'Dead', defeated: 'Defeated' } as const

type Hurt = { health: Health; downed: { state: keyof typeof downedWords } | null | undefined }

/** “Bloodied”, or what became of a fighter at 0 hit points. */
export const howHurt = ({ health, downed }: Hurt): string => (downed ? downedWords[downed.state] : healthWords[health])
