// `pnpm check`: types, lint, format, dead code, the server's floors, the files of the deployment and the words, side by side;
// seconds.
import { run } from './run.ts'

const checks = [
  ['types', 'tsc', ['-b']],
  ['lint', 'oxlint', ['--type-aware', '--deny-warnings']],
  ['format', 'oxfmt', ['--check', '.']],
  ['dead code', 'knip', ['--no-progress']],
  ['floors', 'node', ['scripts/check-floors.ts']],
  ['deployment', 'node', ['scripts/check-deploy.ts']],
  ['words', 'node', ['scripts/check-words.ts']],
] as const

const results = await Promise.all(
  checks.map(([name, command, args]) => run(command, [...args]).then((result) => ({ name, ...result }))),
)
for (const { name, code, output } of results)
  process.stdout.write(code === 0 ? `${name}: ok\n` : `${name}: failed\n${output}\n`)
process.exitCode = results.some(({ code }) => code !== 0) ? 1 : 0
