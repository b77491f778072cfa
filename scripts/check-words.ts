// The words of comments, docs, names, test titles and messages: docs/style.md says how we write. Part of `pnpm check`.
//
//   node scripts/check-words.ts [apps/admin …]  every finding, or those of these folders or files; exit 1 if there is any
//   node scripts/check-words.ts --excepted      what the exceptions let pass, each with its reason
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { exceptions } from './words/exceptions.ts'
import { findingsOf } from './words/findings.ts'

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
if (args.includes('--excepted')) {
  const excepted = results.flatMap((result) => result.excepted)
  for (const exception of exceptions) {
    const times = excepted.filter((each) => each.exception === exception).length
    process.stdout.write(`${exception.rule}: ${times} times in ${exception.path.source}: ${exception.reason}\n`)
  }
} else {
  for (const { path, line, rule, excerpt, write } of findings)
    process.stdout.write(`${path}:${line}: ${rule}: “${excerpt}”; write ${write}\n`)
  process.exitCode = findings.length > 0 ? 1 : 0
}
