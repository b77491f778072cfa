// The rules of hit points: one place for commands, for what a model changes, and for what players keep of their own characters.
import type { HitPoints } from './state.ts'

/**
 * Temporary hit points go first, and nobody falls below 0 by damage. Damage never raises hit points: what a DM set below 0 by hand
 * stays as it is.
 */
export function damage(hp: HitPoints, amount: number): HitPoints {
  const absorbed = Math.min(hp.temp, amount)
  const left = Math.max(0, hp.current - (amount - absorbed))
  return { ...hp, temp: hp.temp - absorbed, current: Math.min(hp.current, left) }
}

/** Up to the maximum. Healing never lowers hit points: what a DM set above the maximum by hand stays as it is. */
export const heal = (hp: HitPoints, amount: number): HitPoints => ({
  ...hp,
  current: Math.max(hp.current, Math.min(hp.current + amount, hp.max)),
})

/** Sets them, within 0 and the maximum. What is not changed stays as it is, wherever it is. */
export const setHitPoints = (hp: HitPoints, { current, temp }: Pick<HitPoints, 'current' | 'temp'>): HitPoints => ({
  ...hp,
  temp,
  current: current === hp.current ? current : Math.max(0, Math.min(current, hp.max)),
})
