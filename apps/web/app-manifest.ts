// The name, colours and icons of the installed app. `scripts/app-icons.ts` draws the icons.
import type { ManifestOptions } from 'vite-plugin-pwa'

/** A manifest has one colour for both themes: the dark one, which is the default. The page's own `theme-color` follows its theme. */
const PAGE_COLOUR = '#14110f'

export const appManifest: Partial<ManifestOptions> = {
  id: '/',
  name: 'Tablecast',
  short_name: 'Tablecast',
  description: 'Keeps a tabletop role-playing table in step.',
  lang: 'en',
  start_url: '/',
  scope: '/',
  display: 'standalone',
  theme_color: PAGE_COLOUR,
  background_color: PAGE_COLOUR,
  icons: [
    { src: '/icons/icon-192.png', sizes: '192x192', type: 'image/png' },
    { src: '/icons/icon-512.png', sizes: '512x512', type: 'image/png' },
    { src: '/icons/icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
    { src: '/favicon.svg', sizes: 'any', type: 'image/svg+xml' },
  ],
}
