const EXPERIENCE = [
  10, 200, 450, 700, 1_100, 1_800, 2_300, 2_900, 3_900, 5_000, 5_900, 7_200, 8_400, 10_000, 11_500, 13_000, 15_000,
  18_000, 20_000, 22_000, 25_000, 33_000, 41_000, 50_000, 62_000, 75_000, 90_000, 105_000, 120_000, 135_000, 155_000,
]

/** Experience of a challenge rating (System Reference Document 5.1). */
export function experienceOf(cr: number): number | undefined {
  if (cr === 0.125) return 25
  if (cr === 0.25) return 50
  return cr === 0.5 ? 100 : EXPERIENCE[cr]
}
