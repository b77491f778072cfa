// A fight in the DM's console, as a test drives it.
import type { Page } from '@playwright/test'
import { expect } from './table.ts'

export const fighters = (dm: Page) => dm.getByRole('list', { name: 'Fighters' }).locator('> li')
export const row = (dm: Page, name: string) =>
  dm.getByRole('list', { name: 'Fighters' }).getByRole('listitem', { name, exact: true })
export const acting = (dm: Page) => dm.getByRole('list', { name: 'Fighters' }).locator('> [aria-current=step]')

/** Types into a box and presses Enter: two inputs. */
export async function damage(dm: Page, name: string, text: string): Promise<number> {
  const box = dm.getByRole('textbox', { name: `Damage to ${name}`, exact: true })
  await box.fill(text)
  await box.press('Enter')
  await expect(box).toHaveValue('')
  return 2
}

/** Fills a field of a fighter's row and presses Enter. The row is folded before and after. */
export async function setInRow(dm: Page, name: string, field: string, text: string): Promise<void> {
  await dm.getByRole('button', { name: `More for ${name}`, exact: true }).click()
  const box = dm.getByRole('textbox', { name: `${field} of ${name}`, exact: true })
  await box.fill(text)
  await box.press('Enter')
  await expect(box).toHaveValue('')
  await dm.getByRole('button', { name: `Fold ${name}`, exact: true }).click()
}

export async function addCondition(
  dm: Page,
  name: string,
  condition: string,
  lasts: string,
  save?: { ability: string; dc: string },
): Promise<void> {
  await dm.getByRole('button', { name: `More for ${name}`, exact: true }).click()
  await dm.getByRole('combobox', { name: `Condition of ${name}` }).fill(condition)
  await dm.getByRole('combobox', { name: 'How long it lasts' }).selectOption({ label: lasts })
  if (save) {
    await dm.getByRole('combobox', { name: 'Ability of the save' }).selectOption(save.ability)
    await dm.getByRole('spinbutton', { name: 'DC of the save' }).fill(save.dc)
  }
  await dm.getByRole('button', { name: `Add the condition to ${name}` }).click()
  await expect(
    row(dm, name).getByRole('button', { name: new RegExp(`^${condition}.* of ${name}: end it`) }),
  ).toBeVisible()
  await dm.getByRole('button', { name: `Fold ${name}`, exact: true }).click()
}

/** Puts creatures into the list of an encounter. Answers the number of inputs. */
export async function plan(dm: Page, creatures: string, kinds: number): Promise<number> {
  await dm.getByRole('tab', { name: 'Fights' }).click()
  const box = dm.getByRole('textbox', { name: 'Creatures to add' })
  await box.fill(creatures)
  await box.press('Enter')
  await expect(dm.getByRole('list', { name: 'Creatures', exact: true }).locator('> li')).toHaveCount(kinds)
  return 3
}

export async function startGoblins(dm: Page): Promise<number> {
  const inputs = await plan(dm, '6 goblin, hobgoblin', 2)
  await dm.getByRole('button', { name: 'Start the fight' }).click()
  await expect(fighters(dm).filter({ hasText: /goblin/i })).toHaveCount(7)
  return inputs + 1
}

export async function give(dm: Page, character: string, player: string): Promise<void> {
  await dm.getByRole('button', { name: `Edit ${character}` }).click()
  await dm.getByRole('combobox', { name: /played by/i }).selectOption({ label: player })
  await dm.getByRole('button', { name: `Fold ${character}` }).click()
}

export async function nextUntil(dm: Page, name: string): Promise<void> {
  const next = dm.getByRole('button', { name: /Next turn|Begin round 1/ })
  for (let turns = 0; turns < 20; turns++) {
    const before = await dm.getByRole('region', { name: 'Fight' }).getByRole('heading').textContent()
    await next.click()
    await expect(dm.getByRole('region', { name: 'Fight' }).getByRole('heading')).not.toHaveText(before ?? '')
    if ((await acting(dm).getAttribute('aria-label')) === name) return
  }
  throw new Error(`${name} never acts`)
}
