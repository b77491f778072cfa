// The rules of hit points, shared by commands, by a model's changes and by a player's own character.
import type { HitPoints } from './state.ts'

/**
 * Damage takes temporary hit points first and stops at 0. Damage never raises hit points: a value below 0, which a DM can set by
 * hand, stays.
 */
export function damage(hp: HitPoints, amount: number): HitPoints {
  const absorbed = Math.min(hp.temp, amount)
  const left = Math.max(0, hp.current - (amount - absorbed))
  return { ...hp, temp: hp.temp - absorbed, current: Math.min(hp.current, left) }
}

/** Healing stops at the maximum. Healing never lowers hit points: a value above the maximum, which a DM can set by hand, stays. */
export const heal = (hp: HitPoints, amount: number): HitPoints => ({
  ...hp,
  current: Math.max(hp.current, Math.min(hp.current + amount, hp.max)),
})

/** Sets hit points within 0 and the maximum. An unchanged value stays, also outside of these bounds. */
export const setHitPoints = (hp: HitPoints, { current, temp }: Pick<HitPoints, 'current' | 'temp'>): HitPoints => ({
  ...hp,
  temp,
  current: current === hp.current ? current : Math.max(0, Math.min(current, hp.max)),
})
