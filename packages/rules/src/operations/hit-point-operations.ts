import type { Downed, Fighter } from '../fighter.ts'
import { bandOf } from '../standing.ts'
import { damageBeyondZero, damaged, healed } from '../hit-points.ts'
import { Refusal } from '../refusal.ts'
import { endConcentration } from './concentration.ts'
import { type Fight, hasSecretFigures } from './fight.ts'
import type { OperationOf } from './operation.ts'
import { savingThrow } from './saving-throw.ts'

export function damage(fight: Fight, operation: OperationOf<'damage'>): void {
  const { targets, damageType, critical, save, by, secret = false } = operation
  const ids = targets.map(({ id }) => id)
  for (const id of ids) fight.fighter(id)
  const kind = fight.kindOf(ids, { isForDm: secret })
  const { amount, rolls } = fight.amount(operation.amount, kind, { isCritical: critical })
  const taken = targets.map((target) => {
    const saved = save ? (target.saved ?? savingThrow(fight, target.id, save, target).isSaved) : false
    const share = saved && save?.onSave === 'none' ? 0 : saved ? 0.5 : 1
    return { id: target.id, amount: Math.floor(Math.floor(amount * share) * FACTORS[target.take]), saved }
  })
  for (const one of taken) hurt(fight, one.id, one.amount, critical)
  if (secret && rolls.length > 0)
    fight.say(
      targets.map(({ id }) => id),
      ({ names }) => `The damage to ${names} is rolled in secret.`,
      { rolls, isForDm: true, isBookkeeping: true },
    )
  const type = damageType ? ` ${damageType}` : ''
  fight.say(
    targets.map(({ id }) => id),
    ({ name, knows }) => {
      const each = taken
        .filter(({ id }) => knows(id))
        .map(({ id, amount, saved }) => {
          return `${name(id)} for ${amount}${type} (${bandOf(fight.fighter(id))}${saved ? ', saved' : ''})`
        })
      return by !== undefined && knows(by) ? `${name(by)} hits ${each.join(', ')}.` : `Damage: ${each.join(', ')}.`
    },
    { rolls: secret ? [] : rolls },
  )
}

const FACTORS = { all: 1, half: 0.5, double: 2, none: 0 }

/** Damage to one fighter, with what follows from it: concentration, death saves, defeat. */
function hurt(fight: Fight, id: string, amount: number, isCritical: boolean): void {
  if (amount === 0) return
  const fighter = fight.fighter(id)
  const hp = damaged(fighter.hp, amount)
  const beyond = damageBeyondZero(fighter.hp, amount)
  const concentration = fighter.concentration ?? null
  fight.change(id, { hp })
  // A character without a maximum was not filled in yet, and is not hurt to death.
  if (hp.current > 0 || hp.max === 0) {
    if (concentration) askForConcentration(fight, id, concentration.on, amount)
    return
  }
  const downed = downedBy(fighter, beyond, isCritical)
  if (concentration) endConcentration(fight, id)
  fight.change(id, { downed })
}

/** The state of a fighter who is at 0 after damage. `beyond`: damage that was left at 0. */
function downedBy(fighter: Fighter, beyond: number, isCritical: boolean): Downed {
  if (fighter.kind !== 'pc') return { state: 'defeated', successes: 0, failures: 0 }
  const before = fighter.downed ?? null
  if (before?.state === 'dead') return before
  // Damage as large as the maximum kills at once.
  if (beyond >= fighter.hp.max) return { state: 'dead', successes: before?.successes ?? 0, failures: 3 }
  const wasDown = fighter.hp.current <= 0
  if (!wasDown) return { state: 'dying', successes: 0, failures: 0 }
  // Temporary hit points took all of it.
  if (beyond === 0) return before ?? { state: 'dying', successes: 0, failures: 0 }
  const successes = before?.state === 'dying' ? before.successes : 0
  const failures = Math.min(3, (before?.state === 'dying' ? before.failures : 0) + (isCritical ? 2 : 1))
  return { state: failures === 3 ? 'dead' : 'dying', successes, failures }
}

function askForConcentration(fight: Fight, fighter: string, on: string, amount: number): void {
  const dc = Math.max(10, Math.floor(amount / 2))
  fight.due.push({ kind: 'concentration', fighter, on, dc })
  fight.say([fighter], ({ name }) => `${name(fighter)} concentrates on ${on}: constitution save, DC ${dc}.`, {
    isForDm: true,
  })
}

export function heal(fight: Fight, { targets, amount: asked }: OperationOf<'heal'>): void {
  const { amount, rolls } = fight.amount(asked, fight.kindOf(targets))
  for (const id of targets) {
    const { name, downed, hp } = fight.fighter(id)
    if (downed?.state === 'dead') throw new Refusal('operation', `${name} is dead. Revive ${name} first, then heal.`)
    const after = healed(hp, amount)
    fight.change(id, after.current > 0 && downed ? { hp: after, downed: null } : { hp: after })
  }
  fight.say(
    targets,
    ({ name, known }) =>
      `Healing: ${known.map((id) => `${name(id)} for ${amount} (${bandOf(fight.fighter(id))})`).join(', ')}.`,
    { rolls },
  )
}

export function setTemp(fight: Fight, { targets, amount: asked }: OperationOf<'setTemp'>): void {
  const isForDm = targets.some((id) => hasSecretFigures(fight.fighter(id)))
  const { amount, rolls } = fight.amount(asked, fight.kindOf(targets, { isForDm }))
  for (const id of targets) fight.change(id, { hp: { ...fight.fighter(id).hp, temp: amount } })
  fight.say(targets, ({ names }) => `${names}: ${amount} temporary hit points.`, {
    rolls,
    isBookkeeping: true,
    isForDm,
  })
}

export function setHitPoints(fight: Fight, { targets, current, max }: OperationOf<'setHitPoints'>): void {
  if (current === undefined && max === undefined) throw new Refusal('operation', 'Say which hit points to set.')
  for (const id of targets) {
    const { hp, kind, downed } = fight.fighter(id)
    const most = max ?? hp.max
    const next = Math.min(current ?? hp.current, Math.max(most, current === undefined ? 0 : most))
    fight.change(id, { hp: { ...hp, max: most, current: next } })
    if (next > 0 && downed) fight.change(id, { downed: null })
    if (next === 0 && hp.current > 0 && most > 0) {
      endConcentration(fight, id)
      fight.change(id, { downed: { state: kind === 'pc' ? 'dying' : 'defeated', successes: 0, failures: 0 } })
    }
  }
  fight.say(
    targets,
    ({ name, known }) =>
      known
        .map((id) => {
          const { hp } = fight.fighter(id)
          return `${name(id)}: ${hp.current} of ${hp.max} hit points.`
        })
        .join(' '),
    { isForDm: targets.some((id) => !fight.fighter(id).hpVisible), isBookkeeping: true },
  )
}

export function deathSave(fight: Fight, { id, rolled }: OperationOf<'deathSave'>): void {
  const { name, hp, downed } = fight.fighter(id)
  if (downed?.state !== 'dying') throw new Refusal('operation', `${name} is not dying and makes no death save.`)
  const result = fight.d20(0, { rolled }, fight.kindOf([id]))
  const after = afterDeathSave(downed, result.total)
  if (after === null) fight.change(id, { downed: null, hp: { ...hp, current: Math.min(1, hp.max) } })
  else fight.change(id, { downed: after })
  fight.say(
    [id],
    ({ name }) => {
      if (after === null) return `${name(id)} rolls a 20 and is up again with 1 hit point.`
      const count = `${after.successes} of 3 saved, ${after.failures} of 3 failed`
      if (after.state === 'dead') return `${name(id)} fails a death save and dies.`
      return after.state === 'stable' ? `${name(id)} is stable.` : `${name(id)} makes a death save: ${count}.`
    },
    { rolls: [result] },
  )
}

/** Null: the fighter is up again. */
function afterDeathSave({ successes, failures }: Downed, rolled: number): Downed | null {
  if (rolled === 20) return null
  if (rolled >= 10)
    return successes >= 2
      ? { state: 'stable', successes: 3, failures }
      : { state: 'dying', successes: successes + 1, failures }
  const failed = Math.min(3, failures + (rolled === 1 ? 2 : 1))
  return { state: failed === 3 ? 'dead' : 'dying', successes, failures: failed }
}

export function stabilise(fight: Fight, { id }: OperationOf<'stabilise'>): void {
  const { name, downed } = fight.fighter(id)
  if (downed?.state !== 'dying') throw new Refusal('operation', `${name} is not dying.`)
  fight.change(id, { downed: { ...downed, state: 'stable' } })
  fight.say([id], ({ names }) => `${names} is stable.`)
}

export function defeat(fight: Fight, { targets }: OperationOf<'defeat'>): void {
  for (const id of targets) {
    const { hp, kind } = fight.fighter(id)
    endConcentration(fight, id)
    const state = kind === 'pc' ? 'dead' : 'defeated'
    const downed: Downed = { state, successes: 0, failures: state === 'dead' ? 3 : 0 }
    fight.change(id, { hp: { ...hp, current: Math.min(0, hp.current) }, downed })
  }
  fight.say(targets, ({ name, known }) => known.map((id) => `${name(id)} falls.`).join(' '))
}

export function revive(fight: Fight, { targets, hitPoints }: OperationOf<'revive'>): void {
  for (const id of targets) {
    const { hp } = fight.fighter(id)
    const current = Math.max(hp.current, Math.min(hitPoints, hp.max))
    fight.change(id, { hp: { ...hp, current }, downed: null })
  }
  fight.say(targets, ({ name, known }) => known.map((id) => `${name(id)} is up again.`).join(' '))
}
