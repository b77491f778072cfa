// `pnpm generate`: writes `.env.example` and the tables in docs/operations.md and docs/protocols.md.
import { readFileSync, writeFileSync } from 'node:fs'
import { options } from '@tablecast/server/config'
import { envExample, withTables } from './deploy/generated.ts'
import { metrics } from './deploy/metrics.ts'
import { withProcedures } from './documents/procedure-tables.ts'

const operations = 'docs/operations.md'
const protocols = 'docs/protocols.md'
writeFileSync('.env.example', envExample(options))
writeFileSync(operations, withTables(readFileSync(operations, 'utf8'), options, metrics))
writeFileSync(protocols, withProcedures(readFileSync(protocols, 'utf8')))
