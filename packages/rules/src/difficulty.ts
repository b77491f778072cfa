// How hard an encounter is for a party, by the experience thresholds of the fifth edition (System Reference Document 5.1).

type Difficulty = 'trivial' | 'easy' | 'medium' | 'hard' | 'deadly'

/** `adjusted`: the experience after the factor for many foes. It only rates; `xp` is what the foes are worth. */
export type Rating = {
  difficulty: Difficulty
  xp: number
  adjusted: number
  thresholds: { easy: number; medium: number; hard: number; deadly: number }
}

/** Easy, medium, hard and deadly for one character of each level, from 1. */
const THRESHOLDS: readonly (readonly [number, number, number, number])[] = [
  [25, 50, 75, 100],
  [50, 100, 150, 200],
  [75, 150, 225, 400],
  [125, 250, 375, 500],
  [250, 500, 750, 1_100],
  [300, 600, 900, 1_400],
  [350, 750, 1_100, 1_700],
  [450, 900, 1_400, 2_100],
  [550, 1_100, 1_600, 2_400],
  [600, 1_200, 1_900, 2_800],
  [800, 1_600, 2_400, 3_600],
  [1_000, 2_000, 3_000, 4_500],
  [1_100, 2_200, 3_400, 5_100],
  [1_250, 2_500, 3_800, 5_700],
  [1_400, 2_800, 4_300, 6_400],
  [1_600, 3_200, 4_800, 7_200],
  [2_000, 3_900, 5_900, 8_800],
  [2_100, 4_200, 6_300, 9_500],
  [2_400, 4_900, 7_300, 10_900],
  [2_800, 5_700, 8_500, 12_700],
]

const FACTORS = [0.5, 1, 1.5, 2, 2.5, 3, 4, 5] as const

/** Null without a party. `levels`: one for each character; a level outside of 1 to 20 counts as the nearest. */
export function rateEncounter(levels: readonly number[], foeXp: readonly number[]): Rating | null {
  if (levels.length === 0) return null
  const thresholds = { easy: 0, medium: 0, hard: 0, deadly: 0 }
  for (const level of levels) {
    const [easy, medium, hard, deadly] = THRESHOLDS[Math.min(20, Math.max(1, Math.trunc(level))) - 1] ?? [0, 0, 0, 0]
    thresholds.easy += easy
    thresholds.medium += medium
    thresholds.hard += hard
    thresholds.deadly += deadly
  }
  const xp = foeXp.reduce((sum, one) => sum + one, 0)
  const adjusted = Math.round(xp * factorOf(foeXp.length, levels.length))
  return { difficulty: difficultyOf(adjusted, thresholds), xp, adjusted, thresholds }
}

function difficultyOf(adjusted: number, { easy, medium, hard, deadly }: Rating['thresholds']): Difficulty {
  if (adjusted >= deadly) return 'deadly'
  if (adjusted >= hard) return 'hard'
  if (adjusted >= medium) return 'medium'
  return adjusted >= easy ? 'easy' : 'trivial'
}

/** Many foes count for more; a party of fewer than three takes the next higher factor, one of six or more the next lower. */
function factorOf(foes: number, party: number): number {
  const place = foes >= 15 ? 6 : foes >= 11 ? 5 : foes >= 7 ? 4 : foes >= 3 ? 3 : foes === 2 ? 2 : 1
  return FACTORS[place + (party < 3 ? 1 : party > 5 ? -1 : 0)] ?? 1
}
