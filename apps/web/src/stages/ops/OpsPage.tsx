import { useEffect } from 'react'
import { useSession } from '../../auth/use-session.ts'
import { ConnectionStatus } from '../../live/ConnectionStatus.tsx'
import { ThemeButton } from '../../ui/button.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { OpsConnection, useOps } from './ops-connection.ts'
import { OpsBoard } from './OpsBoard.tsx'
import { OperatorSignIn } from './OperatorSignIn.tsx'
import { NoOperator } from './NoOperator.tsx'

/** For operators: the state of all nodes, in names and numbers. Nothing that is said at a table comes here. */
export function OpsPage() {
  const isKnown = useSession() !== null
  useEffect(() => {
    document.title = 'Server status · Tablecast'
  }, [])
  useEffect(() => {
    if (!isKnown) return
    const connection = new OpsConnection()
    return () => connection.close()
  }, [isKnown])
  const { link, seq, heardAt, history } = useOps()
  const frame = history.at(-1)
  const isOut = !isKnown || link.kind === 'signed_out'
  const nodes = frame?.nodes.filter(({ state }) => state !== 'gone').length ?? 0

  return (
    <div className="min-h-dvh">
      <PageHeader
        back="/"
        backLabel="To the start page"
        title="Server status"
        subtitle={frame ? `${nodes} ${nodes === 1 ? 'node' : 'nodes'}` : 'The nodes of this server'}
        isSticky
      >
        {!isOut && link.kind !== 'ended' && <ConnectionStatus link={link} seq={seq || null} heardAt={heardAt} />}
        <ThemeButton />
      </PageHeader>
      <main className="mx-auto max-w-[100rem] p-3 sm:p-5">
        {isOut ? (
          <OperatorSignIn />
        ) : link.kind === 'ended' ? (
          <NoOperator />
        ) : frame ? (
          <OpsBoard />
        ) : (
          <p className="text-soft p-12 text-center" role="status">
            {link.kind === 'connecting' || link.kind === 'live'
              ? 'Asking the nodes…'
              : 'The server can not be reached. As soon as it is back, its nodes appear here by themselves.'}
          </p>
        )}
      </main>
    </div>
  )
}
