// Draws the icons of the installed app from the favicon: `node scripts/app-icons.ts`.
// They are checked in, so that a build needs no library that renders them.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'

const web = fileURLToPath(new URL('../apps/web', import.meta.url))
const favicon = await readFile(`${web}/public/favicon.svg`)
/** The page's colour in the dark theme. */
const BACKGROUND = '#14110f'

/** `share`: the part of the edge that the drawing takes. A system cuts a maskable icon, down to a circle of 0.8 of the edge. */
const icons = [
  { name: 'icon-192', size: 192, share: 1, isOpaque: false },
  { name: 'icon-512', size: 512, share: 1, isOpaque: false },
  { name: 'icon-maskable-512', size: 512, share: 0.62, isOpaque: true },
  // iOS fills what is transparent with black.
  { name: 'apple-touch-icon', size: 180, share: 0.78, isOpaque: true },
]

await mkdir(`${web}/public/icons`, { recursive: true })
for (const { name, size, share, isOpaque } of icons) {
  const edge = Math.round(size * share)
  const drawing = await sharp(favicon, { density: (72 * size) / 32 })
    .resize(edge, edge)
    .png()
    .toBuffer()
  const background = isOpaque ? BACKGROUND : { r: 0, g: 0, b: 0, alpha: 0 }
  const icon = await sharp({ create: { width: size, height: size, channels: 4, background } })
    .composite([{ input: drawing, gravity: 'centre' }])
    .png({ palette: true, compressionLevel: 9, effort: 10 })
    .toBuffer()
  await writeFile(`${web}/public/icons/${name}.png`, icon)
  process.stdout.write(`${name}.png: ${icon.length.toLocaleString('en')} bytes\n`)
}
