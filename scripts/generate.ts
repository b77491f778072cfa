// `pnpm generate`: writes `.env.example` and the tables in docs/operations.md.
import { readFileSync, writeFileSync } from 'node:fs'
import { options } from '@tablecast/server/config'
import { envExample, withTables } from './deploy/generated.ts'
import { metrics } from './deploy/metrics.ts'

const guide = 'docs/operations.md'
writeFileSync('.env.example', envExample(options))
writeFileSync(guide, withTables(readFileSync(guide, 'utf8'), options, metrics))
