import { describe, expect, it } from 'vitest'
import { accessTable } from '../testing/access-table.ts'
import { procedures } from '../testing/real-calls.ts'
import { roleContract } from '../testing/role-contract.ts'

describe('the access of each role on SQLite', () =>
  roleContract(
    () => Promise.resolve({}),
    (testbed) => {
      it('matches the table in docs/access.md', async () => {
        const rows = Object.entries(procedures).map(([path, { _def }]) => ({ path, access: _def.meta?.access ?? '' }))
        await expect(accessTable(rows, testbed().server.endpoints)).toMatchFileSnapshot('../../../../docs/access.md')
      })
    },
  ))
