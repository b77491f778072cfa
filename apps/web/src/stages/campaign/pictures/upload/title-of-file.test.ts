import { expect, test } from 'vitest'
import { titleOfFile } from './title-of-file.ts'

test.each([
  ['tide-table.jpg', 'Tide table'],
  ['ferry-house.dd2vtt', 'Ferry house'],
  ['IMG_2041.HEIC', 'IMG 2041'],
  ['the map of Saint Orla.final.png', 'The map of Saint Orla.final'],
  ['.png', 'A picture'],
  ['---.webp', 'A picture'],
  ['🗺️.png', '🗺️'],
  ['خريطة-الميناء.webp', 'خريطة الميناء'],
])('the handout of %s is called %s', (name, title) => {
  expect(titleOfFile(name)).toBe(title)
})

test('a long name is cut between two characters', () => {
  const title = titleOfFile(`${'a'.repeat(119)}🗺.png`)
  expect(title).toBe(`A${'a'.repeat(118)}`)
})
