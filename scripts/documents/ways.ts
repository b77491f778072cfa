// How each kind of command and block in the documents is tried. A command that fits no rule fails the test.
import type { Block, Command } from './blocks.ts'

/**
 * `run`: ends by itself, with 0. `serve`: goes on until the document's end; it is ready when it prints `ready`. `talk`: a WebSocket
 * client that prints at least one frame, and an answer to each line that is typed. `not run`: an exception, with its reason.
 * `needsNoServer`: a server on the same data has to end before.
 */
export type Way =
  | { kind: 'run'; needsNoServer: boolean }
  | { kind: 'serve'; ready: string; needsNoServer: boolean }
  | { kind: 'talk'; needsNoServer: false }
  | { kind: 'not run'; reason: string }

export type Rule = { matches: RegExp; way: Way }

const run: Way = { kind: 'run', needsNoServer: false }
const runAlone: Way = { kind: 'run', needsNoServer: true }
const talk: Way = { kind: 'talk', needsNoServer: false }
const serve = (ready: string): Way => ({ kind: 'serve', ready, needsNoServer: true })
const serveBeside = (ready: string): Way => ({ kind: 'serve', ready, needsNoServer: false })
const notRun = (reason: string): Way => ({ kind: 'not run', reason })

const PNPM = String.raw`npx -y pnpm(?: --silent)?`
const SETTINGS = String.raw`(?:[A-Z_0-9]+=(?:"[^"]*"|\$\([^)]*\)|\S+) )*`
const rule = (pattern: string, way: Way): Rule => ({ matches: new RegExp(`^(?:${pattern})$`), way })

/** The first rule that matches a command decides. */
export const rules: readonly Rule[] = [
  rule(
    String.raw`(?:for node in .*; do )?docker compose .*`,
    notRun(
      'needs Docker; pnpm check checks the compose file, and image.service.test.ts makes and starts the image’s tree',
    ),
  ),
  rule(String.raw`docker run .*`, notRun('needs Docker')),
  rule(`${PNPM} check`, notRun('is the step of CI before the tests')),
  rule(`${PNPM} (?:test|test:unit|format)`, notRun('is or changes what runs this test')),
  rule(`${PNPM} test:faults.*`, notRun('takes minutes; pnpm test plays every fault in its short form')),
  rule(`${PNPM} bench.*`, notRun('takes minutes; CI runs the short form')),
  rule(`${PNPM} screenshots`, notRun('makes pictures with a browser, for a minute')),
  rule(`(?:${PNPM} build && )?${PNPM} exec (?:vitest|playwright) .*`, notRun('runs tests, or shows their traces')),
  rule(`${PNPM} exec node --inspect-brk .*`, notRun('waits for a debugger')),
  rule(String.raw`(?:sqlite3|psql|nats|jq) .*`, notRun('needs a tool that Tablecast does not')),
  rule(String.raw`redis-cli psubscribe .*`, notRun('listens without an end')),
  rule(String.raw`.*\| (?:jq|tee) ?.*`, notRun('shows output to a person')),
  rule(`${PNPM} exec node scripts/check-words.ts.*`, notRun('is part of pnpm check')),
  rule(`${PNPM} dev`, serve('Local:')),
  rule(`${SETTINGS}${PNPM} (?:start|demo:signals)`, serve('ready at')),
  rule(String.raw`(?:\S*/)?node (?:--env-file=\S+ )?apps/server/(?:src/main\.ts|dist/start\.js)`, serve('ready at')),
  rule(`${SETTINGS}${PNPM} engine`, serveBeside('plays on')),
  rule(`${SETTINGS}${PNPM} market:sim`, serveBeside('Stop with Ctrl-C')),
  rule(`${PNPM} exec node packages/topics-client/examples/dice-bot.ts`, serveBeside('')),
  rule(String.raw`npx -y wscat -c \S+`, talk),
  rule(`${SETTINGS}${PNPM} admin .*`, run),
  rule(`${SETTINGS}${PNPM} db:\\w+(?: ".*")?`, runAlone),
  rule(`${PNPM} (?:install|build|generate)(?: && ${PNPM} build)?`, run),
  rule(String.raw`curl .*`, run),
  rule(String.raw`redis-cli publish .*`, run),
  rule(String.raw`cp \.env\.example \.env`, run),
  rule(String.raw`sed -i .* \.env`, run),
  rule(String.raw`printf '.*' >> \.env`, run),
]

/** Blocks that are no shell commands, by document and language, and the test that tries them. */
export const programs: Readonly<Record<string, string>> = {
  'docs/market.md ts': 'packages/market-sim/src/publish.service.test.ts',
  'docs/market.md sql': 'scripts/documents/documents.service.test.ts',
  'docs/operations.md ini': 'scripts/documents/documents.service.test.ts',
  'docs/operations.md env': 'apps/bench/src/show/show.service.test.ts',
  'docs/backup.md ini': 'scripts/documents/documents.service.test.ts',
  'docs/backup.md ': 'scripts/documents/documents.service.test.ts',
  'packages/topics-client/README.md ts': 'scripts/documents/documents.service.test.ts',
}

/** Blocks that nothing here can try, with the reason. */
export const exceptions: Readonly<Record<string, string>> = {
  'docs/dice.md python': 'a test of the server runs it on rolls of its own',
  'docs/operations.md caddyfile': 'needs Caddy and a name of the internet',
  'docs/operations.md nginx': 'needs nginx and a certificate',
}

export const wayOf = ({ text }: Command): Way | null => rules.find(({ matches }) => matches.test(text))?.way ?? null

/** A drawing: a block without a language, that looks like no command. */
export const isDrawing = ({ info, text }: Block): boolean =>
  ['', 'text', 'mermaid'].includes(info) &&
  !/^\s*(?:\$ |npx |pnpm |node |curl |docker |git |redis-cli |wscat )/m.test(text)
