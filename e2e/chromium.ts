// Chromium's arguments for the tests: no traffic of its own, and no work for a window that nobody sees.

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
