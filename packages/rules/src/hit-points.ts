import type { HitPoints } from './fighter.ts'

/**
 * Damage takes temporary hit points first and stops at 0. Damage never raises hit points: a value below 0, which a DM can set by
 * hand, stays.
 */
export function damaged(hp: HitPoints, amount: number): HitPoints {
  const absorbed = Math.min(hp.temp, amount)
  const left = Math.max(0, hp.current - (amount - absorbed))
  return { ...hp, temp: hp.temp - absorbed, current: Math.min(hp.current, left) }
}

/** Damage that was left when hit points reached 0. */
export const damageBeyondZero = (hp: HitPoints, amount: number): number =>
  Math.max(0, amount - hp.temp - Math.max(0, hp.current))

/** Healing begins at 0 and stops at the maximum. Healing never lowers hit points above the maximum. */
export const healed = (hp: HitPoints, amount: number): HitPoints => {
  if (amount === 0) return hp
  return { ...hp, current: Math.max(hp.current, Math.min(Math.max(0, hp.current) + amount, hp.max)) }
}
