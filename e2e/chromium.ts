// The Chromium of the tests, and its arguments: no traffic of its own, and no work for a window that nobody sees.
import { existsSync, globSync } from 'node:fs'
import { homedir } from 'node:os'

/** Chromium without a user interface. The tests take a quarter less processor time with it than with the whole browser. */
export const headlessShell = (): string | undefined =>
  firstOf([
    '/usr/bin/chromium-headless-shell',
    ...inPlaywrightsFolder('chromium_headless_shell-*/*/{headless_shell,chrome-headless-shell}'),
  ])

/** The browser that the tests drive. `E2E_CHROMIUM` names one; after it comes the quickest on this machine. */
export const chromiumPath = (): string | undefined =>
  firstOf([process.env['E2E_CHROMIUM']]) ??
  headlessShell() ??
  firstOf([...inPlaywrightsFolder('chromium-*/*/chrome'), '/usr/bin/chromium'])

const firstOf = (paths: readonly (string | undefined)[]): string | undefined =>
  paths.find((path) => path !== undefined && existsSync(path))

/** Browsers that `playwright install` has downloaded, the newest first. */
const inPlaywrightsFolder = (pattern: string): string[] =>
  globSync(`${homedir()}/.cache/ms-playwright/${pattern}`).toSorted().toReversed()

/**
 * Without a head, Chromium still draws a browser window for each context, and each window loads two pages for the list under its address
 * bar. They take longer than our page.
 */
const ADDRESS_BAR = ['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup', 'WebUIOmniboxFullPopup']

/** A process that waits for the next site. Each test visits one site. */
const SPARE = ['SpareRendererForSitePerProcess']

/** Playwright 1.65 switches these off. The last list of the command line is the only one that counts, so ours repeats them. */
const PLAYWRIGHT = [
  'AimEnabled',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
  'ThirdPartyStoragePartitioning',
]

export function chromiumArguments(): string[] {
  return [
    // Chromium refuses its sandbox to root.
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
    `--disable-features=${[...PLAYWRIGHT, ...ADDRESS_BAR, ...SPARE].join(',')}`,
  ]
}
