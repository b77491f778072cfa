// The words of comments, docs, names, test titles and messages: docs/style.md says how we write. Part of `pnpm check`.
//
//   node scripts/check-words.ts                 what `pnpm check` asks: no file has more findings than its baseline
//   node scripts/check-words.ts apps/admin …    every finding of these folders or files; exit 1 if there is any
//   node scripts/check-words.ts --shrink        writes the baseline after findings went or files moved; never a larger one
//   node scripts/check-words.ts --excepted      what the exceptions let pass, each with its reason
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { countsOf, filesAbove, mayReplace, readBaseline, writeBaseline } from './words/baseline.ts'
import { exceptions } from './words/exceptions.ts'
import { type Finding, findingsOf } from './words/findings.ts'

const BASELINE = fileURLToPath(new URL('words/baseline.json', import.meta.url))
const CHECKED = /\.(?:[jt]sx?|md|ya?ml)$|(?:^|\/)(?:Dockerfile|Caddyfile|\.env\.example|\.ci\/run)$/
/** Samples of what is wrong, a schema of others, and what tools write. */
const UNCHECKED = /^(?:scripts\/words\/(?:rules|exceptions|.*\.test)\.ts|scripts\/schemas\/.*|pnpm-lock\.yaml)$/

const args = process.argv.slice(2)
const folders = args.filter((arg) => !arg.startsWith('--')).map((folder) => folder.replace(/^\.\/|\/+$/g, ''))

const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', ...folders], {
  encoding: 'utf8',
})
const paths = [...new Set(listed.split('\n'))].filter(
  (path) => CHECKED.test(path) && !UNCHECKED.test(path) && existsSync(path),
)
const results = paths.map((path) => findingsOf(path, readFileSync(path, 'utf8')))
const findings = results.flatMap((result) => result.findings)
const print = (found: readonly Finding[]) =>
  process.stdout.write(
    found.map((each) => `${each.path}:${each.line}: ${each.rule}: “${each.excerpt}”; write ${each.write}\n`).join(''),
  )

if (args.includes('--excepted')) {
  const excepted = results.flatMap((result) => result.excepted)
  for (const exception of exceptions) {
    const times = excepted.filter((each) => each.exception === exception).length
    process.stdout.write(`${exception.rule}: ${times} times in ${exception.path.source}: ${exception.reason}\n`)
  }
} else if (folders.length > 0) {
  print(findings)
  process.exitCode = findings.length > 0 ? 1 : 0
} else {
  const counts = countsOf(findings)
  const baseline = readBaseline(BASELINE)
  if (args.includes('--shrink') && mayReplace(baseline, counts)) writeBaseline(BASELINE, counts)
  else {
    const above = filesAbove(counts, baseline)
    print(findings.filter(({ path }) => above.includes(path)))
    for (const path of above)
      process.stdout.write(`${path}: ${counts[path]} findings, the baseline has ${baseline[path] ?? 0}\n`)
    if (above.length > 0) process.stdout.write('A file that moved? "node scripts/check-words.ts --shrink"\n')
    process.exitCode = above.length > 0 ? 1 : 0
  }
}
