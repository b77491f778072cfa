import { describe, expect, it } from 'vitest'
import { accessTable } from '../testing/access-table.ts'
import { procedures } from '../testing/real-calls.ts'
import { roleContract } from '../testing/role-contract.ts'

describe('who may call what', () =>
  roleContract(
    () => Promise.resolve({}),
    (testbed) => {
      it('stands in the documentation as it is', async () => {
        const rows = Object.entries(procedures).map(([path, { _def }]) => ({ path, access: _def.meta?.access ?? '' }))
        await expect(accessTable(rows, testbed().server.doors)).toMatchFileSnapshot('../../../../docs/access.md')
      })
    },
  ))
