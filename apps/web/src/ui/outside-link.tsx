// A link in somebody's words. It may lead anywhere, so the page names the place before it opens it.
import { type MouseEvent, type ReactNode, useEffect, useState } from 'react'
import { usePart } from './use-part.tsx'

const loadQuestion = () => import('./leave-question.tsx').then(({ LeaveQuestion }) => LeaveQuestion)

const safe: ReadonlySet<string> = new Set(['http:', 'https:', 'mailto:', 'irc:', 'ircs:', 'xmpp:'])

/** Shows the link's words alone when its address is invalid, or could run a script. */
export function OutsideLink({ to, children }: { to: string; children: ReactNode }) {
  const protocol = URL.parse(to, 'https://relative.invalid')?.protocol
  return protocol && safe.has(protocol) ? <AskingLink to={to}>{children}</AskingLink> : children
}

function AskingLink({ to, children }: { to: string; children: ReactNode }) {
  const { Part, want, problem } = usePart(loadQuestion)
  const [isAsking, setIsAsking] = useState(false)
  useEffect(() => {
    if (isAsking && !Part) want()
  }, [isAsking, Part, want])
  const ask = (event: MouseEvent) => {
    event.preventDefault()
    setIsAsking(true)
  }
  return (
    <>
      <a href={to} target="_blank" rel="noreferrer noopener" onClick={ask} onAuxClick={ask}>
        {children}
      </a>
      {isAsking && Part && <Part to={to} onClose={() => setIsAsking(false)} />}
      {problem}
    </>
  )
}
